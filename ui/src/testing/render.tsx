import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { createQueryClient } from "../api/client";
import { connectionQueryOptions } from "../api/connection";
import { settingsQueryOptions } from "../api/settings";
import { App } from "../app/App";
import { createWindowRouter } from "../app/router";
import { resolveVariables, theme } from "../app/theme/theme";
import { changeLanguage, resolveLanguage } from "../i18n/i18n";
import { installMock, type MockOptions } from "../platform/mock";
import type { Command } from "../platform/mock/commands";

/** A component with everything around it that components count on. */
export function renderPart(part: ReactNode) {
  const client = createQueryClient();
  return render(
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} env="test">
        <Notifications />
        {part}
      </MantineProvider>
    </QueryClientProvider>,
  );
}

/** The whole window at a place, over a pretended bridge that answers at once. */
export async function renderWindow(
  path: string,
  options: Partial<MockOptions> = {},
  replaced: Record<string, Command> = {},
) {
  installMock({ pace: 0, connected: path !== "/", language: "en", ...options }, replaced);
  const client = createQueryClient();
  const settings = await client.fetchQuery(settingsQueryOptions());
  await client.fetchQuery(connectionQueryOptions());
  await changeLanguage(resolveLanguage(settings.language));
  const router = createWindowRouter(client, path);
  return { ...render(<App client={client} router={router} />), client, router };
}

/** What axe finds wrong in the page, in words. Colours are measured elsewhere: jsdom does not paint. */
export async function axeFindings(root: Element = document.body): Promise<string[]> {
  const result = await axe.run(root, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return result.violations.map(
    (violation) =>
      `${violation.id}: ${violation.help} ${violation.nodes.map((node) => node.html).join(" | ")}`,
  );
}
