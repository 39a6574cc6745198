import { expect, it } from "vitest";
import type { SessionActivity } from "../../api/types";
import type { Format } from "../../i18n/format";
import { type Translate, tenantsText } from "./words";

it("names the tenants of a session in order, and how many there are besides at the end", () => {
  const t = ((key: string, { count } = { count: 0 }) => `${key} ${count}`) as unknown as Translate;
  const format = { compare: (one: string, other: string) => one.localeCompare(other) } as Format;
  const session = { tenants: [{ schema: "zoo" }, { schema: "acme" }], more_tenants: 195 } as SessionActivity;
  expect(tenantsText(t, format, session)).toBe("acme, zoo, more 195");
});
