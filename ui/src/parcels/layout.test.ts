import { describe, expect, it } from "vitest";
import { createRandom } from "../platform/mock/random";
import { neighbour, parcelAt, squarify, visible } from "./layout";

const [width, height] = [1061, 557];

/** Weights over six orders of magnitude, the largest first, as fleets have them. */
function weights(count: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => 10 ** (random.next() * 6)).sort((a, b) => b - a);
}

const boxOf = (boxes: Float64Array, index: number) => boxes.subarray(index * 4, index * 4 + 4);

describe("parcels", () => {
  it.each([1, 2, 3, 7, 40, 1000, 10_000])(
    "cover the whole and have areas in proportion, with %i of them",
    (count) => {
      for (const seed of [1, 2, 3]) {
        const wanted = weights(count, seed);
        const total = wanted.reduce((sum, weight) => sum + weight, 0);
        const boxes = squarify(wanted, width, height);
        let area = 0;
        for (let index = 0; index < count; index += 1) {
          const [x = -1, y = -1, w = -1, h = -1] = boxOf(boxes, index);
          expect(Math.min(x, y, w, h)).toBeGreaterThanOrEqual(-1e-6);
          expect(x + w).toBeLessThanOrEqual(width + 1e-6);
          expect(y + h).toBeLessThanOrEqual(height + 1e-6);
          const share = (wanted[index] ?? 0) / total;
          expect(Math.abs((w * h) / (width * height) - share)).toBeLessThan(1e-9);
          area += w * h;
        }
        expect(area).toBeCloseTo(width * height, 3);
      }
    },
  );

  it("do not overlap", () => {
    for (const seed of [4, 5]) {
      const boxes = squarify(weights(300, seed), width, height);
      for (let a = 0; a < 300; a += 1) {
        const [ax = 0, ay = 0, aw = 0, ah = 0] = boxOf(boxes, a);
        for (let b = a + 1; b < 300; b += 1) {
          const [bx = 0, by = 0, bw = 0, bh = 0] = boxOf(boxes, b);
          const across = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
          const down = Math.min(ay + ah, by + bh) - Math.max(ay, by);
          expect(across > 1e-6 && down > 1e-6, `${a} and ${b}`).toBe(false);
        }
      }
    }
  });

  it("are rather square", () => {
    const boxes = squarify(weights(1000, 6), width, height);
    const ratios = Array.from({ length: 1000 }, (_, index) => {
      const [, , w = 1, h = 1] = boxOf(boxes, index);
      return Math.max(w / h, h / w);
    }).sort((a, b) => a - b);
    expect(ratios[500]).toBeLessThan(1.5);
    expect(ratios[950]).toBeLessThan(3);
  });

  it("lie where they lay when nothing has changed", () => {
    expect(squarify(weights(500, 7), width, height)).toEqual(squarify(weights(500, 7), width, height));
  });

  it("are none where nothing has a size, and have no area where a weight is 0", () => {
    expect([...squarify([0, 0], 100, 100)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...squarify([1], 0, 100)]).toEqual([0, 0, 0, 0]);
    const boxes = squarify([3, 1, 0, 0, Number.NaN], 100, 100);
    expect([...boxes].every(Number.isFinite)).toBe(true);
    expect((boxes[2] ?? 0) * (boxes[3] ?? 0)).toBeCloseTo(7500);
    expect((boxes[10] ?? 1) * (boxes[11] ?? 1)).toBe(0);
  });

  it("can all be seen, and the small ones never take much from the large ones", () => {
    const raised = visible([1_000_000, 0, 1, -5, Number.NaN], 100_000, 12);
    const total = raised.reduce((sum, weight) => sum + weight, 0);
    for (const weight of raised) expect((weight / total) * 100_000).toBeGreaterThan(11.9);
    const crowded = visible([1e12, ...Array.from({ length: 9999 }, () => 1)], 10_000, 12);
    const all = crowded.reduce((sum, weight) => sum + weight, 0);
    expect((crowded[0] ?? 0) / all).toBeGreaterThan(0.75);
    expect([...visible([0, 0], 100, 12)]).toEqual([1, 1]);
  });
});

describe("the parcel at a point", () => {
  it("is the one whose area it is in", () => {
    const boxes = squarify(weights(2000, 8), width, height);
    for (let index = 0; index < 2000; index += 1) {
      const [x = 0, y = 0, w = 0, h = 0] = boxOf(boxes, index);
      expect(parcelAt(boxes, x + w / 2, y + h / 2)).toBe(index);
    }
    expect(parcelAt(boxes, -1, 5)).toBe(-1);
    expect(parcelAt(boxes, width + 1, 5)).toBe(-1);
  });
});

describe("the neighbour of a parcel", () => {
  it("lies on the other side of its border", () => {
    // Two columns: the left one whole, the right one in two.
    const boxes = squarify([2, 1, 1], 200, 100);
    expect(neighbour(boxes, 0, "right")).toBe(1);
    expect(neighbour(boxes, 1, "down")).toBe(2);
    expect(neighbour(boxes, 2, "left")).toBe(0);
    expect(neighbour(boxes, 0, "left")).toBe(0);
    expect(neighbour(boxes, 2, "down")).toBe(2);
  });

  it("leads to every edge of the map, and never back", () => {
    const boxes = squarify(weights(1000, 9), width, height);
    const edge = { left: 0, up: 0, right: width, down: height };
    for (const heading of ["left", "right", "up", "down"] as const) {
      for (const start of [0, 17, 400, 999]) {
        let at = start;
        for (let step = 0; step < 2000; step += 1) {
          const next = neighbour(boxes, at, heading);
          if (next === at) break;
          at = next;
        }
        const [x = 0, y = 0, w = 0, h = 0] = boxOf(boxes, at);
        const reached = { left: x, up: y, right: x + w, down: y + h }[heading];
        expect(Math.abs(reached - edge[heading])).toBeLessThan(0.01);
      }
    }
  });
});
