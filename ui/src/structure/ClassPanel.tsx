import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useEventListener } from "@mantine/hooks";
import { IconArrowsRightLeft, IconX } from "@tabler/icons-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../components/copy/CopyButton";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { SearchField } from "../components/search/SearchField";
import { useFormat } from "../i18n/format";
import { fold, matcher } from "../tenants/search";
import { ChangeName, DirectionStatus } from "./ChangeName";
import { versionsText, versionText } from "./classColumns";
import type { ClassRow, Member } from "./classes";
import classes from "./StructurePage.module.css";

type ClassPanelProps = { row: ClassRow; onCompare: (schema: string) => void; onClose: () => void };

/** Fewer names than this are seen at a glance. */
const searched = 12;
const schemaOf = (member: Member) => member.schema;
const nameOf = (member: Member) => member.name;

/** One class: who is in it, and what makes it another than the reference. */
export function ClassPanel({ row, onCompare, onClose }: ClassPanelProps) {
  const { t } = useTranslation(["structure", "common"]);
  const format = useFormat();
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search);
  const heading = useRef<HTMLHeadingElement>(null);
  const names = useRef<HTMLDivElement>(null);
  const panel = useEventListener("keydown", (event) => {
    if (event.key === "Escape") onClose();
  });
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const members = useMemo(() => {
    const fits = matcher(words);
    return row.members.filter((member) => words === "" || fits(fold(`${member.name} ${member.schema}`)));
  }, [row, words]);
  const columns = useMemo<GridColumn<Member>[]>(
    () => [
      {
        id: "name",
        header: t("structure:panel.name"),
        value: nameOf,
        render: (member) => <bdi title={`${member.name} · ${member.schema}`}>{member.name}</bdi>,
        width: 160,
        grow: 1,
        hideable: false,
        opens: true,
      },
      {
        id: "version",
        header: t("structure:panel.version"),
        value: (member) => member.version,
        text: (member) => versionText(t, member.version),
        render: (member) => <span className="tabular">{versionText(t, member.version)}</span>,
        width: 100,
      },
    ],
    [t],
  );
  const model = useGridModel("structureMembers", columns, members, { id: "name", desc: false });
  const [first] = row.members;
  const more = (row.differences ?? 0) - row.changes.length;

  return (
    <aside ref={panel} className={classes.panel} aria-label={t("structure:panel.label", { name: row.name })}>
      <header className={classes.panelHeader}>
        <div>
          <h2 ref={heading} tabIndex={-1} className={classes.panelTitle}>
            {t("structure:panel.label", { name: row.name })}
          </h2>
          <p className={classes.dim}>
            {t("structure:tenants", { count: row.members.length })} · {versionsText(t, format, row)}
          </p>
        </div>
        <Tooltip label={t("common:action.close")}>
          <ActionIcon aria-label={t("common:action.close")} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={classes.panelActions}>
        {!row.reference && first && (
          <Button leftSection={<IconArrowsRightLeft size={15} />} onClick={() => onCompare(first.schema)}>
            {t("structure:panel.compare")}
          </Button>
        )}
        <CopyButton variant="subtle" text={() => row.fingerprint} label={t("structure:panel.copy")} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
      <section className={classes.facts} tabIndex={0} aria-label={t("structure:panel.changes")}>
        {row.reference && <p className={classes.dim}>{t("structure:panel.reference")}</p>}
        {row.changes.length > 0 && (
          <ul className={classes.changes}>
            {row.changes.map((change) => (
              <li key={`${change.kind} ${change.parent} ${change.name} ${change.property}`}>
                <DirectionStatus change={change} /> <ChangeName change={change} whole />
              </li>
            ))}
          </ul>
        )}
        {more > 0 && <p className={classes.dim}>{t("structure:panel.more", { count: more })}</p>}
      </section>
      {row.members.length > searched && (
        <div className={classes.panelSearch}>
          <SearchField
            label={t("structure:panel.search")}
            value={search}
            onChange={setSearch}
            onLeave={() => names.current?.focus()}
          />
        </div>
      )}
      <div className={classes.names}>
        <DataGrid
          model={model}
          label={t("structure:panel.names", { name: row.name })}
          rowId={schemaOf}
          rowName={nameOf}
          focusRef={names}
          onOpen={(member) => onCompare(member.schema)}
        />
      </div>
    </aside>
  );
}
