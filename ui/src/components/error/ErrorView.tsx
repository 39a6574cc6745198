import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/error";
import type { WireError } from "../../api/types";
import { CopyButton } from "../copy/CopyButton";
import classes from "./ErrorView.module.css";
import { errorReport, useErrorText } from "./errorText";

type ErrorViewProps = {
  error: ApiError | WireError;
  /** What could not be done, where the error alone does not say it. */
  title?: string;
  /** Tries the same again. */
  onRetry?: () => void;
  /** A better way out than trying again. */
  action?: ReactNode;
  /** Without frame, for places inside a form or a list. */
  plain?: boolean;
};

/** What happened, what to do, a button that does it, and the details for who needs them. */
export function ErrorView({ error, title, onRetry, action, plain = false }: ErrorViewProps) {
  const { t } = useTranslation(["errors", "common"]);
  const wire = error instanceof ApiError ? error.wire : error;
  const text = useErrorText(wire);
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div className={classes.error} data-plain={plain || undefined} role="alert">
      <IconAlertTriangle className={classes.icon} size={18} stroke={1.8} aria-hidden="true" />
      <div className={classes.body}>
        {title && <p className={classes.heading}>{title}</p>}
        <p className={title ? classes.what : classes.heading}>{text.title}</p>
        {text.hint && <p className={classes.hint}>{text.hint}</p>}
        <div className={classes.actions}>
          {action}
          {onRetry && <Button onClick={onRetry}>{t("errors:heading.retry")}</Button>}
          <Button
            variant="subtle"
            color="gray"
            onClick={toggle}
            aria-expanded={opened}
            leftSection={<IconChevronRight className={classes.chevron} data-opened={opened} size={14} />}
          >
            {t("errors:heading.details")}
          </Button>
        </div>
        <Collapse expanded={opened}>
          <Details wire={wire} />
        </Collapse>
      </div>
    </div>
  );
}

function Details({ wire }: { wire: WireError }) {
  const { t } = useTranslation("errors");
  return (
    <div className={classes.details}>
      <dl>
        <dt>{t("heading.code")}</dt>
        <dd className="code">{wire.code}</dd>
        {wire.sqlstate && (
          <>
            <dt>{t("heading.sqlstate")}</dt>
            <dd className="code">{wire.sqlstate}</dd>
          </>
        )}
        {wire.detail && (
          <>
            <dt>{t("heading.server")}</dt>
            <dd className="code">{wire.detail}</dd>
          </>
        )}
        {wire.causes.length > 0 && (
          <>
            <dt>{t("heading.causes")}</dt>
            <dd className="code">
              {wire.causes.map((cause) => (
                <div key={cause}>{cause}</div>
              ))}
            </dd>
          </>
        )}
      </dl>
      <CopyButton text={() => errorReport(wire)} label={t("heading.copy")} />
    </div>
  );
}
