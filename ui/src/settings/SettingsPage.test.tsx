import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Settings } from "../api/types";
import type { MockOptions } from "../platform/mock";
import { usualThresholds } from "../platform/mock/alerts";
import { axeFindings, renderWindow } from "../testing/render";

const initial: Settings = {
  language: "en",
  scheme: null,
  dense: true,
  jobs: null,
  lock_timeout_ms: 5000,
  export_folder: null,
  backup_folder: null,
  client_folder: null,
  migration_source: null,
  thresholds: usualThresholds,
  tables: null,
};

async function openSettings(options: Partial<MockOptions> = {}) {
  const kept: Settings[] = [];
  await renderWindow("/settings", options, {
    settings_get: () => kept.at(-1) ?? initial,
    settings_set: ({ settings }: { settings: Settings }) => {
      kept.push(settings);
    },
  });
  await screen.findByRole("heading", { name: "Look" });
  return kept;
}

describe("the settings", () => {
  it("take effect at once and are kept, and the page is accessible", async () => {
    const user = userEvent.setup();
    const kept = await openSettings();
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("radio", { name: "Français" }));
    await waitFor(() => expect(kept.at(-1)?.language).toBe("fr"));
    expect(await screen.findByRole("heading", { name: "Aspect" })).toBeDefined();
  });

  it("keep a number when the field is left, and not while it is typed", async () => {
    const user = userEvent.setup();
    const kept = await openSettings();
    const field = screen.getByRole("textbox", { name: "Tenants at a time" });
    await user.type(field, "12");
    expect(kept).toEqual([]);
    await user.tab();
    await waitFor(() => expect(kept.at(-1)?.jobs).toBe(12));
  });

  it("say what an absent keyring means", async () => {
    await openSettings({ keyring: "absent" });
    expect(await screen.findByText(/Cadastre asks for them each time/)).toBeDefined();
    expect(screen.getByText("no Secret Service answers on the session bus")).toBeDefined();
  });
});
