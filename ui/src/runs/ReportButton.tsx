import { Button } from "@mantine/core";
import { IconReportSearch } from "@tabler/icons-react";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Leads to the page of a run, where its report is. */
export function ReportButton({ run }: { run: string }) {
  const { t } = useTranslation("runs");
  const navigate = useNavigate();
  const here = useLocation({ select: ({ pathname }) => pathname }) === `/journal/runs/${run}`;
  if (here) return null;
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconReportSearch size={15} />}
      onClick={() => void navigate({ to: "/journal/runs/$run", params: { run } })}
    >
      {t("report")}
    </Button>
  );
}
