import { Button, Modal, SegmentedControl, Skeleton, TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../../api/error";
import type { Plan } from "../../api/types";
import { CopyButton } from "../copy/CopyButton";
import { ErrorView } from "../error/ErrorView";
import { PlanChanges } from "./PlanChanges";
import { PlanChecks } from "./PlanChecks";
import classes from "./PlanDialog.module.css";
import { PlanSql } from "./PlanSql";

type PlanDialogProps = {
  opened: boolean;
  onClose: () => void;
  /** What is about to happen, with the number: "Migrate 997 tenants to v12". */
  title: string;
  subtitle?: ReactNode;
  /** Not there while the plan is being made. */
  plan: Plan | undefined;
  /** How it will be done: fields above the plan, which is made again when they change. */
  options?: ReactNode;
  /** Why the plan could not be made. */
  error?: ApiError | null;
  onRetry?: () => void;
  /** What changes, in words and figures; the tenants and their steps when absent. */
  changes?: ReactNode;
  /** Verb and number: "Migrate 997 tenants". Never "OK". */
  action: string;
  onApply: (plan: Plan) => void;
  applying?: boolean;
  /** Why applying was refused. */
  applyError?: ApiError | null;
  /** Something is lost: the button is red. */
  destructive?: boolean;
  /** This has to be typed first; for what is destructive and not small. */
  confirm?: string;
  /** Other things to do with the plan, beside the copy of its SQL. */
  tools?: ReactNode;
  /** What was found out about the plan, beside its SQL; shown as soon as it is there. */
  findings?: { label: string; content: ReactNode } | null;
  /** Goes back to the form that the plan was made from. */
  back?: ReactNode;
};

/** The one dialog before every change: what changes, the SQL word for word, the checks. */
export function PlanDialog(props: PlanDialogProps) {
  const { opened, onClose, title, subtitle, plan, error, changes, action, applying = false } = props;
  const { t } = useTranslation(["plan", "common"]);
  const [typed, setTyped] = useState("");
  const stopped = plan?.checks.some((check) => check.level === "stop") ?? false;
  const nothing = plan?.tenants.every((tenant) => tenant.skipped !== null) ?? false;
  const confirmed = props.confirm === undefined || typed === props.confirm;
  const sqlText = () => plan?.statements.map((statement) => statement.sql).join("\n\n") ?? "";

  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size="min(1160px, calc(100vw - 48px))"
      centered
      radius="lg"
      classNames={{ content: classes.dialog }}
    >
      <Modal.Overlay color="var(--scrim)" backgroundOpacity={1} />
      <Modal.Content>
        <div className={classes.header}>
          <div className={classes.titles}>
            <Modal.Title className={classes.title}>{title}</Modal.Title>
            {subtitle && <p className={classes.subtitle}>{subtitle}</p>}
          </div>
          <Modal.CloseButton aria-label={t("common:action.close")} />
        </div>
        {props.options && <div className={classes.options}>{props.options}</div>}
        {error ? (
          <div className={classes.failure}>
            <ErrorView error={error} onRetry={props.onRetry} />
          </div>
        ) : (
          <div className={classes.columns}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
            <section className={classes.changes} tabIndex={0} aria-label={t("changes")}>
              <h2>{t("changes")}</h2>
              {plan ? (changes ?? <PlanChanges plan={plan} />) : <Lines />}
            </section>
            <PlanMiddle plan={plan} findings={props.findings ?? null} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
            <section className={classes.checks} tabIndex={0} aria-label={t("checks")}>
              <h2>{t("checks")}</h2>
              {plan ? <PlanChecks checks={plan.checks} /> : <Lines />}
            </section>
          </div>
        )}
        <footer className={classes.footer}>
          {props.applyError && (
            <div className={classes.refused}>
              <Refusal error={props.applyError} onRetry={props.onRetry} />
            </div>
          )}
          {props.back}
          {plan && plan.statements.length > 0 && (
            <CopyButton
              text={sqlText}
              label={runsCommands(plan) ? t("plan:copyCommand") : t("common:sql.copy")}
            />
          )}
          {props.tools}
          {props.confirm !== undefined && (
            <TextInput
              size="xs"
              aria-label={t("typeToConfirm", { name: props.confirm })}
              placeholder={t("typeToConfirm", { name: props.confirm })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              className={classes.confirm}
            />
          )}
          <span className={classes.space} role="status">
            {stopped ? t("stops") : plan || error ? "" : t("making")}
          </span>
          <Button onClick={onClose}>{t("common:action.close")}</Button>
          <Button
            variant="filled"
            color={props.destructive || props.confirm !== undefined ? "bad" : undefined}
            disabled={!plan || stopped || nothing || !confirmed}
            loading={applying}
            onClick={() => plan && props.onApply(plan)}
            data-autofocus
          >
            {action}
          </Button>
        </footer>
      </Modal.Content>
    </Modal.Root>
  );
}

/** What is shown are commands of this computer, which another program carries out. */
const runsCommands = (plan: Plan) => plan.kind === "backup";

type PlanMiddleProps = { plan: Plan | undefined; findings: NonNullable<PlanDialogProps["findings"]> | null };

/** The SQL, or what was found out about it. */
function PlanMiddle({ plan, findings }: PlanMiddleProps) {
  const { t } = useTranslation("plan");
  const [sql, setSql] = useState(false);
  const found = findings !== null;
  // Whoever asks for findings wants to see them.
  useEffect(() => setSql(!found), [found]);
  return (
    <section
      className={classes.sql}
      aria-label={findings && !sql ? findings.label : t(plan && runsCommands(plan) ? "commands" : "sql")}
    >
      {findings && (
        <div className={classes.group}>
          <SegmentedControl
            size="xs"
            aria-label={t("middle")}
            value={sql ? "sql" : "findings"}
            onChange={(value) => setSql(value === "sql")}
            data={[
              { value: "sql", label: t("sql") },
              { value: "findings", label: findings.label },
            ]}
          />
        </div>
      )}
      {findings && !sql && <div className={classes.findings}>{findings.content}</div>}
      {(!findings || sql) &&
        (plan ? <PlanSql statements={plan.statements} commands={runsCommands(plan)} /> : <Lines padded />)}
    </section>
  );
}

/** Errors after which the plan is of no use any more. */
const outdated: ReadonlySet<string> = new Set(["plan_outdated", "plan_stale", "plan_missing"]);

/** Why a plan was not applied. One that is no longer true is made again, and read again. */
function Refusal({ error, onRetry }: { error: ApiError; onRetry: (() => void) | undefined }) {
  const { t } = useTranslation("plan");
  if (!onRetry || !outdated.has(error.wire.code)) return <ErrorView error={error} onRetry={onRetry} />;
  return <ErrorView error={error} action={<Button onClick={onRetry}>{t("again")}</Button>} />;
}

function Lines({ padded = false }: { padded?: boolean }) {
  return (
    <div aria-hidden="true" style={{ display: "grid", gap: 12, padding: padded ? 20 : 0 }}>
      {[92, 70, 84, 58].map((width) => (
        <Skeleton key={width} height={11} width={`${width}%`} />
      ))}
    </div>
  );
}
