import { IconSchema } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { ClassesView } from "./ClassesView";
import { ComparisonView } from "./ComparisonView";
import classes from "./StructurePage.module.css";
import type { Structures } from "./useStructures";
import { Waiting } from "./Waiting";

/** The classes of the fleet, or two tenants side by side, or why there is nothing to see. */
export function StructureContent({ structures }: { structures: Structures }) {
  const { t } = useTranslation("structure");
  const { tenants, choice, choose, fleet, failedFleet } = structures;
  if (failedFleet) {
    return <Failure error={failedFleet} title={t("failed")} onRetry={() => void fleet.refetch()} />;
  }
  if (choice.tenant !== null) return <Two structures={structures} tenant={choice.tenant} />;
  if (!fleet.data) return <Waiting text={t("reading", { count: tenants.length })} />;
  return (
    <ClassesView
      answer={fleet.data}
      tenants={tenants}
      onCompare={(schema) => choose({ ...choice, tenant: schema })}
    />
  );
}

function Two({ structures, tenant }: { structures: Structures; tenant: string }) {
  const { t } = useTranslation("structure");
  const { reference, two, nameOf } = structures;
  if (reference === tenant) {
    return (
      <EmptyState icon={<IconSchema size={36} stroke={1.3} />} title={t("empty.same")}>
        {t("empty.sameText")}
      </EmptyState>
    );
  }
  if (two.error && !two.data) {
    return <Failure error={two.error} title={t("failedTwo")} onRetry={() => void two.refetch()} />;
  }
  if (!two.data || reference === null) return <Waiting text={t("readingTwo")} />;
  return (
    <ComparisonView
      key={`${reference} ${tenant}`}
      comparison={two.data}
      reference={nameOf(reference)}
      tenant={nameOf(tenant)}
    />
  );
}

function Failure({ error, title, onRetry }: { error: ApiError; title: string; onRetry: () => void }) {
  return (
    <div className={classes.failure}>
      <ErrorView error={error} title={title} onRetry={onRetry} />
    </div>
  );
}
