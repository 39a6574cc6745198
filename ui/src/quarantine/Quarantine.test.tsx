import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { settingsQueryOptions } from "../api/settings";
import type { Quarantined, UndropRequest } from "../api/types";
import type { MockOptions } from "../platform/mock";
import type { Command } from "../platform/mock/commands";
import { createFleet } from "../platform/mock/fleet";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const [first] = createFleet(40);
const { schema, name } = first as { schema: string; name: string };
const dock = () => screen.getByRole("region", { name: "Runs" });

/** A tenant that was dropped. */
const dropped: Quarantined = {
  ...(first as NonNullable<typeof first>),
  schema: `_cadastre_q_20260101120000_${schema}`,
  state: "quarantined",
  was: schema,
  quarantined_at: "2026-01-01T12:00:00Z",
  quarantined_by: "alix@desk",
  backup: `/b/${schema}.xlsx`,
  archive: null,
  purge_begun: false,
  problem: null,
};
const withDropped = (tenant: Quarantined, more: Record<string, Command> = {}) => ({
  quarantine_list: () => [tenant],
  quarantine_backups: () => [{ schema: tenant.schema, path: tenant.backup, bytes: 1, state: "present" }],
  quarantine_check: () => ({ schema: tenant.schema, path: tenant.backup, bytes: 1, state: "verified" }),
  ...more,
});

async function openDrop(options: Partial<MockOptions> = {}, replaced: Record<string, Command> = {}) {
  const person = userEvent.setup();
  const view = await renderWindow(`/tenants/${schema}`, options, replaced);
  await screen.findByRole("heading", { name });
  await person.click(screen.getByRole("button", { name: "More" }));
  await person.click(await screen.findByRole("menuitem", { name: "Drop…" }));
  return { person, ...view, plan: await screen.findByRole("dialog", { name: `Drop ${name}` }) };
}

describe("dropping a tenant", () => {
  it("says what is lost, wants the schema typed, and offers the way back at the end", async () => {
    const { person, plan } = await openDrop();
    const apply = within(plan).getByRole("button", { name: "Drop 1 tenant" });
    expect(await within(plan).findByText("Applications lose at once")).toBeInTheDocument();
    expect(plan).toHaveTextContent(`_cadastre_q_20260301120000_${schema}`);
    expect(plan).toHaveTextContent(`public.domains has 2 rows whose schema_name is ${schema}`);
    expect(plan).not.toHaveTextContent(/\d{5} bytes/);
    expect(await axeFindings(plan)).toEqual([]);
    expect(apply).toBeDisabled();
    await person.type(within(plan).getByLabelText(`Type ${schema} to confirm`), schema);
    expect(apply).toBeEnabled();
    await person.click(apply);

    await waitFor(() => expect(dock()).toHaveTextContent("1 tenant put into quarantine"));
    const [notice] = await screen.findAllByRole("alert");
    expect(
      await within(notice as HTMLElement).findByRole("button", { name: "Show the backup" }),
    ).toBeInTheDocument();
    await person.click(await within(notice as HTMLElement).findByRole("button", { name: "Bring back…" }));
    const back = await screen.findByRole("dialog", { name: `Bring ${name} back` });
    await waitFor(() =>
      expect(within(back).getByRole("button", { name: "Bring back 1 tenant" })).toBeEnabled(),
    );
    expect(await axeFindings(back)).toEqual([]);
    await person.click(within(back).getByRole("button", { name: "Bring back 1 tenant" }));
    await waitFor(() => expect(dock()).toHaveTextContent("1 tenant brought back"));
    expect(await screen.findByRole("heading", { name })).toBeInTheDocument();
  });

  it("remembers the folder that was chosen for the backup, once the tenant is dropped", async () => {
    const { person, plan, client } = await openDrop();
    expect(await within(plan).findByText("/home/alix/.local/share/cadastre/backups")).toBeInTheDocument();
    await person.click(within(plan).getByRole("button", { name: "Choose…" }));
    expect(await within(plan).findByText("/home/alix/Exports")).toBeInTheDocument();
    await person.type(within(plan).getByLabelText(`Type ${schema} to confirm`), schema);
    const apply = within(plan).getByRole("button", { name: "Drop 1 tenant" });
    await waitFor(() => expect(apply).toBeEnabled());
    await person.click(apply);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(client.getQueryData(settingsQueryOptions().queryKey)?.backup_folder).toBe("/home/alix/Exports");
    expect(await screen.findByText("This tenant is in quarantine")).toBeInTheDocument();
  });

  it("writes an archive, too, unless it is switched off or there is no pg_dump", async () => {
    const asked: boolean[] = [];
    const note = {
      tenant_drop_plan: ({ request }: { request: { archive: boolean } }) => {
        asked.push(request.archive);
        throw refuse("server", { message: "no plan" });
      },
    };
    const { person, plan } = await openDrop({}, note);
    const archive = await within(plan).findByRole("switch", { name: "An archive of pg_dump, too" });
    expect(archive).toBeChecked();
    await waitFor(() => expect(asked).toEqual([true]));
    await person.click(archive);
    await waitFor(() => expect(asked).toEqual([true, false]));
    expect(archive).not.toBeChecked();
  });

  it("cannot write an archive without pg_dump, and says so", async () => {
    const { plan } = await openDrop(
      {},
      {
        backup_client: () => {
          throw refuse("client_missing", { version: "16", package: "postgresql-client-16" });
        },
      },
    );
    const archive = await within(plan).findByRole("switch", { name: /^An archive of pg_dump/ });
    expect(archive).not.toBeChecked();
    expect(archive).toBeDisabled();
    expect(within(plan).getByText("pg_dump was not found: see the checks.")).toBeInTheDocument();
  });

  it("is refused with the reason on a read-only connection", async () => {
    const person = userEvent.setup();
    await renderWindow(`/tenants/${schema}`, { readOnly: true });
    await screen.findByRole("heading", { name });
    await person.click(screen.getByRole("button", { name: "More" }));
    const drop = await screen.findByRole("menuitem", { name: /^Drop…/ });
    expect(drop).toBeDisabled();
    expect(drop).toHaveTextContent("This connection is read-only.");
  });

  it("is found in the search, for the tenant that is looked at", async () => {
    const person = userEvent.setup();
    await renderWindow(`/tenants/${schema}`);
    await screen.findByRole("heading", { name });
    await person.keyboard("{Control>}k{/Control}");
    await person.type(await screen.findByRole("textbox", { name: "Search" }), "drop");
    await person.click(await screen.findByText(`Drop ${name}…`));
    expect(await screen.findByRole("dialog", { name: `Drop ${name}` })).toBeInTheDocument();
  });
});

