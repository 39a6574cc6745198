import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "../../platform/clipboard";

type CopyButtonProps = {
  text: () => string;
  label: string;
  variant?: "default" | "subtle";
};

/** Copies, and says so in the button itself for two seconds. */
export function CopyButton({ text, label, variant = "default" }: CopyButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      variant={variant}
      color={variant === "subtle" ? "gray" : undefined}
      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      onClick={async () => {
        await copyText(text());
        setCopied(true);
      }}
    >
      <span aria-live="polite">{copied ? t("action.copied") : label}</span>
    </Button>
  );
}
