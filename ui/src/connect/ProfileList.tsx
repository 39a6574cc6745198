import { IconKey, IconLock } from "@tabler/icons-react";
import type { CSSProperties, KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { FoundConnection, Profile, ProfileEntry } from "../api/types";
import { profileLook } from "../app/frame/environment";
import { RelativeTime } from "../components/figures/RelativeTime";
import classes from "./ProfileList.module.css";

type ProfileListProps = {
  entries: readonly ProfileEntry[];
  /** Id of the one in the form. */
  current: string | null;
  /** Id of the one being opened. */
  opening: string | null;
  onSelect: (entry: ProfileEntry) => void;
  onOpen: (entry: ProfileEntry) => void;
};

/** The saved connections. Arrows walk through them, Enter or a double click connects. */
export function ProfileList({ entries, current, opening, onSelect, onOpen }: ProfileListProps) {
  const { t } = useTranslation(["connect", "common"]);
  const keys = (event: KeyboardEvent<HTMLButtonElement>, entry: ProfileEntry) => {
    const item = event.currentTarget.closest("li");
    const next =
      event.key === "ArrowDown"
        ? item?.nextElementSibling
        : event.key === "ArrowUp"
          ? item?.previousElementSibling
          : null;
    if (next) {
      event.preventDefault();
      const button = next.querySelector("button");
      button?.focus();
      button?.click();
    } else if (event.key === "Enter") {
      event.preventDefault();
      onOpen(entry);
    }
  };
  return (
    <ul className={classes.list} aria-label={t("connect:list")}>
      {entries.map((entry) => {
        const { profile } = entry;
        const look = profileLook(profile);
        return (
          <li key={profile.id}>
            <button
              type="button"
              className={classes.card}
              aria-current={profile.id === current || undefined}
              aria-busy={profile.id === opening || undefined}
              style={{ "--environment": look.colour, "--on-label": look.onColour } as CSSProperties}
              onClick={() => onSelect(entry)}
              onDoubleClick={() => onOpen(entry)}
              onKeyDown={(event) => keys(event, entry)}
            >
              <span className={classes.first}>
                <span className={classes.name}>{profile.name}</span>
                <span className={classes.label}>{t(`common:${look.label}`)}</span>
              </span>
              <span className={classes.where}>{address(profile)}</span>
              <span className={classes.facts}>
                {entry.used_at ? <RelativeTime value={entry.used_at} /> : t("connect:neverUsed")}
                {profile.read_only && (
                  <span className={classes.fact}>
                    <IconLock size={12} aria-hidden="true" />
                    {t("connect:readOnly")}
                  </span>
                )}
                {entry.has_password && (
                  <IconKey
                    size={13}
                    className={classes.key}
                    role="img"
                    aria-label={t("connect:passwordKept")}
                  />
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

type FoundListProps = { found: readonly FoundConnection[]; onSelect: (found: FoundConnection) => void };

/** Connections that this computer knows already: the environment, pgpass, services. */
export function FoundList({ found, onSelect }: FoundListProps) {
  const { t } = useTranslation("connect");
  return (
    <ul className={classes.list} aria-label={t("found")}>
      {found.map((one) => (
        <li key={`${one.origin}${address(one.profile)}`}>
          <button
            type="button"
            className={classes.found}
            title={t("foundHint")}
            onClick={() => onSelect(one)}
          >
            <span className={classes.origin}>
              {one.origin}
              {one.has_password && <IconKey size={13} role="img" aria-label={t("foundHasPassword")} />}
            </span>
            <span className={classes.where}>{address(one.profile)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A connection in one line. */
export function address(profile: Profile): string {
  const port = profile.port === 5432 ? "" : `:${profile.port}`;
  return `${profile.database} @ ${profile.host}${port}`;
}
