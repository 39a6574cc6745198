import { useTranslation } from "react-i18next";
import type { IndexClass, Storage } from "../../api/types";
import { CopyButton } from "../../components/copy/CopyButton";
import { SqlView } from "../../components/sql/SqlView";
import { Status } from "../../components/status/Status";
import { useFormat } from "../../i18n/format";
import { verdictTones } from "./IndexesView";
import classes from "./Watch.module.css";

/** So much SQL is shown; all of it is copied. */
const shown = 30;

/** One kind of index: what is said of it, for whom, and the SQL that removes it where it can go. */
export function IndexPanel({ index, storage }: { index: IndexClass; storage: Storage }) {
  const { t } = useTranslation(["watch", "common"]);
  const format = useFormat();
  const more = index.tenants - index.schemas.length;
  const lines = index.drop_sql?.trimEnd().split("\n") ?? [];
  const text = lines.length > shown ? [...lines.slice(0, shown), "-- …"].join("\n") : lines.join("\n");
  const explained = t(`storage.explain.${index.verdict}`, {
    by: index.covered_by ?? "",
    since: format.dateTime(storage.since),
    for: index.needed_for === null ? "" : t(`storage.needed.${index.needed_for}`),
    scanned: format.number(index.scanned_in),
    tenants: format.number(index.tenants),
  });
  return (
    <aside className={classes.panel} aria-label={index.name}>
      <header className={classes.panelHeader}>
        <h2 className={classes.panelTitle}>
          <bdi>{index.name}</bdi>
        </h2>
        <span className={classes.space} />
        <Status tone={verdictTones[index.verdict]} label={t(`storage.verdict.${index.verdict}`)} />
      </header>
      <p className={classes.part}>{explained}</p>
      <div className={classes.code}>
        <SqlView text={`${index.table} ${index.definition}`} label={t("storage.column.definition")} />
      </div>
      <section className={classes.part}>
        <h3>{t("storage.where")}</h3>
        <ul className={classes.list}>
          {index.schemas.map((schema) => (
            <li key={schema}>
              <code>{schema}</code>
            </li>
          ))}
          {more > 0 && <li>{t("more", { count: more })}</li>}
        </ul>
      </section>
      {index.drop_sql !== null && (
        <>
          <div className={classes.bar}>
            <b>{t("storage.dropSql")}</b>
            <span className={classes.space} />
            <CopyButton text={() => index.drop_sql ?? ""} label={t("common:sql.copy")} />
          </div>
          <p className={`${classes.part} ${classes.dim}`}>{t("storage.dropText")}</p>
          <div className={classes.code}>
            <SqlView text={text} label={t("storage.dropSql")} />
          </div>
        </>
      )}
    </aside>
  );
}
