import { mockIPC } from "@tauri-apps/api/mocks";
import type { Environment } from "../api/types";
import { type Command, createCommands } from "./mock/commands";
import { refuse } from "./mock/refuse";

/** What the pretended computer and server are like. */
export type MockOptions = {
  tenants: number;
  /** A database is open already. */
  connected: boolean;
  /** There are saved connections. */
  profiles: boolean;
  environment: Environment;
  readOnly: boolean;
  /** An earlier start was killed in the middle of a run. */
  interrupted: boolean;
  keyring: "ok" | "absent" | "locked";
  language: "en" | "fr" | null;
  scheme: "light" | "dark" | null;
  /** 1 is the pace of a near server, 0 answers at once. */
  pace: number;
};

const usual: MockOptions = {
  tenants: 40,
  connected: false,
  profiles: true,
  environment: "production",
  readOnly: false,
  interrupted: false,
  keyring: "ok",
  language: null,
  scheme: null,
  pace: 1,
};

/** The usual computer and server, but for what is given. */
export const mockOptions = (given: Partial<MockOptions>): MockOptions => ({ ...usual, ...given });

/** The options in the page's address: `?tenants=10000&connected&language=fr&scheme=dark`. */
export function optionsFromAddress(search: string): MockOptions {
  const given = new URLSearchParams(search);
  const text = <T extends string>(name: string, fallback: T | null) =>
    (given.get(name) as T | null) ?? fallback;
  return {
    tenants: Number(given.get("tenants") ?? usual.tenants),
    connected: given.has("connected"),
    profiles: !given.has("first"),
    environment: text<Environment>("environment", usual.environment) ?? "production",
    readOnly: given.has("readonly"),
    interrupted: given.has("interrupted"),
    keyring: text<MockOptions["keyring"]>("keyring", "ok") ?? "ok",
    language: text("language", usual.language),
    scheme: text("scheme", usual.scheme),
    pace: Number(given.get("pace") ?? usual.pace),
  };
}

/** Answers every command from memory, as core would. For development without Rust, and for tests. */
export function installMock(
  options: Partial<MockOptions> = {},
  replaced: Record<string, Command> = {},
): void {
  const commands = { ...createCommands(mockOptions(options)), ...replaced };
  mockIPC(async (name, args) => {
    const command = commands[name];
    if (!command) {
      if (name.startsWith("plugin:")) return null;
      throw refuse("internal", { what: `no command ${name}` });
    }
    const answer = await command(args);
    // What crosses the bridge is a copy.
    return answer === undefined ? null : structuredClone(answer);
  });
}
