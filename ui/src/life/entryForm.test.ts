import { describe, expect, it } from "vitest";
import { editOf, formOf, sizeOf } from "./entryForm";

const empty = formOf(null, "Acme");

describe("the form of an entry", () => {
  it("asks for nothing where nothing has changed", () => {
    expect(editOf(empty, empty)).toBeNull();
    expect(editOf({ ...empty, domains: "\n \n" }, empty)).toBeNull();
  });

  it("asks for what has changed, and for nothing else", () => {
    const before = { ...empty, domains: "a.fr\nb.fr", modules: "notes", own: "uai = 1\nold = x" };
    const edit = editOf(
      { ...before, domains: "b.fr\nc.fr\n-a.fr", modules: "notes\n-ai", own: "uai = 2", notes: "late" },
      before,
    );
    expect(edit).toEqual({
      fields: [
        ["notes", "late"],
        ["uai", "2"],
        ["old", ""],
      ],
      add_domains: ["c.fr"],
      remove_domains: [],
      primary_domain: "b.fr",
      domains_active: [["a.fr", false]],
      modules: ["-ai"],
      logo: null,
      favicon: null,
    });
  });

  it("says sizes in the largest unit that is exact", () => {
    expect(sizeOf(50 * 2 ** 30)).toBe("50 GB");
    expect(sizeOf(1536)).toBe("1536");
    expect(sizeOf(null)).toBe("");
  });
});
