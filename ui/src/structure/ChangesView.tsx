import { Button, SegmentedControl } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StructureChange } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { EmptyState } from "../components/empty/EmptyState";
import { SearchField } from "../components/search/SearchField";
import { fits } from "../tenants/search";
import { ChangeTable } from "./ChangeTable";
import { absentWord, countDirections, type Direction, directionOf } from "./changes";
import classes from "./StructurePage.module.css";

/** What one looks at in a sitting; more is drawn when asked for. */
const portion = 200;

type ChangesViewProps = { changes: readonly StructureChange[]; reference: string; tenant: string };

/** What is different, by table, with the value of either side. */
export function ChangesView({ changes, reference, tenant }: ChangesViewProps) {
  const { t } = useTranslation(["structure", "tenants"]);
  const [shown, setShown] = useState<"all" | Direction>("all");
  const [search, setSearch] = useState("");
  const [most, setMost] = useState(portion);
  const words = useDeferredValue(search);
  const counts = useMemo(() => countDirections(changes), [changes]);
  const fitting = useMemo(
    () =>
      changes.filter(
        (change) =>
          (shown === "all" || directionOf(change) === shown) &&
          (words.trim() === "" || fits(wordsOf(change, t), words)),
      ),
    [changes, shown, words, t],
  );
  const choices = [
    { value: "all", label: t("structure:diff.all", { count: changes.length }) },
    { value: "removed", label: t("structure:diff.removed", { count: counts.removed }) },
    { value: "added", label: t("structure:diff.added", { count: counts.added }) },
    { value: "changed", label: t("structure:diff.different", { count: counts.changed }) },
  ];
  const asText = () =>
    [
      ["", t("structure:diff.object"), reference, tenant].join("\t"),
      ...fitting.map((change) => lineOf(change, t)),
    ].join("\n");
  const reset = () => {
    setShown("all");
    setSearch("");
  };
  const more = fitting.length - most;
  return (
    <>
      <search className={classes.bar}>
        <SearchField label={t("structure:diff.search")} value={search} onChange={setSearch} width={200} />
        <SegmentedControl
          aria-label={t("structure:diff.show")}
          value={shown}
          onChange={(value) => setShown(value as "all" | Direction)}
          data={choices}
        />
        <span className={classes.space} />
        <CopyButton variant="subtle" text={asText} label={t("structure:diff.copy")} />
      </search>
      {fitting.length === 0 ? (
        <EmptyState
          icon={<IconFilterOff size={36} stroke={1.3} />}
          title={t("structure:empty.filtered")}
          action={<Button onClick={reset}>{t("tenants:filter.reset")}</Button>}
        >
          {t("structure:empty.filteredText")}
        </EmptyState>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard
        <section className={classes.scrolled} tabIndex={0} aria-label={t("structure:diff.tab")}>
          <ChangeTable changes={fitting.slice(0, most)} reference={reference} tenant={tenant} />
          {more > 0 && (
            <Button className={classes.more} onClick={() => setMost(most + portion * 5)}>
              {t("structure:diff.more", { count: Math.min(more, portion * 5) })}
            </Button>
          )}
        </section>
      )}
    </>
  );
}

type Words = ReturnType<typeof useTranslation<["structure", "tenants"]>>["t"];

/** What a search looks at: names, words and values. */
function wordsOf(change: StructureChange, t: Words): string {
  return [
    nameOf(change),
    t(`structure:kind.${change.kind}`),
    propertyOf(change, t),
    change.before,
    change.after,
  ]
    .filter((part) => part !== null)
    .join(" ");
}

const nameOf = (change: StructureChange) =>
  change.parent === null ? change.name : `${change.parent}.${change.name}`;
const propertyOf = (change: StructureChange, t: Words) =>
  change.property === null ? null : t(`structure:property.${change.property}`);

/** A change as a line of a sheet. */
function lineOf(change: StructureChange, t: Words): string {
  const direction = directionOf(change);
  const [missing, present] = [t("structure:diff.missing"), t("structure:diff.present")];
  const notSet = t(`structure:${absentWord(change)}`);
  const values =
    direction === "changed"
      ? [change.before ?? notSet, change.after ?? notSet]
      : direction === "added"
        ? [missing, present]
        : [present, missing];
  const words = { added: "additional", removed: "missing", changed: "changed" } as const;
  const what = [t(`structure:kind.${change.kind}`), nameOf(change), propertyOf(change, t)];
  return [t(`structure:diff.${words[direction]}`), what.filter((part) => part !== null).join(" "), ...values]
    .map((cell) => cell.replace(/[\t\r\n]+/g, " "))
    .join("\t");
}
