import { useTranslation } from "react-i18next";
import type { AdoptionPicture } from "../api/types";
import classes from "./AdoptionPage.module.css";

/** Groups that are named; the others are counted. */
const shown = 5;

/** Which schemas have the same tables, and which framework has left its marks in them. */
export function Likeness({ picture }: { picture: AdoptionPicture }) {
  const { t } = useTranslation("adoption");
  if (picture.alike.length === 0) return null;
  const more = picture.alike.length - shown;
  return (
    <section className={classes.section} aria-labelledby="adoption-alike">
      <h2 className={classes.heading} id="adoption-alike">
        {t("structure.title")}
      </h2>
      <ul className={classes.facts}>
        {picture.alike.slice(0, shown).map(({ example, schemas, tables }) => (
          <li key={example}>{t("structure.alike", { count: schemas, example, tables })}</li>
        ))}
        {more > 0 && <li>{t("structure.more", { count: more })}</li>}
        {picture.conventions.map(({ framework, table, schemas }) => (
          <li key={`${framework} ${table}`}>
            {t("structure.convention", { framework, table, count: schemas })}
          </li>
        ))}
      </ul>
    </section>
  );
}
