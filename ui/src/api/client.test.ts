import { MutationObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { refuse } from "../platform/mock/refuse";
import { createQueryClient, forgetDatabase, listenToFailures, whileKept } from "./client";
import { asApiError, unwrap } from "./error";

describe("the bridge", () => {
  it("throws what core refused, with its code", async () => {
    const refused = unwrap(Promise.resolve({ status: "error" as const, error: refuse("deadlock") }));
    await expect(refused).rejects.toMatchObject({ name: "ApiError", code: "deadlock" });
  });

  it("throws what broke on the way as an unexpected error", async () => {
    const broken = unwrap(Promise.reject(new Error("no such command")));
    await expect(broken).rejects.toMatchObject({ code: "internal", message: "no such command" });
  });
});

describe("reads and changes", () => {
  it("has reads made again that a change made stale", async () => {
    const client = createQueryClient();
    const read = vi.fn(async () => 1);
    await client.fetchQuery({ queryKey: ["tenants"], queryFn: read, meta: { tags: ["tenants"] } });
    const change = new MutationObserver(client, { mutationFn: async () => 0, meta: { stale: ["tenants"] } });
    await change.mutate();
    expect(client.getQueryState(["tenants"])?.isInvalidated).toBe(true);
  });

  it("reports a failed change under its own title, unless the caller shows it", async () => {
    const client = createQueryClient();
    const heard = vi.fn();
    listenToFailures(heard);
    const fail = async () => {
      throw asApiError(refuse("disk_full", { path: "/x" }));
    };
    const loud = new MutationObserver(client, { mutationFn: fail, meta: { failure: "failure.export" } });
    await expect(loud.mutate()).rejects.toThrow();
    expect(heard).toHaveBeenCalledWith("failure.export", expect.objectContaining({ code: "disk_full" }));
    const quiet = new MutationObserver(client, {
      mutationFn: fail,
      meta: { failure: "failure.export", quiet: true },
    });
    await expect(quiet.mutate()).rejects.toThrow();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("has the list of tenants find out when anything finds nobody at the other end", async () => {
    const client = createQueryClient();
    const stale = () => client.getQueryState(["tenants"])?.isInvalidated;
    const read = () => client.fetchQuery({ queryKey: ["tenants"], queryFn: async () => 1 });
    const fail = (code: string) => async () => {
      throw asApiError(refuse(code));
    };
    const change = (code: string) =>
      new MutationObserver(client, { mutationFn: fail(code), meta: { quiet: true } }).mutate();
    await read();
    await expect(change("deadlock")).rejects.toThrow();
    expect(stale()).toBe(false);
    await expect(change("connection_lost")).rejects.toThrow();
    expect(stale()).toBe(true);
    await read();
    await expect(
      client.fetchQuery({ queryKey: ["stats"], queryFn: fail("connection_refused") }),
    ).rejects.toThrow();
    expect(stale()).toBe(true);
  });

  it("forgets what was read in the last database, and keeps what belongs to this computer", async () => {
    const client = createQueryClient();
    await client.fetchQuery({ queryKey: ["tenants"], queryFn: async () => 1, meta: { tags: ["tenants"] } });
    for (const tag of ["doctor", "activity", "watch", "registry"] as const)
      await client.fetchQuery({
        queryKey: [tag],
        queryFn: async () => 1,
        meta: { tags: ["connection", tag] },
      });
    await client.fetchQuery({ queryKey: ["settings"], queryFn: async () => 1, meta: { tags: ["settings"] } });
    const kept = whileKept(client, ["doctor"]);
    expect(kept()).toBe(true);
    forgetDatabase(client);
    for (const key of ["tenants", "doctor", "activity", "watch", "registry"])
      expect(client.getQueryData([key]), key).toBeUndefined();
    // Another database's read of the same name is not the one that went on.
    await client.fetchQuery({ queryKey: ["doctor"], queryFn: async () => 2, meta: { tags: ["doctor"] } });
    expect(kept()).toBe(false);
    expect(client.getQueryData(["settings"])).toBe(1);
  });
});
