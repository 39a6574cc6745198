import { ActionIcon, Button, Input, NumberInput, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./ProfileForm.module.css";
import type { ProfileFormState } from "./profileForm";

/** What a session may do and how it starts. */
export function SessionFields({ form }: { form: ProfileFormState }) {
  const { t } = useTranslation("connect");
  const { options } = form.values;
  return (
    <div className={classes.fields}>
      <Switch
        className={classes.full}
        size="sm"
        label={t("field.readOnly")}
        description={t("field.readOnlyHint")}
        {...form.getInputProps("read_only", { type: "checkbox" })}
      />
      <NumberInput
        className={classes.narrow}
        label={t("field.timeout")}
        min={1}
        max={600}
        allowDecimal={false}
        hideControls
        rightSection={<span className={classes.unit}>{t("field.timeoutUnit")}</span>}
        {...form.getInputProps("connect_timeout")}
      />
      <Input.Wrapper
        className={classes.full}
        label={t("field.options")}
        description={t("field.optionsHint")}
        labelElement="div"
      >
        <div className={classes.options}>
          {options.map(([name], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a setting has no identity but its place
            <div key={index} className={classes.optionRow}>
              <TextInput
                aria-label={t("field.optionName")}
                placeholder="search_path"
                spellCheck={false}
                {...form.getInputProps(`options.${index}.0`)}
              />
              <TextInput
                aria-label={t("field.optionValue")}
                spellCheck={false}
                {...form.getInputProps(`options.${index}.1`)}
              />
              <ActionIcon
                size={32}
                aria-label={t("field.optionRemove", { name })}
                onClick={() => form.removeListItem("options", index)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </div>
          ))}
          <Button
            className={classes.add}
            leftSection={<IconPlus size={14} />}
            onClick={() => form.insertListItem("options", ["", ""])}
          >
            {t("field.optionAdd")}
          </Button>
        </div>
      </Input.Wrapper>
    </div>
  );
}
