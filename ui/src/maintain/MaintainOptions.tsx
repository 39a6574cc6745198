import { Checkbox, MultiSelect, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MaintainRequest, MaintainWork } from "../api/types";
import classes from "./Maintain.module.css";

const works: readonly MaintainWork[] = ["vacuum", "analyze", "reindex", "check"];

type MaintainOptionsProps = {
  request: MaintainRequest;
  /** Tables that can be chosen. */
  tables: readonly string[];
  /** Why nothing can be changed here, where nothing can; a check changes nothing. */
  refusal: string | null;
  onChange: (change: Partial<MaintainRequest>) => void;
};

/** What is to be done, to which tables, and how. */
export function MaintainOptions({ request, tables, refusal, onChange }: MaintainOptionsProps) {
  const { t } = useTranslation("maintain");
  const { work } = request;
  return (
    <div className={classes.options}>
      <SegmentedControl
        aria-label={t("work")}
        value={work}
        // A check chooses nothing by need.
        onChange={(next) =>
          onChange({ work: next as MaintainWork, needed: next !== "check" && request.needed })
        }
        data={works.map((one) => ({
          value: one,
          label: t(`works.${one}`),
          disabled: one !== "check" && refusal !== null,
        }))}
      />
      {refusal !== null && <span className={classes.refused}>{refusal}</span>}
      <MultiSelect
        className={classes.tables}
        aria-label={t("tables")}
        placeholder={request.tables.length === 0 ? t("allTables") : undefined}
        data={[...tables]}
        value={request.tables}
        onChange={(chosen) => onChange({ tables: chosen })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("clearTables") }}
        nothingFoundMessage={t("noSuchTable")}
      />
      <div className={classes.switches}>
        {work !== "check" && (
          <Checkbox
            label={t("needed")}
            description={t(`neededHint.${work}`)}
            checked={request.needed}
            onChange={(event) => onChange({ needed: event.currentTarget.checked })}
          />
        )}
        {work === "vacuum" && (
          <>
            <Checkbox
              label={t("analyze")}
              description={t("analyzeHint")}
              checked={request.analyze}
              onChange={(event) => onChange({ analyze: event.currentTarget.checked })}
            />
            <Checkbox
              label={t("freeze")}
              description={t("freezeHint")}
              checked={request.freeze}
              onChange={(event) => onChange({ freeze: event.currentTarget.checked })}
            />
          </>
        )}
        {work === "check" && (
          <Checkbox
            label={t("thorough")}
            description={t("thoroughHint")}
            checked={request.thorough}
            onChange={(event) => onChange({ thorough: event.currentTarget.checked })}
          />
        )}
      </div>
    </div>
  );
}
