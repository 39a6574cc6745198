import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../components/copy/CopyButton";
import { Row } from "./Section";
import classes from "./SettingsPage.module.css";

type PathRowProps = {
  label: string;
  hint?: string;
  value: string | null;
  /** Forgets what was remembered. */
  onForget?: () => void;
};

/** A place on this computer, to read and copy. */
export function PathRow({ label, hint, value, onForget }: PathRowProps) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <Row label={label} hint={hint}>
      {value === null ? (
        <span className={classes.none}>{t("settings:none")}</span>
      ) : (
        <>
          <code className={classes.path}>{value}</code>
          {onForget ? (
            <Button variant="subtle" color="gray" onClick={onForget}>
              {t("settings:forget")}
            </Button>
          ) : (
            <CopyButton variant="subtle" text={() => value} label={t("common:action.copy")} />
          )}
        </>
      )}
    </Row>
  );
}
