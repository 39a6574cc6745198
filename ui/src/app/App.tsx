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
        <Notifications position="bottom-right" limit={4} />
        <Preferences />
        <Watch />
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
