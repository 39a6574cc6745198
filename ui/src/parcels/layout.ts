/** Where the parcels lie: x, y, width and height of one after the other, in pixels. */
export type Boxes = Float64Array;

/**
 * Divides a rectangle into one parcel per weight, of proportional areas and as square as they can be, in the order of the
 * weights: the squarified treemap of Bruls, Huizing and van Wijk (2000). The largest should come first. The parcels cover the
 * whole and do not overlap. A weight that is not greater than 0 has no area.
 */
export function squarify(weights: ArrayLike<number>, width: number, height: number): Boxes {
  const count = weights.length;
  const boxes = new Float64Array(count * 4);
  const sizes = Float64Array.from(weights, positive);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= 0 || width <= 0 || height <= 0) return boxes;
  const scale = (width * height) / total;
  for (let index = 0; index < count; index += 1) sizes[index] = (sizes[index] ?? 0) * scale;
  let [x, y, w, h] = [0, 0, width, height];
  for (let start = 0; start < count; ) {
    const side = Math.min(w, h);
    const { end, area } = fillLine(sizes, start, side);
    // The last line takes what is left, so that no rounding leaves a gap.
    const rest = Math.max(w, h);
    const depth = end === count ? rest : Math.min(rest, area / side);
    const along = w >= h;
    let offset = 0;
    for (let index = start; index < end; index += 1) {
      const part = area > 0 ? ((sizes[index] ?? 0) * side) / area : 0;
      const length = index === end - 1 ? side - offset : Math.min(part, side - offset);
      boxes.set(along ? [x, y + offset, depth, length] : [x + offset, y, length, depth], index * 4);
      offset += length;
    }
    if (along) [x, w] = [x + depth, w - depth];
    else [y, h] = [y + depth, h - depth];
    start = end;
  }
  return boxes;
}

/** How many parcels stand in a line along this side: as many as make them more square. */
function fillLine(sizes: Float64Array, start: number, side: number): { end: number; area: number } {
  const first = sizes[start] ?? 0;
  let [area, least, most] = [first, first, first];
  let ratio = worst(area, least, most, side);
  let end = start + 1;
  for (; end < sizes.length; end += 1) {
    const next = sizes[end] ?? 0;
    const [smaller, larger] = [Math.min(least, next), Math.max(most, next)];
    const worse = worst(area + next, smaller, larger, side);
    if (worse > ratio) break;
    [area, least, most, ratio] = [area + next, smaller, larger, worse];
  }
  return { end, area };
}

const positive = (weight: number) => (weight > 0 ? weight : 0);

/** The worst relation of the sides in a line of parcels: 1 is a square. */
function worst(area: number, least: number, most: number, side: number): number {
  if (least <= 0 || area <= 0 || side <= 0) return most <= 0 ? 1 : Number.POSITIVE_INFINITY;
  const square = (area * area) / (side * side);
  return Math.max(most / square, square / least);
}

/**
 * The weights with the smallest ones raised, so that each parcel has at least this area (in square pixels) and can be seen and
 * met. The raised ones together never take more than a quarter of the whole.
 */
export function visible(values: readonly number[], area: number, least: number): Float64Array {
  const weights = Float64Array.from(values, positive);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return weights.fill(1);
  const share = Math.min(least / area, 0.25 / weights.length);
  const floor = total * share;
  return weights.map((weight) => Math.max(weight, floor));
}

export type Box = { left: number; top: number; width: number; height: number };

/** One of the parcels. */
export function boxOf(boxes: Boxes, index: number): Box {
  const at = index * 4;
  const [left, top, width, height] = [boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]];
  return { left: left ?? 0, top: top ?? 0, width: width ?? 0, height: height ?? 0 };
}

/** The parcel at a point, or -1. */
export function parcelAt(boxes: Boxes, x: number, y: number): number {
  for (let index = 0; index * 4 < boxes.length; index += 1) {
    const { left, top, width, height } = boxOf(boxes, index);
    if (x >= left && x < left + width && y >= top && y < top + height) return index;
  }
  return -1;
}

export type Heading = "left" | "right" | "up" | "down";

/**
 * The parcel on the other side of the border in this direction, where the middle of this one would meet it; the same one at
 * the edge.
 */
export function neighbour(boxes: Boxes, from: number, heading: Heading): number {
  const { left, top, width, height } = boxOf(boxes, from);
  const across = heading === "left" || heading === "right";
  const middle = across ? top + height / 2 : left + width / 2;
  const border = { left, right: left + width, up: top, down: top + height }[heading];
  const forward = heading === "right" || heading === "down";
  let best = from;
  let nearest = Number.POSITIVE_INFINITY;
  for (let index = 0; index * 4 < boxes.length; index += 1) {
    if (index === from) continue;
    const box = boxOf(boxes, index);
    if (box.width <= 0 || box.height <= 0) continue;
    const [start, length] = across ? [box.top, box.height] : [box.left, box.width];
    const [near, far] = across ? [box.left, box.left + box.width] : [box.top, box.top + box.height];
    const gap = forward ? near - border : border - far;
    if (gap < -0.001) continue;
    // Beside the middle counts much more than far away: the eye goes straight.
    const beside = Math.max(0, start - middle, middle - (start + length));
    const distance = gap + beside * 8;
    if (distance < nearest) [nearest, best] = [distance, index];
  }
  return best;
}
