import { keepPreviousData, queryOptions } from "@tanstack/react-query";
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
