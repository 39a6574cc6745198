import { useTranslation } from "react-i18next";
import type { QueryFigures } from "../../api/types";
import { CopyButton } from "../../components/copy/CopyButton";
import { SqlView } from "../../components/sql/SqlView";
import { useFormat } from "../../i18n/format";
import classes from "./Watch.module.css";
import { figure } from "./words";

/** One statement: its text, for which tenants it is known to have run and what says so, and what is not known. */
export function QueryPanel({ query, merged }: { query: QueryFigures; merged: boolean }) {
  const { t } = useTranslation(["watch", "common"]);
  const format = useFormat();
  const more = query.known_tenants - query.tenants.length;
  return (
    <aside className={classes.panel} aria-label={t("watch:queries.textLabel")}>
      <header className={classes.panelHeader}>
        <h2 className={classes.panelTitle}>{t("watch:queries.textLabel")}</h2>
        <span className={classes.space} />
        <CopyButton variant="subtle" text={() => query.text} label={t("common:action.copy")} />
      </header>
      <div className={classes.code}>
        <SqlView text={query.text} label={t("watch:queries.textLabel")} />
      </div>
      {query.text.includes("{schema}") && (
        <p className={`${classes.part} ${classes.dim}`}>{t("watch:queries.placeholder")}</p>
      )}
      <section className={classes.part}>
        <h3>{t("watch:queries.whose")}</h3>
        <ul className={classes.list}>
          {query.tenants.map((tenant) => (
            <li key={tenant.schema}>
              <code>{tenant.schema}</code>{" "}
              <span className={classes.dim} title={t(`watch:why.${tenant.why}`)}>
                {t("watch:queries.part", {
                  time: format.duration(figure(tenant.total_ms)),
                  calls: format.number(tenant.calls),
                })}
              </span>
            </li>
          ))}
          {more > 0 && <li>{t("watch:more", { count: more })}</li>}
        </ul>
        {figure(query.unattributed_ms) > 0 && (
          <>
            <p>{t("watch:queries.rest", { time: format.duration(figure(query.unattributed_ms)) })}</p>
            <p className={classes.dim}>
              {t("watch:queries.why")}{" "}
              {merged
                ? t("watch:queries.whyMerged")
                : query.entries > 1 &&
                  t("watch:queries.whyEntries", { entries: format.number(query.entries) })}
            </p>
          </>
        )}
      </section>
      {query.inside && <p className={`${classes.part} ${classes.dim}`}>{t("watch:queries.inside")}</p>}
      <dl className={classes.facts}>
        <dt>{t("watch:queries.column.roles")}</dt>
        <dd>
          <bdi>{query.roles.join(", ")}</bdi>
        </dd>
        <dt>{t("watch:queries.column.max")}</dt>
        <dd>{format.duration(figure(query.max_ms))}</dd>
        <dt>{t("watch:queries.column.temp")}</dt>
        <dd>{format.number(query.temp_blocks)}</dd>
      </dl>
    </aside>
  );
}
