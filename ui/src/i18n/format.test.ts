import { describe, expect, it } from "vitest";
import { formatFor } from "./format";
import { resolveLanguage } from "./i18n";

const fr = formatFor("fr");
const en = formatFor("en");

describe("figures", () => {
  it("are grouped as the language does, French with a thin no-break space", () => {
    expect(en.number(1_234_567)).toBe("1,234,567");
    expect(fr.number(1_234_567)).toBe("1\u202f234\u202f567");
  });

  it("show sizes in their own unit with two meaningful digits", () => {
    expect(en.bytes(512)).toBe("512 B");
    expect(en.bytes(1_572_864)).toBe("1.5 MB");
    expect(en.bytes(99 * 1024 ** 3)).toBe("99 GB");
    expect(en.bytes(-661_607)).toBe("-646 kB");
    expect(fr.bytes(1_572_864)).toBe("1,5\u00a0Mo");
  });

  it("show durations from milliseconds to hours", () => {
    expect(en.duration(41)).toBe("41\u202fms");
    expect(en.duration(140)).toBe("0.14\u202fs");
    expect(fr.duration(2_500)).toBe("2,5\u202fs");
    expect(en.duration(80_000)).toBe("1\u202fmin 20\u202fs");
    expect(en.duration(4_320_000)).toBe("1\u202fh 12\u202fmin");
  });

  it("say how long ago in words, and nothing for less than a minute", () => {
    const now = Date.parse("2026-11-20T12:00:00Z");
    expect(en.relative("2026-11-20T10:00:00Z", now)).toMatch(/2.*ago/);
    expect(fr.relative("2026-11-18T12:00:00Z", now)).toBe("il y a 2\u00a0j");
    expect(en.relative("2026-11-20T11:59:30Z", now)).toBe("");
  });

  it("order texts without minding case and accents, and numbers in them by value", () => {
    expect(["tenant 10", "Élan", "tenant 9", "eau"].sort(fr.compare)).toEqual([
      "eau",
      "Élan",
      "tenant 9",
      "tenant 10",
    ]);
  });
});

describe("the language", () => {
  it("is the person's, or the system's where it is one of ours, or English", () => {
    expect(resolveLanguage("fr", ["de-DE"])).toBe("fr");
    expect(resolveLanguage(null, ["fr-CA", "en"])).toBe("fr");
    expect(resolveLanguage(null, ["de-DE", "en-GB"])).toBe("en");
    expect(resolveLanguage(null, ["ja"])).toBe("en");
  });
});
