import { hashKey, MutationCache, QueryCache, QueryClient, type QueryKey } from "@tanstack/react-query";
import type { ParseKeys } from "i18next";
import { type ApiError, asApiError, isCode, isServerAway } from "./error";

/** What a read is about; a mutation names the tags that it makes stale. */
export type Tag =
  | "connection"
  | "profiles"
  | "keyring"
  | "tenants"
  | "sizes"
  | "tables"
  | "rows"
  | "migrations"
  | "stats"
  | "history"
  | "structure"
  | "archives"
  | "alerts"
  | "doctor"
  | "activity"
  | "watch"
  | "runs"
  | "journal"
  | "registry"
  | "settings"
  | "demo";

/** Title of the message shown when a mutation fails: a key of errors.json. */
export type FailureTitle = Extract<ParseKeys<"errors">, `failure.${string}`>;

type Meta = {
  /** Tags of a read. */
  tags?: readonly Tag[];
  /** Tags that a mutation makes stale when it succeeded. */
  stale?: readonly Tag[];
  /** What failed, in words. */
  failure?: FailureTitle;
  /** The caller shows the error itself: no message. */
  quiet?: boolean;
};

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiError;
    queryMeta: Meta & Record<string, unknown>;
    mutationMeta: Meta & Record<string, unknown>;
  }
}

/** Reads that belong to the open database and mean nothing in another one. */
export const databaseTags: readonly Tag[] = [
  "tenants",
  "sizes",
  "tables",
  "rows",
  "migrations",
  "stats",
  "history",
  "structure",
  "alerts",
  "doctor",
  "activity",
  "watch",
  "registry",
];

/** The list of tenants, which the frame of an open database always looks at. */
const listKey = ["tenants"];

type FailureListener = (title: FailureTitle, error: ApiError) => void;
let onFailure: FailureListener = () => {};

/** Who shows the failures of mutations. */
export function listenToFailures(listener: FailureListener): void {
  onFailure = listener;
}

export function createQueryClient(): QueryClient {
  /** Whoever finds that nobody answers has the list of tenants find out too: it is what says so, in every place. */
  const askAgain = (error: unknown) => {
    if (isServerAway(error)) void client.invalidateQueries({ queryKey: listKey, exact: true });
  };
  const client = new QueryClient({
    defaultOptions: {
      // The bridge is local: what the engine believes about the network does not matter, and a refusal stays a refusal.
      queries: {
        networkMode: "always",
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 30_000,
        gcTime: 10 * 60_000,
      },
      mutations: { networkMode: "always", retry: false },
    },
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The connection was closed elsewhere: the window has to learn that it has none.
        if (isCode(error, "not_connected")) void invalidateTags(client, ["connection"]);
        if (hashKey(query.queryKey) !== hashKey(listKey)) askAgain(error);
      },
    }),
    mutationCache: new MutationCache({
      onSuccess: async (_data, _variables, _onMutate, mutation) => {
        const stale = mutation.meta?.stale;
        if (stale) await invalidateTags(client, stale);
      },
      onError: (error, _variables, _onMutate, mutation) => {
        const meta = mutation.meta;
        askAgain(error);
        if (meta?.failure && !meta.quiet) onFailure(meta.failure, asApiError(error));
      },
    }),
  });
  return client;
}

const tagged = (tags: readonly Tag[]) => (query: { meta?: Meta }) =>
  query.meta?.tags?.some((tag) => tags.includes(tag)) ?? false;

/** Has every read with one of these tags made again when it is next looked at. */
export function invalidateTags(client: QueryClient, tags: readonly Tag[]): Promise<void> {
  return client.invalidateQueries({ predicate: tagged(tags) });
}

const leaving = new Set<() => void>();

/** Hears that another database is the open one, or none: what names something of the last one is to be forgotten. */
export function onDatabaseLeft(listener: () => void): () => void {
  leaving.add(listener);
  return () => leaving.delete(listener);
}

/**
 * Whether a read is still wanted that keeps what it learns on its way: after the database was left, one under the same name is another
 * database's. Asking for the query's own signal would end the read as soon as nobody looks at it.
 */
export function whileKept(client: QueryClient, queryKey: QueryKey): () => boolean {
  const find = () => client.getQueryCache().find({ queryKey, exact: true });
  const query = find();
  return () => find() === query;
}

/** Forgets what was read, chosen and picked in a database that is no longer the open one. */
export function forgetDatabase(client: QueryClient): void {
  client.removeQueries({ predicate: tagged(databaseTags) });
  for (const listener of leaving) listener();
}
