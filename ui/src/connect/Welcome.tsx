import { Button } from "@mantine/core";
import { IconLink, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { DemoCard } from "./DemoCard";
import classes from "./Welcome.module.css";

type WelcomeProps = { onNew: () => void; onUrl: () => void };

/** What somebody sees who has no connection yet: what this is, and three ways to begin. */
export function Welcome({ onNew, onUrl }: WelcomeProps) {
  const { t } = useTranslation("connect");
  return (
    <div className={classes.welcome}>
      <h2 className={classes.title}>{t("welcome.title")}</h2>
      <p className={classes.text}>{t("welcome.text")}</p>
      <div className={classes.ways}>
        <DemoCard />
        <section className={classes.way}>
          <h3>{t("welcome.new")}</h3>
          <p>{t("welcome.newText")}</p>
          <Button leftSection={<IconPlus size={15} />} onClick={onNew}>
            {t("welcome.new")}
          </Button>
        </section>
        <section className={classes.way}>
          <h3>{t("welcome.url")}</h3>
          <p>{t("welcome.urlText")}</p>
          <Button leftSection={<IconLink size={15} />} onClick={onUrl}>
            {t("welcome.url")}
          </Button>
        </section>
      </div>
    </div>
  );
}
