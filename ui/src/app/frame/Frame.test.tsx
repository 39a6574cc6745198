import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { ProfileEntry } from "../../api/types";
import { installMock, mockOptions } from "../../platform/mock";
import { createCommands } from "../../platform/mock/commands";
import { opened, sampleProfiles } from "../../platform/mock/connections";
import { refuse } from "../../platform/mock/refuse";
import { axeFindings, renderWindow } from "../../testing/render";
import { readableOn } from "./environment";

describe("the frame", () => {
  it("draws a line around the window on production, and none on a rehearsal stage", async () => {
    const { unmount, container } = await renderWindow("/tenants");
    expect(await screen.findByText("Production")).toBeInTheDocument();
    expect(container.querySelector("[data-framed]")).not.toBeNull();
    unmount();
    const other = await renderWindow("/tenants", { environment: "staging" });
    expect(await screen.findByText("Staging")).toBeInTheDocument();
    expect(other.container.querySelector("[data-framed]")).toBeNull();
  });

  it("says what the server is and what this role may do", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants");
    await person.click(await screen.findByRole("button", { name: /^lycees @ edu-prod/ }));
    const card = await screen.findByRole("dialog", { name: /^lycees/ });
    expect(card).toHaveTextContent("create schemas, create roles, read all statistics");
    expect(card).toHaveTextContent("pg_stat_statements 1.10");
  });

  it("says that a connection is not encrypted, in the header and in its card", async () => {
    const person = userEvent.setup();
    const { unmount } = await renderWindow("/tenants");
    await screen.findByRole("grid");
    expect(screen.queryByText("Not encrypted")).not.toBeInTheDocument();
    unmount();
    const [first] = sampleProfiles();
    const profile = { ...(first as ProfileEntry).profile, host: "clear.example" };
    profile.tls = { ...profile.tls, mode: "prefer" };
    await renderWindow("/tenants", {}, { connection_current: () => opened(profile) });
    expect(await screen.findByText("Not encrypted")).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: /^lycees @ clear/ }));
    const card = await screen.findByRole("dialog", { name: /^lycees/ });
    expect(card).toHaveTextContent("none: clear text");
    expect(card).toHaveTextContent("Nothing is encrypted between this computer and clear.example");
    expect(await axeFindings()).toEqual([]);
  });

  it("reads well over a Unix socket, where there is nothing to encrypt", async () => {
    const person = userEvent.setup();
    const local = sampleProfiles().find(({ profile }) => profile.host.startsWith("/")) as ProfileEntry;
    await renderWindow("/tenants", {}, { connection_current: () => opened(local.profile) });
    await person.click(await screen.findByRole("button", { name: /^cadastre_dev · local socket as alix/ }));
    const card = await screen.findByRole("dialog", { name: /^cadastre_dev/ });
    expect(card).toHaveTextContent("/var/run/postgresql/.s.PGSQL.5432");
    expect(card).toHaveTextContent("not needed: a local socket");
    expect(screen.queryByText("Not encrypted")).not.toBeInTheDocument();
  });

  it("finds a tenant from anywhere", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/settings", { connected: true });
    await screen.findByRole("navigation", { name: "Places" });
    await person.keyboard("{Control>}k{/Control}");
    const search = await screen.findByRole("dialog", { name: "Search" });
    await person.type(within(search).getByRole("textbox"), "metiers eau");
    await within(search).findByText("École des métiers de l’eau");
    await person.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants/ecole_metiers_eau"));
  });

  it("leads back to where one came from", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/tenants");
    await person.click(await screen.findByRole("link", { name: /Journal/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/journal"));
    await person.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants"));
    await router.navigate({ to: "/tenants/$schema", params: { schema: "lycee_victor_hugo" } });
    (await screen.findByRole("tab", { name: "Overview" })).focus();
    await person.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants"));
  });

  it("lists the keyboard shortcuts, with nothing that axe objects to", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants", { language: "fr" });
    await screen.findByRole("grid");
    await person.keyboard("{F1}");
    const list = await screen.findByRole("dialog", { name: "Raccourcis clavier" });
    expect(within(list).getByText("Maj Espace")).toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });

  it("leads to the connections when nothing is open", async () => {
    const { router } = await renderWindow("/tenants", { connected: false });
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  });

  it("leads to the connections when the connection was closed elsewhere", async () => {
    const { router, client } = await renderWindow("/tenants");
    await screen.findByRole("grid");
    installMock(
      { pace: 0, connected: false, language: "en" },
      { tenant_list: () => Promise.reject(refuse("not_connected")) },
    );
    await client.invalidateQueries({ queryKey: ["tenants"] });
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  });

  it("says that the server went away and how old the figures are, and comes back with it", async () => {
    const person = userEvent.setup();
    let away = false;
    const fleet = createCommands(mockOptions({ pace: 0, connected: true }));
    const unless = (command: string) => (args: unknown) => {
      if (away) throw refuse("connection_refused", { host: "edu-prod.example", port: "5432" });
      return fleet[command]?.(args);
    };
    const { router } = await renderWindow(
      "/tenants",
      {},
      { tenant_list: unless("tenant_list"), migration_status: unless("migration_status") },
    );
    expect(await screen.findByText(/read in /)).toHaveTextContent(/^just now · read in /);
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();

    away = true;
    // Another place finds it first: whatever was read before says so too.
    await person.click(screen.getByRole("link", { name: /Migrations/ }));
    await screen.findByText("The migrations could not be read");
    await router.navigate({ to: "/tenants" });
    const lost = (await screen.findByText("The server cannot be reached.")).closest("[role=alert]");
    expect(lost).toHaveTextContent("edu-prod.example does not accept connections on port 5432.");
    expect(lost).toHaveTextContent("The figures shown here were read: just now");
    expect(screen.getByRole("grid", { name: "Tenants" })).toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);

    await person.click(within(lost as HTMLElement).getByRole("button", { name: "Try again" }));
    await waitFor(() =>
      expect(within(lost as HTMLElement).getByRole("button")).not.toHaveAttribute("data-loading"),
    );
    expect(lost).toBeInTheDocument();
    away = false;
    await person.click(within(lost as HTMLElement).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(lost).not.toBeInTheDocument());
  });

  it("forgets the database on leaving it", async () => {
    const person = userEvent.setup();
    const { router, client } = await renderWindow("/tenants");
    await screen.findByRole("grid");
    await person.click(screen.getByRole("button", { name: "Connection" }));
    await person.click(await screen.findByRole("menuitem", { name: "Disconnect" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(client.getQueryData(["tenants"])).toBeUndefined();
  });

  it("takes nothing from one database into the next: no selection, no filter, no way back", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/tenants");
    const boxes = await screen.findAllByRole("checkbox", { name: /^Select (?!all)/ });
    await person.click(boxes[0] as HTMLElement);
    await person.click(boxes[1] as HTMLElement);
    expect(await screen.findByText("2 selected")).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: "Version all" }));
    await person.click(await screen.findByRole("menuitemcheckbox", { name: /behind/ }));
    expect(await screen.findByText(/ of 40 tenants/)).toBeInTheDocument();
    await person.keyboard("{Escape}");
    await router.navigate({ to: "/tenants/$schema", params: { schema: "lycee_victor_hugo" } });
    await person.click(await screen.findByRole("button", { name: "Connection" }));
    await person.click(await screen.findByRole("menuitem", { name: "Disconnect" }));

    await person.dblClick(await screen.findByText("TalentMatch staging"));
    expect(await screen.findByRole("grid", { name: "Tenants" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/tenants");
    expect(screen.queryByText(/selected$/)).not.toBeInTheDocument();
    expect(screen.queryByText(/ of 40 tenants/)).not.toBeInTheDocument();
    await person.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    expect(router.state.location.pathname).toBe("/tenants");
    await person.click(screen.getByRole("link", { name: /Migrations/ }));
    expect(await screen.findByRole("grid", { name: "Tenants by migrations" })).toBeInTheDocument();
    expect(screen.queryByText(/selected$/)).not.toBeInTheDocument();
    await person.click(screen.getByRole("link", { name: /Compare/ }));
    expect(await screen.findByText("Choose at least two tenants")).toBeInTheDocument();
    await person.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/migrations"));
  });
});

describe("a colour of one's own", () => {
  it("carries a label that can be read", () => {
    expect(readableOn("#b3261e")).toBe("#ffffff");
    expect(readableOn("#f4d35e")).toBe("#000000");
  });
});
