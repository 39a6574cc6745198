import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { misplacedQueryOptions } from "../api/misplaced";
import type { MisplacedClue } from "../api/types";
import { Figure } from "../components/figures/Figure";
import { type Named, openLifeStep } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";
import { groupsOf } from "./groups";
import classes from "./Misplaced.module.css";

/** On a tenant's page: what of it seems to be in public, why, and the way to move it. Nothing where there is nothing. */
export function MisplacedCard({ tenant }: { tenant: Named }) {
  const { t } = useTranslation("misplaced");
  const { data } = useQuery(misplacedQueryOptions());
  const refusal = useRefusal();
  const group = data && groupsOf(data).find((one) => one.tenant.schema === tenant.schema);
  if (!data || !group) return null;
  const { candidates } = group;
  return (
    <section className={classes.card} aria-label={t("title")}>
      <header>
        <h2>{t("title")}</h2>
        <Button
          size="compact-sm"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => openLifeStep({ step: "move", tenant, objects: candidates.map(({ name }) => name) })}
        >
          {t("plan")}
        </Button>
      </header>
      <p>{t("lead", { count: candidates.length, schema: data.schema })}</p>
      <table>
        <thead>
          <tr>
            <th>{t("object")}</th>
            <th className={classes.number}>{t("rows")}</th>
            <th>{t("sure")}</th>
            <th>{t("why")}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((one) => (
            <tr key={`${one.kind} ${one.name}`}>
              <td>
                <code title={one.name}>{one.name}</code> <small>{t(`kind.${one.kind}`)}</small>
              </td>
              <td className={classes.number}>
                {one.kind === "table" ? <Figure value={one.rows} estimated /> : null}
              </td>
              <td>{t(`certainty.${one.certainty}`)}</td>
              <td>{[...one.evidence, ...one.doubts].map((clue) => clueText(t, clue)).join(" ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The words of a later version of core are shown as they are. */
function clueText(t: TFunction<"misplaced">, clue: MisplacedClue): string {
  const look = t as unknown as (key: string, options: object) => string;
  return look(`clue.${clue.code}`, { ...clue.params, defaultValue: clue.message });
}
