import { Button } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { OpenConnection, WorkbookCard } from "../api/types";
import { Bytes, Figure } from "../components/figures/Figure";
import { useFormat } from "../i18n/format";
import classes from "./BackupsPage.module.css";
import { Facts } from "./Facts";
import { restoreRefusal } from "./refusal";

type CardViewProps = {
  card: WorkbookCard;
  connection: OpenConnection | null;
  onRestore: () => void;
};

/** What a workbook says of itself, and the way back from it. */
export function CardView({ card, connection, onRestore }: CardViewProps) {
  const { t } = useTranslation("backups");
  const format = useFormat();
  const rows = card.tables.reduce((sum, table) => sum + table.rows, 0);
  const refusal = restoreRefusal(connection);
  return (
    <section className={classes.side} aria-label={t("workbook.card")}>
      <h2 className={classes.name}>
        <bdi>{card.tenant ?? card.schema}</bdi>
      </h2>
      <div className={classes.buttons}>
        <Button
          leftSection={<IconRestore size={15} />}
          disabled={refusal !== null}
          aria-describedby={refusal === null ? undefined : "restore-refusal"}
          onClick={onRestore}
        >
          {t("restore.open")}
        </Button>
      </div>
      {refusal !== null && (
        <p id="restore-refusal" className={classes.why}>
          {t(`restore.refused.${refusal}`, {
            role: connection?.server.role,
            database: connection?.server.database,
          })}
        </p>
      )}
      <Facts
        facts={[
          [t("workbook.fact.schema"), <code key="schema">{card.schema}</code>],
          [
            t("workbook.fact.created"),
            card.created === "" ? null : (
              <time key="created" dateTime={card.created}>
                {format.dateTime(card.created)}
              </time>
            ),
          ],
          [t("workbook.fact.createdBy"), card.created_by],
          [t("workbook.fact.from"), <code key="from">{card.database}</code>],
          [t("workbook.fact.server"), card.server_version],
          [
            t("workbook.fact.version"),
            card.version === null ? null : (
              <span key="version">
                <code>{card.version}</code>{" "}
                {card.template !== null && <span className={classes.dim}>{card.template}</span>}
              </span>
            ),
          ],
          [t("workbook.fact.contents"), t(card.partial ? "workbook.partial" : "workbook.whole")],
          [t("workbook.fact.tables"), <Figure key="tables" value={card.tables.length} />],
          [t("workbook.fact.rows"), <Figure key="rows" value={rows} />],
          [
            t("workbook.fact.omitted"),
            card.omitted.length === 0
              ? null
              : card.omitted.map(({ name, kind }) => (
                  <div key={`${kind} ${name}`}>
                    <code>{name}</code> <span className={classes.dim}>{kindWord(t, kind)}</span>
                  </div>
                )),
          ],
          [t("workbook.fact.file"), <code key="file">{card.path}</code>],
          [t("workbook.fact.size"), <Bytes key="size" value={card.bytes} />],
          [t("workbook.fact.program"), card.program],
        ]}
      />
    </section>
  );
}

const kinds = ["view", "materialized_view", "foreign_table", "sequence", "large_objects"] as const;

/** A kind of object as the manifest has it, in the window's language where that is known. */
function kindWord(t: ReturnType<typeof useTranslation<"backups">>["t"], kind: string): string {
  const known = kinds.find((one) => one === kind.replaceAll(" ", "_"));
  return known ? t(`workbook.kind.${known}`) : kind;
}
