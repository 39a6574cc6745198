import { Radio } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AdoptionPicture, RecognisedRegistry, RegistryChoice, TenantRules } from "../api/types";
import classes from "./AdoptionPage.module.css";
import { evidenceText } from "./words";

type RegistryFieldProps = {
  rules: TenantRules;
  picture: AdoptionPicture;
  onChange: (rules: TenantRules) => void;
};

/** A registry among the others. */
const keyOf = (registry: RecognisedRegistry) => `${registry.kind}:${registry.table}`;

/** Whose word counts for names, domains and states; each with what speaks for it. */
export function RegistryField({ rules, picture, onChange }: RegistryFieldProps) {
  const { t } = useTranslation(["adoption", "common"]);
  const used = picture.registry;
  const found = [...(used ? [used] : []), ...picture.others];
  const chosen = choiceKey(rules.registry, found);
  const choose = (value: string) => {
    const registry = found.find((one) => keyOf(one) === value);
    const choice: RegistryChoice = registry
      ? { choice: "named", kind: registry.kind, table: registry.table }
      : { choice: value === "none" ? "none" : "auto" };
    onChange({ ...rules, registry: choice });
  };
  const automatic =
    rules.registry.choice !== "auto"
      ? ""
      : used
        ? t(`adoption:kind.${used.kind}`)
        : t("adoption:registry.autoNone");
  return (
    <>
      {picture.own_entries !== null && (
        <p className={classes.lead}>{t("adoption:registry.own", { count: picture.own_entries })}</p>
      )}
      <Radio.Group label={t("adoption:registry.label")} value={chosen} onChange={choose}>
        <div className={classes.choice}>
          <Radio
            value="auto"
            label={
              automatic === "" ? (
                t("adoption:registry.auto")
              ) : (
                <>
                  {t("adoption:registry.auto")} <span className={classes.confidence}>({automatic})</span>
                </>
              )
            }
          />
          {found.map((registry) => (
            <div key={keyOf(registry)}>
              <Radio
                value={keyOf(registry)}
                label={
                  <>
                    {t(`adoption:kind.${registry.kind}`)}{" "}
                    <span className={classes.confidence}>
                      <code>{registry.table}</code> ({t(`adoption:confidence.${registry.confidence}`)})
                    </span>
                  </>
                }
              />
              <ul className={classes.evidence}>
                {registry.evidence.map((evidence) => (
                  <li key={JSON.stringify(evidence)}>{evidenceText(t, evidence)}</li>
                ))}
              </ul>
            </div>
          ))}
          <Radio value="none" label={t("adoption:registry.none")} />
        </div>
      </Radio.Group>
    </>
  );
}

/** The choice as the value of a radio button. */
function choiceKey(choice: RegistryChoice, found: readonly RecognisedRegistry[]): string {
  if (choice.choice !== "named") return choice.choice;
  const fits = (one: RecognisedRegistry) =>
    one.kind === choice.kind && (choice.table === null || one.table === choice.table);
  const registry = found.find(fits);
  return registry ? keyOf(registry) : "";
}
