import { notifications, useNotifications } from "@mantine/notifications";
import type { TFunction } from "i18next";
import i18next from "i18next";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Format, useFormat } from "../../i18n/format";
import type { Namespace } from "../../i18n/resources";
import type { Tone } from "../status/Status";

/** Every text of the window. */
type Translate = TFunction<Namespace[]>;
type Say = (t: Translate, format: Format) => ReactNode;

type Notice = {
  /** Replaces a notice of the same name. */
  id?: string;
  title?: Say;
  message: Say;
  tone: Exclude<Tone, "busy" | "off">;
  /** Milliseconds; `false` stays until it is closed. */
  stays?: number | false;
};

/** A message at the edge of the window. It is said in the window's language, also when that changes meanwhile. */
export function showNotice({ id, title, message, tone, stays }: Notice): void {
  notifications.show({
    id,
    title: title && <Said say={title} />,
    message: <Said say={message} />,
    color: tone,
    autoClose: stays,
    closeButtonProps: { "aria-label": i18next.t("action.close") },
  });
}

export const hideNotice = (id: string) => void notifications.hide(id);

function Said({ say }: { say: Say }) {
  const { t } = useTranslation<Namespace[]>();
  const format = useFormat();
  return <>{say(t as Translate, format)}</>;
}

/** The names of the close buttons follow the language too. */
export function useNoticesInLanguage(): void {
  const { t, i18n } = useTranslation();
  const { notifications: shown } = useNotifications();
  const label = t("action.close");
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the language makes the names stale
  useEffect(() => {
    for (const one of shown)
      if (one.id) notifications.update({ ...one, id: one.id, closeButtonProps: { "aria-label": label } });
  }, [i18n.language]);
}
