import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const list = () => screen.findByRole("list", { name: "Saved connections" });
const heading = (name: string) => screen.findByRole("heading", { name });

describe("the connections", () => {
  it("open with a double click when the password is in the keyring", async () => {
    const person = userEvent.setup();
    await renderWindow("/");
    await person.dblClick(await within(await list()).findByText("Lycées – production"));
    expect(await heading("Tenants")).toBeInTheDocument();
  });

  it("have their tenants asked for once, before there is a page to ask", async () => {
    const person = userEvent.setup();
    const asked: boolean[] = [];
    const tenant_list = () => {
      asked.push(screen.queryByRole("heading", { name: "Tenants" }) !== null);
      return { tenants: [], duration_ms: 3 };
    };
    await renderWindow("/", {}, { tenant_list });
    await person.dblClick(await within(await list()).findByText("Lycées – production"));
    expect(await screen.findByText("No tenant in this database yet")).toBeInTheDocument();
    expect(asked).toEqual([false]);
  });

  it("ask for a password that is kept nowhere, and say so when it is refused", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/");
    await person.dblClick(await within(await list()).findByText("Lycées – support (lecture)"));
    const dialog = await screen.findByRole("dialog", { name: "Password for support" });
    await person.type(within(dialog).getByLabelText("Password"), "wrong");
    await person.keyboard("{Enter}");
    expect(
      await within(dialog).findByText("The server refused the password of support."),
    ).toBeInTheDocument();
    await person.clear(within(dialog).getByLabelText("Password"));
    await person.type(within(dialog).getByLabelText("Password"), "right{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants"));
  });

  it("say which layer of a connection fails", async () => {
    const person = userEvent.setup();
    await renderWindow("/");
    const host = await screen.findByLabelText("Host");
    await person.clear(host);
    await person.type(host, "closed.example");
    await person.click(screen.getByRole("button", { name: "Test" }));
    expect(await screen.findByText("It stops at: Port")).toBeInTheDocument();
    expect(screen.getByText("closed.example does not accept connections on port 5432.")).toBeInTheDocument();
    expect(screen.getAllByText("not tried")).toHaveLength(4);
  });

  it.each([
    ["en", "Host", "Test", "not offered by the server; the connection is not encrypted"],
    ["fr", "Hôte", "Tester", "non proposé par le serveur ; la connexion n’est pas chiffrée"],
  ] as const)("say that a connection is in clear text (%s)", async (language, field, test, words) => {
    const person = userEvent.setup();
    await renderWindow("/", { language });
    await person.click(await screen.findByText("Lycées – support (lecture)"));
    const host = screen.getByLabelText(field);
    await person.clear(host);
    await person.type(host, "clear.example");
    await person.click(screen.getByRole("combobox", { name: "Mode" }));
    await person.click(await screen.findByText("prefer"));
    await person.click(screen.getByRole("button", { name: test }));
    const layer = (await screen.findByText(words)).closest("li") as HTMLElement;
    expect(layer).toHaveAttribute("data-tone", "warn");
    expect(await axeFindings()).toEqual([]);
  });

  it("say visibly that there is no keyring", async () => {
    await renderWindow("/", { keyring: "absent" });
    expect(
      await screen.findByText("No keyring: the password is asked for each time, and never written anywhere."),
    ).toBeInTheDocument();
    expect(screen.getByRole("checkbox", { name: "Remember in the keyring" })).toBeDisabled();
  });

  it("are filled in from a pasted URL, its password included", async () => {
    const person = userEvent.setup();
    const connect = vi.fn(() => {
      throw refuse("connection_refused", { host: "db.example", port: "6543" });
    });
    await renderWindow("/", { profiles: false }, { connect });
    await person.click((await screen.findAllByRole("button", { name: "Paste a URL" }))[0] as HTMLElement);
    await person.click(screen.getByLabelText("Connection URL"));
    await person.paste("postgres://ada:s%20e@db.example:6543/lycees?sslmode=verify-full");
    expect(await screen.findByLabelText("Host")).toHaveValue("db.example");
    expect(screen.getByLabelText("Port")).toHaveValue("6543");
    expect(screen.getByLabelText("User")).toHaveValue("ada");
    expect(screen.getByLabelText("Password")).toHaveValue("s e");
    expect(screen.getByLabelText("Password")).toHaveAttribute("type", "password");
    expect(screen.getByRole("combobox", { name: "Mode" })).toHaveValue("Always, trusted and this host");
    await person.click(screen.getByRole("checkbox", { name: "Remember in the keyring" }));
    await person.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Save" })).toBeDisabled());
    await person.click(screen.getByRole("button", { name: "Connect" }));
    await waitFor(() =>
      expect(connect).toHaveBeenCalledWith(expect.objectContaining({ password: "s e", remember: false })),
    );
  });

  it("never show the password of a pasted URL", async () => {
    const person = userEvent.setup();
    const read = vi.fn(() => {
      throw refuse("url_invalid", { reason: "it has no host" });
    });
    await renderWindow("/", { profiles: false }, { profile_from_url: read });
    await person.click((await screen.findAllByRole("button", { name: "Paste a URL" }))[0] as HTMLElement);
    const field = screen.getByLabelText("Connection URL");
    await person.click(field);
    await person.paste("postgres://ada:s3cret@/lycees");
    await waitFor(() => expect(read).toHaveBeenCalledWith({ url: "postgres://ada:s3cret@/lycees" }));
    expect(field).toHaveValue("postgres://ada:••••••••@/lycees");
    await person.click(screen.getByRole("button", { name: "Read" }));
    await waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    expect(read).toHaveBeenLastCalledWith({ url: "postgres://ada:s3cret@/lycees" });
  });

  it("keep a typed password only after a connection with it has succeeded", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/");
    const support = () => screen.findByText("Lycées – support (lecture)");
    await person.click(await support());
    await person.type(screen.getByLabelText("Password"), "wrong");
    await person.click(screen.getByRole("button", { name: "Connect" }));
    expect(await screen.findByText("The server refused the password of support.")).toBeInTheDocument();
    expect(screen.queryByPlaceholderText("Kept in the keyring")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Forget the kept password" })).not.toBeInTheDocument();

    await person.clear(screen.getByLabelText("Password"));
    await person.type(screen.getByLabelText("Password"), "right");
    await person.click(screen.getByRole("button", { name: "Connect" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants"));
    await router.navigate({ to: "/" });
    await person.click(await support());
    expect(screen.getByPlaceholderText("Kept in the keyring")).toBeInTheDocument();
  });

  it("send no password to the keyring on saving, and do not claim to", async () => {
    const person = userEvent.setup();
    const save = vi.fn(() => null);
    await renderWindow("/", {}, { profile_save: save });
    await person.click(await screen.findByText("Lycées – support (lecture)"));
    await person.type(screen.getByLabelText("Password"), "s3cret");
    expect(screen.queryByText("Unsaved changes")).not.toBeInTheDocument();
    expect(screen.getByText(/only once a connection with it has succeeded/)).toBeInTheDocument();
    await person.type(screen.getByLabelText("Database"), "2");
    await person.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByText("Unsaved changes")).not.toBeInTheDocument());
    expect(save).toHaveBeenCalledWith(expect.objectContaining({ password: null }));
    expect(screen.getByLabelText("Password")).toHaveValue("s3cret");
    expect(screen.queryByPlaceholderText("Kept in the keyring")).not.toBeInTheDocument();
  });

  it("insist on what is needed before anything is saved", async () => {
    const person = userEvent.setup();
    const save = vi.fn(() => null);
    await renderWindow("/", { profiles: false }, { profile_save: save });
    await person.click((await screen.findAllByRole("button", { name: "New connection" }))[0] as HTMLElement);
    await person.click(await screen.findByRole("button", { name: "Save" }));
    expect(await screen.findByText("Needed")).toBeInTheDocument();
    expect(save).not.toHaveBeenCalled();
  });

  it("keep unsaved changes while another connection is looked at", async () => {
    const person = userEvent.setup();
    await renderWindow("/");
    const database = await screen.findByLabelText("Database");
    await person.clear(database);
    await person.type(database, "other");
    await person.click(await within(await list()).findByText("TalentMatch staging"));
    expect(screen.getByLabelText("Database")).toHaveValue("talentmatch");
    await person.click(await within(await list()).findByText("Lycées – production"));
    expect(screen.getByLabelText("Database")).toHaveValue("other");
    expect(screen.getByText("Unsaved changes")).toBeInTheDocument();
  });

  it("say what is lost before one is deleted", async () => {
    const person = userEvent.setup();
    await renderWindow("/");
    await person.click(await screen.findByRole("button", { name: "More" }));
    await person.click(await screen.findByRole("menuitem", { name: "Delete…" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText(/its password in the keyring are removed/)).toBeInTheDocument();
    await person.click(within(dialog).getByRole("button", { name: "Delete this connection" }));
    await waitFor(() => expect(screen.queryByText("Lycées – production")).not.toBeInTheDocument());
  });

  it("start the demo in one click, with what it is doing", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/", { profiles: false, pace: 0.02 });
    await person.click(await screen.findByRole("button", { name: "Start the demo" }));
    expect(await screen.findByRole("progressbar", { name: "Starting the demo" })).toBeInTheDocument();
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants"));
    expect(await screen.findByText("Demo")).toBeInTheDocument();
  });

  it("have nothing that axe objects to, in either language", async () => {
    const { unmount } = await renderWindow("/");
    await screen.findByLabelText("Host");
    expect(await axeFindings()).toEqual([]);
    unmount();
    await renderWindow("/", { profiles: false, language: "fr" });
    await screen.findByRole("button", { name: "Démarrer la démonstration" });
    expect(await axeFindings()).toEqual([]);
  });
});
