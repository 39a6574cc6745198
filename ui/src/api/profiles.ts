import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { Profile } from "./types";

export const profilesQueryOptions = () =>
  queryOptions({
    queryKey: ["profiles"],
    queryFn: () => unwrap(commands.profileList()),
    meta: { tags: ["profiles"] },
  });

export const keyringQueryOptions = () =>
  queryOptions({
    queryKey: ["keyring"],
    queryFn: () => unwrap(commands.keyringStatus()),
    meta: { tags: ["keyring"] },
  });

/** Connections found in the environment, `~/.pgpass` and `pg_service.conf`. */
export const discoveredQueryOptions = () =>
  queryOptions({
    queryKey: ["profiles", "discovered"],
    queryFn: () => unwrap(commands.profileDiscover()),
    meta: { tags: ["profiles"] },
  });

/** Adds or replaces a profile, and takes its password out of the keyring if asked to. Connecting is what puts one in. */
export function useSaveProfile() {
  return useMutation({
    mutationFn: (save: { profile: Profile; forgetPassword: boolean }) =>
      unwrap(commands.profileSave(save.profile, save.forgetPassword ? "" : null)),
    meta: { failure: "failure.profileSave", quiet: true, stale: ["profiles", "keyring", "journal"] },
  });
}

export function useRemoveProfile() {
  return useMutation({
    mutationFn: (id: string) => unwrap(commands.profileRemove(id)),
    meta: { failure: "failure.profileRemove", stale: ["profiles", "journal"] },
  });
}

/** A profile with a new id and the default values. */
export function useNewProfile() {
  return useMutation({
    mutationFn: () => unwrap(commands.profileNew()),
    meta: { failure: "failure.profileNew" },
  });
}

export function useProfileFromUrl() {
  return useMutation({
    mutationFn: (url: string) => unwrap(commands.profileFromUrl(url)),
    meta: { failure: "failure.profileUrl", quiet: true },
  });
}

/** Tests a connection layer by layer. Without a password the keyring's is used. */
export function useTestProfile() {
  return useMutation({
    mutationFn: (test: { profile: Profile; password: string | null }) =>
      unwrap(commands.profileTest(test.profile, test.password)),
    meta: { failure: "failure.profileTest", quiet: true },
  });
}
