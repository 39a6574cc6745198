import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { SignalPlan } from "../../api/types";
import { useApplySignal, usePlanSignal } from "../../api/watch";
import { errorText } from "../../components/error/errorText";
import { PlanDialog } from "../../components/plan/PlanDialog";
import planClasses from "../../components/plan/PlanDialog.module.css";
import { Sign, type Tone } from "../../components/status/Status";
import { followStarted } from "../../runs/store";
import type { Signal } from "./words";

const tones: Record<SignalPlan["sessions"][number]["loses"], Tone> = {
  nothing: "ok",
  transaction: "info",
  changes: "warn",
};

/** The plan of ending sessions, or of cancelling what they run: what each of them loses, and whether the role may. */
export function SignalDialog({ signal, onClose }: { signal: Signal; onClose: () => void }) {
  const { t } = useTranslation("watch");
  const planning = usePlanSignal();
  const applying = useApplySignal();
  const { mutate } = planning;
  const make = () =>
    mutate({
      sessions: signal.sessions.map(({ pid, started }) => ({ pid, started })),
      cancel: signal.cancel,
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dialog is opened for these sessions, once
  useEffect(make, []);
  const plan = planning.data;
  const count = plan?.sessions.length ?? signal.sessions.length;
  const title = t(signal.cancel ? "end.titleCancel" : "end.titleEnd", { count });
  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={title}
      subtitle={t("end.subtitle")}
      plan={plan}
      error={planning.error}
      onRetry={() => {
        applying.reset();
        make();
      }}
      changes={plan && <Targets plan={plan} />}
      action={title}
      destructive={plan?.sessions.some((target) => target.loses === "changes") ?? false}
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

function Targets({ plan }: { plan: SignalPlan }) {
  const { t } = useTranslation("watch");
  const left = plan.tenants.filter((line) => line.skipped !== null);
  return (
    <>
      <ul className={planClasses.list}>
        {plan.sessions.map(({ session, loses, holds_up }) => (
          <li key={session.pid}>
            <span className={planClasses.name}>
              <Sign tone={tones[loses]} /> {session.pid} <bdi>{session.role ?? session.kind}</bdi>
              {session.application !== "" && <bdi>, {session.application}</bdi>}
            </span>
            <span className={planClasses.why}>
              {t(`end.loses.${loses}`)} {holds_up > 0 && t("end.holdsUp", { count: holds_up })}
            </span>
          </li>
        ))}
      </ul>
      {left.length > 0 && (
        <>
          <p className={planClasses.total}>{t("end.left", { count: left.length })}</p>
          <ul className={planClasses.list}>
            {left.map((line) => (
              <li key={line.schema}>
                <span className={planClasses.name}>{line.schema}</span>
                <span className={planClasses.why}>{line.skipped && errorText(line.skipped).title}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
