import {
  IconArchive,
  IconChecks,
  IconDatabaseExport,
  IconDatabaseOff,
  IconFileSpreadsheet,
  IconLock,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DropPlan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";
import { LostFigures } from "./LostFigures";
import classes from "./Quarantine.module.css";

/** What a drop takes away, and what happens in which order. */
export function DropChanges({ plan }: { plan: DropPlan }) {
  const { t } = useTranslation("quarantine");
  const { losses } = plan;
  const archived = plan.checks.some((check) => check.code === "drop_archive");
  return (
    <>
      <section className={classes.losses}>
        <p className={classes.total}>{t("drop.loses")}</p>
        <LostFigures tables={losses.tables} rows={losses.rows} size={losses.size_bytes} />
      </section>
      <p className={classes.total}>{t("drop.order")}</p>
      <ChangeList
        ordered
        changes={[
          { icon: IconFileSpreadsheet, text: t("drop.backup"), code: plan.backup_folder },
          { icon: IconChecks, text: t("drop.verified") },
          archived
            ? { icon: IconDatabaseExport, text: t("drop.archived") }
            : { icon: IconDatabaseOff, text: t("drop.notArchived") },
          { icon: IconLock, text: t("drop.renamed"), code: plan.quarantined_as },
          { icon: IconArchive, text: t("drop.proven") },
        ]}
        note={t("drop.nothingGone")}
      />
    </>
  );
}