describe("tenants in quarantine", () => {
  it("are beside those in use, with their backup read and compared", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/tenants", {}, withDropped(dropped));
    await person.click(await screen.findByText("In quarantine · 1"));
    await waitFor(() => expect(router.state.location.search).toEqual({ quarantine: true }));
    const panel = await screen.findByRole("complementary", { name });
    expect(within(panel).getByText(dropped.schema)).toBeInTheDocument();
    expect(await within(panel).findByText("byte for byte the file that was verified")).toBeInTheDocument();
    const grid = screen.getByRole("grid", { name: "Tenants in quarantine" });
    expect(await within(grid).findByText("verified")).toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });

  it("come back under another name where theirs is taken", async () => {
    const person = userEvent.setup();
    const requests: UndropRequest[] = [];
    await renderWindow(
      "/tenants?quarantine=true",
      {},
      withDropped(dropped, {
        tenant_undrop_plan: ({ request }: { request: UndropRequest }) => {
          requests.push(request);
          throw refuse("schema_name_taken", { name: schema, existing: schema });
        },
      }),
    );
    await person.click(await screen.findByRole("button", { name: "Bring back…" }));
    const back = await screen.findByRole("dialog", { name: `Bring ${name} back` });
    expect(await within(back).findByText(/is taken by/)).toBeInTheDocument();
    const field = within(back).getByLabelText("Name of the schema");
    await person.clear(field);
    await person.type(field, "other");
    await waitFor(() => expect(requests.at(-1)).toEqual({ tenant: dropped.schema, under: "other" }));
  });

  it("are removed for good only after their time, with the backup named and the schema typed", async () => {
    const person = userEvent.setup();
    const { plan: _, ...view } = await openDrop();
    await person.type(await screen.findByLabelText(`Type ${schema} to confirm`), schema);
    await person.click(screen.getByRole("button", { name: "Drop 1 tenant" }));
    await screen.findByText("This tenant is in quarantine");
    await view.router.navigate({ to: "/tenants", search: { quarantine: true } });
    await person.click(await screen.findByRole("button", { name: "Remove for good…" }));
    const plan = await screen.findByRole("dialog", { name: `Remove ${name} for good` });
    const apply = within(plan).getByRole("button", { name: "Remove 1 tenant for good" });
    expect(await within(plan).findByText(/the grace period is 30 days/)).toBeInTheDocument();
    await person.click(within(plan).getByRole("combobox", { name: "Must have been in quarantine for" }));
    await person.click(await screen.findByRole("option", { name: "any time" }));
    expect(await within(plan).findByText(/The backup is the file that was verified/)).toBeInTheDocument();
    expect(await axeFindings(plan)).toEqual([]);
    expect(apply).toBeDisabled();
    await person.type(within(plan).getByLabelText(`Type ${schema} to confirm`), schema);
    await waitFor(() => expect(apply).toBeEnabled());
    await person.click(apply);
    await waitFor(() => expect(dock()).toHaveTextContent("1 tenant removed for good"));
    expect(await screen.findByText("No tenant is in quarantine")).toBeInTheDocument();
  });

  it("whose backup is gone say so, and where it was written", async () => {
    await renderWindow(
      "/tenants?quarantine=true",
      {},
      withDropped(dropped, {
        quarantine_check: () => ({
          schema: dropped.schema,
          path: dropped.backup,
          bytes: 1,
          state: "missing",
        }),
      }),
    );
    expect(await screen.findByText("not found on this computer")).toBeInTheDocument();
    expect(screen.getByText(/It was written by alix@desk/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Show in folder" })).toBeNull();
  });

  it("whose record is unusable, or which are half removed, have no way back", async () => {
    await renderWindow("/tenants?quarantine=true", {}, withDropped({ ...dropped, purge_begun: true }));
    const back = await screen.findByRole("button", { name: "Bring back…" });
    expect(back).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByRole("button", { name: "Remove for good…" })).not.toHaveAttribute("aria-disabled");
  });

  it("have a place that teaches when there is none", async () => {
    await renderWindow("/tenants?quarantine=true", { language: "fr" });
    expect(await screen.findByText("Aucun espace n’est en quarantaine")).toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });
});
