import type { FoundConnection, Profile, ProfileEntry } from "../api/types";
import { passwordOf } from "./pastedUrl";

/** The connection in the form: a saved one, or one that is being made. */
export type Draft = {
  profile: Profile;
  /** It is in the list already. */
  saved: boolean;
  /** Its password is in the keyring. */
  hasPassword: boolean;
  /** A password that was typed or came with a pasted URL; kept in memory only. */
  password: string;
};

export const savedDraft = (entry: ProfileEntry): Draft => ({
  profile: entry.profile,
  saved: true,
  hasPassword: entry.has_password,
  password: "",
});

export const newDraft = (profile: Profile): Draft => ({
  profile,
  saved: false,
  hasPassword: false,
  password: "",
});

/** A found connection, or one read from a URL; `url` gives back the password that its reading left out. */
export const foundDraft = (found: FoundConnection, url?: string): Draft => ({
  profile: found.profile,
  saved: false,
  hasPassword: false,
  password: url && found.has_password ? passwordOf(url) : "",
});
