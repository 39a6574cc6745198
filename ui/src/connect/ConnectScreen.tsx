import { Button } from "@mantine/core";
import { IconLink, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  discoveredQueryOptions,
  keyringQueryOptions,
  profilesQueryOptions,
  useNewProfile,
} from "../api/profiles";
import type { Profile } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { Brand, Tools } from "./Brand";
import classes from "./ConnectScreen.module.css";
import { type Draft, foundDraft, newDraft, savedDraft } from "./draft";
import { PasswordDialog } from "./PasswordDialog";
import { ProfileForm } from "./ProfileForm";
import { FoundList, ProfileList } from "./ProfileList";
import type { ProfileValues } from "./profileForm";
import { RemoveDialog } from "./RemoveDialog";
import { UrlField } from "./UrlField";
import { useOpening } from "./useOpening";
import { Welcome } from "./Welcome";

/** What the right half shows: a connection, the field for a URL, or the welcome. */
type Shown = Draft | "url" | "welcome";

/** The connections of this computer, and the way into a database. */
export function ConnectScreen() {
  const { t } = useTranslation("connect");
  const profiles = useQuery(profilesQueryOptions());
  const { data: found = [] } = useQuery(discoveredQueryOptions());
  const keyring = useQuery(keyringQueryOptions());
  const create = useNewProfile();
  const opening = useOpening();
  const [chosen, setChosen] = useState<Shown | null>(null);
  // What was changed and not saved stays while somebody looks at another connection.
  const unsaved = useRef(new Map<string, ProfileValues>());
  const [removing, setRemoving] = useState<Profile | null>(null);

  const entries = profiles.data ?? [];
  const [first] = entries;
  const shown: Shown = chosen ?? (first ? savedDraft(first) : "welcome");
  const draft = typeof shown === "string" ? null : shown;
  const startNew = () => create.mutate(undefined, { onSuccess: (profile) => setChosen(newDraft(profile)) });
  const duplicate = (profile: Profile) =>
    create.mutate(undefined, {
      onSuccess: ({ id }) =>
        setChosen(newDraft({ ...profile, id, name: t("copyOf", { name: profile.name }) })),
    });

  return (
    <div className={classes.screen}>
      <aside className={classes.side}>
        <Brand />
        {profiles.error && (
          <ErrorView
            error={profiles.error}
            title={t("failed.list")}
            onRetry={() => void profiles.refetch()}
          />
        )}
        <nav className={classes.lists} aria-label={t("title")}>
          {profiles.isSuccess && entries.length === 0 && <p className={classes.none}>{t("noneYet")}</p>}
          <ProfileList
            entries={entries}
            current={draft?.profile.id ?? null}
            opening={opening.opening}
            onSelect={(entry) => setChosen(savedDraft(entry))}
            onOpen={(entry) => {
              setChosen(savedDraft(entry));
              opening.open(entry.profile);
            }}
          />
          {found.length > 0 && (
            <>
              <h2 className={classes.heading}>{t("found")}</h2>
              <FoundList found={found} onSelect={(one) => setChosen(foundDraft(one))} />
            </>
          )}
        </nav>
        <div className={classes.ways}>
          <Button
            size="sm"
            leftSection={<IconPlus size={15} />}
            onClick={startNew}
            loading={create.isPending}
          >
            {t("new")}
          </Button>
          <Button size="sm" leftSection={<IconLink size={15} />} onClick={() => setChosen("url")}>
            {t("welcome.url")}
          </Button>
          {entries.length > 0 && (
            <Button size="sm" variant="subtle" color="gray" onClick={() => setChosen("welcome")}>
              {t("welcome.demo")}
            </Button>
          )}
          <Tools />
        </div>
      </aside>
      <main className={classes.main}>
        <Pane resetKey={draft?.profile.id ?? String(shown)}>
          {shown === "welcome" && !profiles.isPending && (
            <Welcome onNew={startNew} onUrl={() => setChosen("url")} />
          )}
          {shown === "url" && <UrlField onRead={setChosen} onClose={startNew} />}
          {draft && !keyring.isPending && (
            <ProfileForm
              key={draft.profile.id}
              draft={draft}
              canRemember={keyring.data?.available ?? false}
              opening={opening}
              unsaved={unsaved.current}
              onSaved={setChosen}
              onDuplicate={duplicate}
              onRemove={() => setRemoving(draft.profile)}
            />
          )}
        </Pane>
      </main>
      {opening.asking && (
        <PasswordDialog
          profile={opening.asking}
          busy={opening.opening !== null}
          error={opening.failed?.error ?? null}
          onClose={opening.stopAsking}
          onPassword={(password, remember) =>
            opening.asking && opening.open(opening.asking, password, remember)
          }
        />
      )}
      {removing && (
        <RemoveDialog
          profile={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null);
            setChosen(null);
          }}
        />
      )}
    </div>
  );
}
