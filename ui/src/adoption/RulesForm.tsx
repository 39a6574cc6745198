import { Button, Checkbox, TagsInput } from "@mantine/core";
import { IconFilterMinus, IconFilterPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AdoptionPicture, RulesSuggestion, TenantRules } from "../api/types";
import classes from "./AdoptionPage.module.css";
import { Likeness } from "./Likeness";
import { RegistryField } from "./RegistryField";

type RulesFormProps = {
  rules: TenantRules;
  picture: AdoptionPicture;
  onChange: (rules: TenantRules) => void;
};

/** What a person can say about which schemas are tenants. */
export function RulesForm({ rules, picture, onChange }: RulesFormProps) {
  const { t } = useTranslation(["adoption", "common"]);
  const registries = picture.own_entries !== null || picture.registry !== null;
  return (
    <>
      <section className={classes.section} aria-labelledby="adoption-names">
        <h2 className={classes.heading} id="adoption-names">
          {t("adoption:patterns.title")}
        </h2>
        <TagsInput
          label={t("adoption:patterns.include")}
          description={t("adoption:patterns.includeHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={rules.include.length === 0 ? t("adoption:patterns.placeholder") : ""}
          value={rules.include}
          onChange={(include) => onChange({ ...rules, include })}
        />
        <TagsInput
          label={t("adoption:patterns.exclude")}
          description={t("adoption:patterns.excludeHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={rules.exclude.length === 0 ? t("adoption:patterns.placeholder") : ""}
          value={rules.exclude}
          onChange={(exclude) => onChange({ ...rules, exclude })}
        />
        {picture.suggestions.length > 0 && (
          <Suggestions suggestions={picture.suggestions} rules={rules} onChange={onChange} />
        )}
      </section>
      <section className={classes.section} aria-labelledby="adoption-registry">
        <h2 className={classes.heading} id="adoption-registry">
          {t("adoption:registry.title")}
        </h2>
        <RegistryField rules={rules} picture={picture} onChange={onChange} />
        <Checkbox
          label={t("adoption:registry.only")}
          description={
            registries || rules.registered_only
              ? t("adoption:registry.onlyHint")
              : t("adoption:registry.unavailable")
          }
          disabled={!registries && !rules.registered_only}
          checked={rules.registered_only}
          onChange={(event) => onChange({ ...rules, registered_only: event.currentTarget.checked })}
        />
      </section>
      {rules.query !== null && (
        <section className={classes.section} aria-labelledby="adoption-query">
          <h2 className={classes.heading} id="adoption-query">
            {t("adoption:query.title")}
          </h2>
          <p className={classes.lead}>{t("adoption:query.hint")}</p>
          <pre className={classes.query}>{rules.query}</pre>
          <Button onClick={() => onChange({ ...rules, query: null })}>{t("adoption:query.remove")}</Button>
        </section>
      )}
      <Likeness picture={picture} />
    </>
  );
}

type SuggestionsProps = {
  suggestions: readonly RulesSuggestion[];
  rules: TenantRules;
  onChange: (rules: TenantRules) => void;
};

function Suggestions({ suggestions, rules, onChange }: SuggestionsProps) {
  const { t } = useTranslation("adoption");
  const take = ({ kind, patterns }: RulesSuggestion) => {
    const added = (known: readonly string[]) => [...new Set([...known, ...patterns])];
    if (kind === "prefix") onChange({ ...rules, include: added(rules.include) });
    else onChange({ ...rules, exclude: added(rules.exclude) });
  };
  return (
    <ul className={classes.suggestions} aria-label={t("suggestion.title")}>
      {suggestions.map((suggestion) => (
        <li key={`${suggestion.kind} ${suggestion.patterns.join(" ")}`}>
          <button type="button" className={classes.suggestion} onClick={() => take(suggestion)}>
            {suggestion.kind === "prefix" ? <IconFilterPlus size={15} /> : <IconFilterMinus size={15} />}
            <span>
              {t(`suggestion.${suggestion.kind}`, {
                patterns: suggestion.patterns.join(", "),
                count: suggestion.schemas,
              })}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
