import { useMediaQuery } from "@mantine/hooks";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../api/settings";
import type { StructureClasses, TenantSummary } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { Pane } from "../components/error/Pane";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { useFormat } from "../i18n/format";
import { ClassPanel } from "./ClassPanel";
import { classColumns } from "./classColumns";
import { type ClassRow, createClassRows } from "./classes";
import { Proportion } from "./Proportion";
import classes from "./StructurePage.module.css";

type ClassesViewProps = {
  answer: StructureClasses;
  tenants: readonly TenantSummary[];
  onCompare: (schema: string) => void;
};

const idOf = (row: ClassRow) => row.fingerprint;

/** The fleet by structure: the reference's class first, then the largest. */
export function ClassesView({ answer, tenants, onCompare }: ClassesViewProps) {
  const { t } = useTranslation(["structure", "common"]);
  const format = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const [opened, setOpened] = useState<string | null>(null);
  // Beside an open class, names and shares have no room on a small screen.
  const small = useMediaQuery("(max-width: 1500px)") ?? false;
  const narrow = small && opened !== null;
  const rows = useMemo(() => createClassRows(answer.classes, tenants), [answer, tenants]);
  const columns = useMemo(() => classColumns(t, format, narrow), [t, format, narrow]);
  const model = useGridModel("structureClasses", columns, rows);
  const row = rows.find((one) => one.fingerprint === opened);
  const [only] = rows;

  if (rows.length === 1 && only) {
    return (
      <EmptyState
        icon={<IconCircleCheck size={36} stroke={1.3} />}
        title={t("structure:alike.title", { count: only.members.length })}
      >
        {only.members.length > 1 && <p>{t("structure:alike.text")}</p>}
        <p>
          {t("structure:panel.fingerprint")} <code className={classes.whole}>{only.fingerprint}</code>
        </p>
      </EmptyState>
    );
  }
  return (
    <>
      <Proportion rows={rows} onOpen={setOpened} />
      <div className={classes.content}>
        <DataGrid
          model={model}
          label={t("structure:classes.label")}
          rowId={idOf}
          rowName={(one) => one.name}
          dense={settings?.dense ?? true}
          onOpen={(one) => setOpened(one.fingerprint)}
        />
        {row && (
          <Pane resetKey={row.fingerprint}>
            <ClassPanel
              key={row.fingerprint}
              row={row}
              onCompare={onCompare}
              onClose={() => setOpened(null)}
            />
          </Pane>
        )}
      </div>
    </>
  );
}
