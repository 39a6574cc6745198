import { Input, SegmentedControl } from "@mantine/core";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { Environment } from "../api/types";
import classes from "./ProfileForm.module.css";
import type { ProfileFormState } from "./profileForm";

const environments: readonly Environment[] = ["development", "staging", "production"];
/** Far enough apart to be told from each other, dark enough for a white label. */
const colours = ["#b3261e", "#9a4a00", "#5f6b00", "#0b6b66", "#24559f", "#5b4bb5", "#8e2f7d", "#4a5568"];

/** What kind of data is behind the connection, and how the window shows it. */
export function LookFields({ form }: { form: ProfileFormState }) {
  const { t } = useTranslation(["connect", "common"]);
  const { colour } = form.values;
  return (
    <div className={classes.fields}>
      <Input.Wrapper className={classes.full} label={t("connect:field.environment")} labelElement="div">
        <SegmentedControl
          aria-label={t("connect:field.environment")}
          data={environments.map((value) => ({
            value,
            label: (
              <span className={classes.environment}>
                <span className={classes.dot} style={{ background: `var(--${value})` }} />
                {t(`common:environment.${value}`)}
              </span>
            ),
          }))}
          {...form.getInputProps("environment")}
        />
      </Input.Wrapper>
      <Input.Wrapper
        className={classes.full}
        label={t("connect:field.colour")}
        description={t("connect:field.colourHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        labelElement="div"
      >
        <div className={classes.swatches} role="radiogroup" aria-label={t("connect:field.colour")}>
          <label className={classes.noColour} data-checked={colour === null || undefined}>
            <input
              type="radio"
              name="colour"
              className="visually-hidden"
              checked={colour === null}
              onChange={() => form.setFieldValue("colour", null)}
            />
            {t("connect:field.colourNone")}
          </label>
          {colours.map((value) => (
            <label
              key={value}
              className={classes.swatch}
              data-checked={colour === value || undefined}
              style={{ "--swatch": value } as CSSProperties}
            >
              <input
                type="radio"
                name="colour"
                className="visually-hidden"
                aria-label={value}
                checked={colour === value}
                onChange={() => form.setFieldValue("colour", value)}
              />
            </label>
          ))}
        </div>
      </Input.Wrapper>
    </div>
  );
}
