import { Button, Select } from "@mantine/core";
import { IconArrowsRightLeft } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ApiError, isCode } from "../api/error";
import type { TenantComparison, TenantSummary } from "../api/types";
import { comparisonRead, useCancelRead } from "../api/workbooks";
import { ErrorView } from "../components/error/ErrorView";
import { RelativeTime } from "../components/figures/RelativeTime";
import { Status } from "../components/status/Status";
import classes from "./VerdictView.module.css";

type ComparisonLineProps = {
  tenants: readonly TenantSummary[];
  against: string | null;
  onAgainst: (schema: string | null) => void;
  comparison: UseQueryResult<TenantComparison, ApiError>;
};

/** Chooses a tenant to compare the file with, and says how the two stand to each other. */
export function ComparisonLine({ tenants, against, onAgainst, comparison }: ComparisonLineProps) {
  const { t } = useTranslation(["backups", "common"]);
  const cancel = useCancelRead();
  const failed =
    comparison.error && !isCode(comparison.error, "cancelled") && !comparison.isFetching
      ? comparison.error
      : null;
  return (
    <section className={classes.comparison} aria-label={t("backups:compare.label")}>
      <Select
        size="xs"
        aria-label={t("backups:compare.with")}
        placeholder={t("backups:compare.choose")}
        searchable
        limit={50}
        value={against}
        onChange={onAgainst}
        allowDeselect={false}
        nothingFoundMessage={t("common:search.nothing")}
        data={tenants.map(({ schema, name }) => ({ value: schema, label: name }))}
        w={230}
      />
      {comparison.isFetching ? (
        <>
          <span role="status">{t("backups:compare.reading")}</span>
          <Button loading={cancel.isPending} onClick={() => cancel.mutate(comparisonRead)}>
            {t("common:action.cancel")}
          </Button>
        </>
      ) : (
        <Button
          leftSection={<IconArrowsRightLeft size={15} />}
          disabled={against === null}
          onClick={() => void comparison.refetch()}
        >
          {t("backups:compare.start")}
        </Button>
      )}
      {against !== null && comparison.data && !comparison.isFetching && !failed && (
        <div className={classes.result} role="status">
          <Result comparison={comparison.data} />
          <span>
            <RelativeTime value={new Date(comparison.dataUpdatedAt).toISOString()} />
          </span>
        </div>
      )}
      {failed && <ErrorView error={failed} plain onRetry={() => void comparison.refetch()} />}
    </section>
  );
}

function Result({ comparison }: { comparison: TenantComparison }) {
  const { t } = useTranslation("backups");
  const differing = comparison.tables.filter((table) => !table.equal).length + comparison.new_tables.length;
  return (
    <>
      <Status
        tone={differing === 0 ? "ok" : "warn"}
        label={differing === 0 ? t("compare.same") : t("compare.differs", { count: differing })}
      />
      {!comparison.same_structure && <Status tone="warn" label={t("compare.structure")} />}
    </>
  );
}
