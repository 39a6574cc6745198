import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { settingsQueryOptions } from "../api/settings";
import { changeLanguage, resolveLanguage } from "../i18n/i18n";

/** Lets the settings take effect: language and colours. */
export function Preferences() {
  const { data: settings } = useQuery(settingsQueryOptions());
  const { setColorScheme } = useMantineColorScheme();

  useEffect(() => {
    if (!settings) return;
    const { scheme } = settings;
    setColorScheme(scheme === "light" || scheme === "dark" ? scheme : "auto");
  }, [settings, setColorScheme]);

  useEffect(() => {
    if (settings) void changeLanguage(resolveLanguage(settings.language));
  }, [settings]);

  return null;
}
