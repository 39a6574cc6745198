import { Modal, useComputedColorScheme } from "@mantine/core";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDisconnect } from "../../api/connection";
import { useChangeSettings } from "../../api/settings";
import { tenantListQueryOptions } from "../../api/tenants";
import type { OpenConnection } from "../../api/types";
import { fold, matcher, searchable } from "../../tenants/search";
import { useLifeActions } from "../../tenants/useLifeActions";
import classes from "./Search.module.css";

const [store, search] = createSpotlight();

export const openSearch = () => search.open();

type Found = { id: string; label: string; hint?: string; go: () => void };
const shown = 8;

/** Finds a place, an action or a tenant from anywhere. */
export function Search({ connection }: { connection: OpenConnection | null }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const words = useDeferredValue(query);
  const groups = useFound(connection, words);
  const some = groups.some((group) => group.found.length > 0);
  const found = groups.flatMap((group) => group.found.map((one) => one.id)).join(" ");
  const list = useRef<HTMLDivElement>(null);
  // Spotlight marks the first entry when something is typed; the list that was asked for comes a moment later.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there are other entries
  useEffect(() => {
    const marked = list.current?.querySelector("[data-selected]");
    if (marked || words.trim() === "") return;
    list.current?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [found, words]);
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      classNames={{ content: classes.content, action: classes.action }}
      overlayProps={{ color: "var(--scrim)", backgroundOpacity: 1 }}
    >
      <Modal.Title className="visually-hidden">{t("search.label")}</Modal.Title>
      <Spotlight.Search
        placeholder={t("search.placeholder")}
        aria-label={t("search.label")}
        leftSection={<IconSearch size={17} />}
      />
      <Spotlight.ActionsList ref={list}>
        {groups
          .filter((group) => group.found.length > 0)
          .map((group) => (
            <Spotlight.ActionsGroup key={group.label} label={group.label}>
              {group.found.map((found) => (
                <Spotlight.Action key={found.id} onClick={found.go}>
                  <span className={classes.label}>{found.label}</span>
                  {found.hint && <code className={classes.hint}>{found.hint}</code>}
                </Spotlight.Action>
              ))}
            </Spotlight.ActionsGroup>
          ))}
        {!some && <Spotlight.Empty>{t("search.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useFound(connection: OpenConnection | null, words: string): { label: string; found: Found[] }[] {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const disconnect = useDisconnect();
  const { mutate: change } = useChangeSettings();
  const scheme = useComputedColorScheme("light");
  const { data: list } = useQuery({ ...tenantListQueryOptions(), enabled: connection !== null });
  const life = useLifeActions(connection !== null, words.trim() !== "");

  const tenants = useMemo(() => {
    if (!list || words.trim() === "") return [];
    const fits = matcher(words);
    return list.tenants.filter((tenant) => fits(searchable(tenant))).slice(0, shown);
  }, [list, words]);

  const places = connection
    ? (["tenants", "migrations", "compare", "backups", "health", "journal", "settings"] as const)
    : (["backups", "journal", "settings"] as const);
  const fits = matcher(words);
  const matching = (found: Found[]) =>
    words.trim() === "" ? found : found.filter((one) => fits(fold(one.label)));
  const other = i18n.language === "fr" ? "en" : "fr";
  const dark = scheme === "dark";

  return [
    {
      label: t("search.tenants"),
      found: tenants.map((tenant) => ({
        id: tenant.schema,
        label: tenant.name,
        hint: tenant.schema,
        go: () => void navigate({ to: "/tenants/$schema", params: { schema: tenant.schema } }),
      })),
    },
    {
      label: t("search.places"),
      found: matching([
        ...places.map((place) => ({
          id: place,
          label: t(`place.${place}`),
          go: () => void navigate({ to: `/${place}` }),
        })),
        ...(connection
          ? [
              {
                id: "quarantine",
                label: t("search.quarantine"),
                go: () => void navigate({ to: "/tenants", search: { quarantine: true } }),
              },
              ...(["activity", "queries", "storage", "alerts"] as const).map((part) => ({
                id: part,
                label: t(`search.${part}`),
                go: () => void navigate({ to: `/health/${part}` }),
              })),
              {
                id: "structure",
                label: t("search.structure"),
                go: () => void navigate({ to: "/compare/structure" }),
              },
            ]
          : []),
        {
          id: "archives",
          label: t("search.archives"),
          go: () => void navigate({ to: "/backups/archives" }),
        },
        { id: "runs", label: t("search.runs"), go: () => void navigate({ to: "/journal/runs" }) },
        ...(connection
          ? []
          : [{ id: "connections", label: t("search.connections"), go: () => void navigate({ to: "/" }) }]),
      ]),
    },
    {
      label: t("search.actions"),
      found: matching([
        ...(connection && !connection.server.read_only
          ? [
              {
                id: "new",
                label: t("search.newTenant"),
                go: () => void navigate({ to: "/tenants", search: { create: true } }),
              },
            ]
          : []),
        ...life,
        {
          id: "scheme",
          label: t(dark ? "search.light" : "search.dark"),
          go: () => change({ scheme: dark ? "light" : "dark" }),
        },
        { id: "language", label: t("search.language"), go: () => change({ language: other }) },
        ...(connection
          ? [
              {
                id: "disconnect",
                label: t("search.disconnect", { database: connection.server.database }),
                go: () => disconnect.mutate(undefined, { onSuccess: () => void navigate({ to: "/" }) }),
              },
            ]
          : []),
      ]),
    },
  ];
}
