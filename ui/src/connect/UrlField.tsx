import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { useProfileFromUrl } from "../api/profiles";
import { useErrorText } from "../components/error/errorText";
import { type Draft, foundDraft } from "./draft";
import classes from "./ProfileForm.module.css";
import { noUrl, typedUrl, wholeUrl } from "./pastedUrl";

type UrlFieldProps = { onRead: (draft: Draft) => void; onClose: () => void };

/** Takes a connection URL as applications use it, and fills the form from it. A password in it shows as dots at once. */
export function UrlField({ onRead, onClose }: UrlFieldProps) {
  const { t } = useTranslation("connect");
  const [url, setUrl] = useState(noUrl);
  const read = useProfileFromUrl();
  const take = (text: string) =>
    read.mutate(text.trim(), { onSuccess: (found) => onRead(foundDraft(found, text)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take(wholeUrl(url));
  };
  return (
    <form className={classes.url} onSubmit={submit}>
      <TextInput
        className={classes.wide}
        label={t("url.label")}
        description={t("url.hint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        placeholder={t("url.placeholder")}
        styles={{ input: { fontFamily: "var(--font-code)", fontSize: 12 } }}
        value={url.shown}
        data-autofocus
        autoFocus
        spellCheck={false}
        autoComplete="off"
        error={read.error && <Refusal error={read.error} />}
        onChange={(event) => setUrl(typedUrl(event.currentTarget.value, url))}
        onPaste={(event) => {
          const text = event.clipboardData.getData("text");
          // A whole URL is what somebody wanted to paste: no second step.
          if (url.shown === "" && /^postgres(ql)?:\/\//.test(text.trim())) take(text);
        }}
      />
      <div className={classes.urlActions}>
        <Button
          size="sm"
          type="submit"
          variant="filled"
          loading={read.isPending}
          disabled={url.shown.trim() === ""}
        >
          {t("url.read")}
        </Button>
        <Button size="sm" variant="subtle" color="gray" onClick={onClose}>
          {t("url.close")}
        </Button>
      </div>
    </form>
  );
}

function Refusal({ error }: { error: ApiError }) {
  const { title, hint } = useErrorText(error);
  return (
    <>
      {title} {hint}
    </>
  );
}
