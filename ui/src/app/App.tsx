import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Preferences } from "./Preferences";
import type { WindowRouter } from "./router";
import { resolveVariables, theme } from "./theme/theme";
import { Watch } from "./Watch";

type AppProps = { client: QueryClient; router: WindowRouter };

/** The window: everything that is there once. */
export function App({ client, router }: AppProps) {
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
        {/* Behind dialogs (200): what a run has to say must not lie over the button of the next plan. */}
        <Notifications position="bottom-right" limit={4} zIndex={190} />
        <Preferences />
        <Watch />
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
