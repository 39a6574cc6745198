import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { JournalFilter } from "./types";

/** Everything, the newest hundred. */
export const wholeJournal: JournalFilter = {
  operation: null,
  outcome: null,
  search: null,
  before: null,
  limit: 100,
};

/** Entries, newest first. */
export const journalQueryOptions = (filter: JournalFilter) =>
  queryOptions({
    queryKey: ["journal", filter],
    queryFn: () => unwrap(commands.journalList(filter)),
    placeholderData: keepPreviousData,
    meta: { tags: ["journal"] },
  });

/** Entries page by page, newest first; the next page is the one before the oldest entry that is known. */
export const journalPagesQueryOptions = (filter: Omit<JournalFilter, "before">) =>
  infiniteQueryOptions({
    queryKey: ["journal", "pages", filter],
    queryFn: ({ pageParam }) => unwrap(commands.journalList({ ...filter, before: pageParam })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < filter.limit ? undefined : page[page.length - 1]?.number),
    placeholderData: keepPreviousData,
    meta: { tags: ["journal"] },
  });
