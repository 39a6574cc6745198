import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useApplyFix, usePlanFix } from "../api/doctor";
import type { FixPlan } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import planClasses from "../components/plan/PlanDialog.module.css";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { followStarted } from "../runs/store";
import { checkTitle, findingText, tones } from "./words";

const shown = 14;

type RepairDialogProps = {
  /** The findings to repair, by their ids. */
  findings: readonly string[];
  onClose: () => void;
};

/** The plan of a repair: what is gone afterwards, the SQL, and how it is proven. */
export function RepairDialog({ findings, onClose }: RepairDialogProps) {
  const { t } = useTranslation(["health", "common"]);
  const planning = usePlanFix();
  const applying = useApplyFix();
  const { mutate } = planning;
  const make = () => mutate({ tenants: [], checks: [], findings: [...findings], jobs: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dialog is opened for these findings, once
  useEffect(make, []);
  const plan = planning.data;
  const count = plan?.findings.length ?? findings.length;
  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={t("health:repair.title", { count })}
      subtitle={t("health:repair.subtitle")}
      plan={plan}
      error={planning.error}
      onRetry={() => {
        applying.reset();
        make();
      }}
      changes={plan && <RepairChanges plan={plan} />}
      action={t("health:repair.action", { count })}
      onApply={(made) =>
        applying.mutate(made.id, {
          onSuccess: (run) => {
            void followStarted(run).catch(() => {});
            onClose();
          },
        })
      }
      applying={applying.isPending}
      applyError={applying.error}
    />
  );
}

function RepairChanges({ plan }: { plan: FixPlan }) {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const more = plan.findings.length - shown;
  return (
    <>
      <p className={planClasses.total}>{t("health:findings", { count: plan.findings.length })}</p>
      <ul className={planClasses.list}>
        {plan.findings.slice(0, shown).map((finding) => (
          <li key={finding.id}>
            <span className={planClasses.name}>
              <Sign tone={tones[finding.level]} />{" "}
              {finding.schema === null ? t("health:wholeDatabase") : <bdi>{finding.schema}</bdi>}
            </span>
            <span className={planClasses.why} title={checkTitle(t, finding.check)}>
              {findingText(t, format, finding)}
            </span>
          </li>
        ))}
        {more > 0 && <li>{t("health:repair.more", { count: more })}</li>}
      </ul>
    </>
  );
}
