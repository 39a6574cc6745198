import { ActionIcon, useComputedColorScheme } from "@mantine/core";
import { IconHistory, IconLanguage, IconMoon, IconSettings, IconSun } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import icon from "../../../icons/icon.svg?url";
import { useChangeSettings } from "../api/settings";
import classes from "./Brand.module.css";

/** The name of the program. */
export function Brand() {
  const { t } = useTranslation(["connect", "common"]);
  return (
    <header className={classes.brand}>
      <img src={icon} width={38} height={38} alt="" />
      <div className={classes.words}>
        <h1>{t("common:app")}</h1>
        <p>{t("connect:tagline")}</p>
      </div>
    </header>
  );
}

/** What can be set and looked at before anything is open. */
export function Tools() {
  const { t, i18n } = useTranslation("common");
  const scheme = useComputedColorScheme("light");
  const { mutate: change } = useChangeSettings();
  const navigate = useNavigate();
  const dark = scheme === "dark";
  return (
    <div className={classes.tools}>
      <ActionIcon
        aria-label={t("search.language")}
        title={t("search.language")}
        onClick={() => change({ language: i18n.language === "fr" ? "en" : "fr" })}
      >
        <IconLanguage size={17} />
      </ActionIcon>
      <ActionIcon
        aria-label={t(dark ? "search.light" : "search.dark")}
        title={t(dark ? "search.light" : "search.dark")}
        onClick={() => change({ scheme: dark ? "light" : "dark" })}
      >
        {dark ? <IconSun size={17} /> : <IconMoon size={17} />}
      </ActionIcon>
      <ActionIcon
        aria-label={t("place.journal")}
        title={t("place.journal")}
        onClick={() => void navigate({ to: "/journal" })}
      >
        <IconHistory size={17} />
      </ActionIcon>
      <ActionIcon
        aria-label={t("place.settings")}
        title={t("place.settings")}
        onClick={() => void navigate({ to: "/settings" })}
      >
        <IconSettings size={17} />
      </ActionIcon>
    </div>
  );
}
