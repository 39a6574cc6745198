import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { type OutcomeState, states, tones } from "./outcomes";
import classes from "./RunPanel.module.css";

type OutcomeFilterProps = {
  total: number;
  counts: ReadonlyMap<OutcomeState, number>;
  /** `null` shows everybody. */
  chosen: OutcomeState | null;
  onChoose: (state: OutcomeState | null) => void;
};

/** How many of each outcome there are; a click shows only those. */
export function OutcomeFilter({ total, counts, chosen, onChoose }: OutcomeFilterProps) {
  const { t } = useTranslation(["runs", "common"]);
  const format = useFormat();
  return (
    <fieldset className={classes.filter}>
      <legend className="visually-hidden">{t("runs:filter")}</legend>
      <UnstyledButton className={classes.chip} aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        {t("runs:all")} <span className={classes.count}>{format.number(total)}</span>
      </UnstyledButton>
      {states
        .filter((state) => counts.has(state) || state === chosen)
        .map((state) => (
          <UnstyledButton
            key={state}
            className={classes.chip}
            aria-pressed={chosen === state}
            onClick={() => onChoose(chosen === state ? null : state)}
          >
            <Sign tone={tones[state]} />
            {t(`common:state.${state}`)}{" "}
            <span className={classes.count}>{format.number(counts.get(state) ?? 0)}</span>
          </UnstyledButton>
        ))}
    </fieldset>
  );
}
