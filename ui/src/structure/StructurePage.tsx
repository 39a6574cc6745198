import { ActionIcon, Tooltip } from "@mantine/core";
import { IconRefresh, IconSchema } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ComparePlaces } from "../compare/ComparePlaces";
import { EmptyState } from "../components/empty/EmptyState";
import { Pane } from "../components/error/Pane";
import { PageHeader } from "../components/page/PageHeader";
import { useFormat } from "../i18n/format";
import { OptionsMenu } from "./OptionsMenu";
import { StructureContent } from "./StructureContent";
import classes from "./StructurePage.module.css";
import { StructurePickers } from "./StructurePickers";
import { type Structures, useStructures } from "./useStructures";

/** How tenants are made: who is like whom, and two of them side by side. */
export function StructurePage() {
  const { t } = useTranslation(["compare", "structure"]);
  const structures = useStructures();
  const { loaded, tenants, choice, choose, options, setOptions, reference, fleet, two } = structures;
  const shown = choice.tenant === null ? fleet : two;
  const some = tenants.length > 0;
  return (
    <div className={classes.page}>
      <PageHeader title={t("compare:title")} subtitle={<Subtitle structures={structures} />}>
        <ComparePlaces place="structure" />
        <OptionsMenu options={options} onChange={setOptions} />
        <Tooltip label={t("structure:again")}>
          <ActionIcon
            aria-label={t("structure:again")}
            loading={shown.isFetching}
            disabled={!some}
            onClick={() => void shown.refetch()}
          >
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </PageHeader>
      {loaded && !some && (
        <EmptyState icon={<IconSchema size={36} stroke={1.3} />} title={t("structure:empty.title")}>
          {t("structure:empty.text")}
        </EmptyState>
      )}
      {some && (
        <>
          <StructurePickers
            tenants={tenants}
            choice={choice}
            largest={choice.reference === null ? reference : null}
            onChoose={choose}
          />
          <Pane resetKey={`${reference} ${choice.tenant}`}>
            <StructureContent structures={structures} />
          </Pane>
        </>
      )}
    </div>
  );
}

/** What was read, and how long it took. */
function Subtitle({ structures: { choice, fleet, tenants } }: { structures: Structures }) {
  const { t } = useTranslation("structure");
  const format = useFormat();
  if (choice.tenant !== null || !fleet.data || tenants.length === 0) return null;
  const { classes: found, duration_ms } = fleet.data;
  return t("subtitle", {
    count: found.length,
    tenants: t("tenants", { count: found.reduce((sum, one) => sum + one.tenants.length, 0) }),
    duration: format.duration(duration_ms),
  });
}
