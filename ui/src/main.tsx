import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./app/theme/tokens.css";
import "./app/theme/global.css";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/client";
import { connectionQueryOptions } from "./api/connection";
import { settingsQueryOptions } from "./api/settings";
import { App } from "./app/App";
import { createWindowRouter, firstPath } from "./app/router";
import { resolveLanguage, startI18n } from "./i18n/i18n";

async function start(): Promise<void> {
  if (import.meta.env.MODE === "mock") {
    const { installMock, optionsFromAddress } = await import("./platform/mock");
    installMock(optionsFromAddress(location.search));
  }
  const client = createQueryClient();
  // Language and place are known before the first picture; without an answer the system's language and the connections.
  const [settings, connection] = await Promise.allSettled([
    client.fetchQuery(settingsQueryOptions()),
    client.fetchQuery(connectionQueryOptions()),
  ]);
  await startI18n(resolveLanguage(settings.status === "fulfilled" ? settings.value.language : null));
  const connected = connection.status === "fulfilled" && connection.value !== null;
  const router = createWindowRouter(client, firstPath(connected));
  const root = document.getElementById("root");
  if (root) createRoot(root).render(<App client={client} router={router} />);
}

void start();
