import { describe, expect, it } from "vitest";
import { fitText, wrapText } from "./label";

/** Every sign is as wide as every other. */
const measure = (text: string) => Array.from(text).length;

describe("a name in a parcel", () => {
  it("stays whole where it fits", () => {
    expect(fitText("Lycée", 5, measure)).toBe("Lycée");
  });

  it("loses its middle where it does not, because names differ at both ends", () => {
    expect(fitText("Lycée Victor Hugo, Brest 23", 12, measure)).toBe("Lycée Vi…23");
  });

  it("is left out where next to nothing of it would be left", () => {
    expect(fitText("Lycée Victor Hugo", 4, measure)).toBeNull();
    expect(fitText("", 0, measure)).toBe("");
  });

  it("is never wider than its room, and never cut inside of a sign", () => {
    const name = "École 👨‍👩‍👧‍👦 des me\u0301tiers de l’eau – 東京タレント مدرسة الأندلس";
    for (let width = 1; width < 60; width += 1) {
      const text = fitText(name, width, measure);
      if (text === null) continue;
      expect(measure(text)).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/\u200d…|…\u200d|…\u0301/u);
    }
  });

  it("takes several lines, and cuts only the last", () => {
    expect(wrapText("Lycée Victor Hugo, Brest", 12, 2, measure)).toEqual(["Lycée Victor", "Hugo, Brest"]);
    expect(wrapText("Lycée Victor Hugo, Brest 23", 8, 2, measure)).toEqual(["Lycée", "Victo…23"]);
    expect(wrapText("Lycée", 3, 4, measure)).toEqual([]);
    expect(wrapText("gip_formation_continue_1", 10, 3, measure)).toEqual(["gip_fo…e_1"]);
  });
});
