import type { Category, Parcel } from "./category";
import { wrapText } from "./label";
import { type Boxes, boxOf } from "./layout";
import { patternOf } from "./marks";
import type { Ink } from "./tones";

export type Picture = {
  parcels: readonly Parcel[];
  boxes: Boxes;
  categories: readonly Category[];
  ink: Ink;
  /** Pixels of the canvas per point of the page. */
  ratio: number;
  /** The only category that is not pale, or `null`. */
  highlighted: number | null;
  selected: ReadonlySet<string>;
};

const font = '"Inter Variable", system-ui, sans-serif';
const nameFont = `600 12px ${font}`;
const figureFont = `11px ${font}`;
const padding = 6;
/** Less room than this holds no name. */
const labelRoom = { width: 52, height: 22, withFigure: 38 };
const nameLine = 15;
const figureLine = 14;
/** A hatching is not seen in less than this. */
const markRoom = 5;
/** A parcel up to this size has a fine border. */
const fineRoom = 9;
const pale = 0.25;

/** Draws all parcels: grounds, borders, hatchings, names where they fit, and what is selected. */
export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  paintParcels(context, picture, pixelEdges(picture.boxes, picture.ratio), [...picture.parcels.keys()]);
}

/** Draws some parcels anew, by their places in ascending order: nothing of a parcel is outside its edges. */
export function repaint(
  context: CanvasRenderingContext2D,
  picture: Picture,
  places: readonly number[],
): void {
  const edges = pixelEdges(picture.boxes, picture.ratio);
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const place of places) {
    const [left = 0, top = 0, right = 0, bottom = 0] = edges.subarray(place * 4, place * 4 + 4);
    context.clearRect(left, top, right - left, bottom - top);
  }
  paintParcels(context, picture, edges, places);
}

function paintParcels(
  context: CanvasRenderingContext2D,
  picture: Picture,
  edges: Int32Array,
  places: readonly number[],
): void {
  const { parcels, ratio, categories, ink, highlighted } = picture;
  const border = Math.max(1, Math.round(ratio));
  // All of one colour together: setting the colour costs more than a parcel does.
  const byCategory: number[][] = categories.map(() => []);
  for (const place of places) byCategory[parcels[place]?.category ?? 0]?.push(place);
  byCategory.forEach((members, category) => {
    const shade = ink.shades[category];
    const mark = categories[category]?.mark;
    if (!shade || !mark) return;
    context.globalAlpha = highlighted === null || highlighted === category ? 1 : pale;
    context.fillStyle = shade.line;
    for (const index of members) rectangle(context, edges, index, 0, fineRoom * ratio);
    context.fillStyle = shade.fine;
    for (const index of members) rectangle(context, edges, index, 0, 0, fineRoom * ratio);
    context.globalAlpha = 1;
    context.fillStyle = highlighted === null || highlighted === category ? shade.fill : ink.surface;
    for (const index of members) rectangle(context, edges, index, border, 0);
    const pattern =
      highlighted === null || highlighted === category ? patternOf(mark, shade.mark, ratio) : null;
    if (!pattern) return;
    context.fillStyle = pattern;
    for (const index of members) rectangle(context, edges, index, border, markRoom * ratio);
  });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintLabels(context, picture, places);
  paintSelection(context, picture, edges, places);
}

/** Left, top, right and bottom in whole pixels, so that lines are sharp and neighbours share theirs. */
function pixelEdges(boxes: Boxes, ratio: number): Int32Array {
  const edges = new Int32Array(boxes.length);
  for (let at = 0; at < boxes.length; at += 4) {
    const [x, y, w, h] = [boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0];
    edges[at] = Math.round(x * ratio);
    edges[at + 1] = Math.round(y * ratio);
    edges[at + 2] = Math.round((x + w) * ratio);
    edges[at + 3] = Math.round((y + h) * ratio);
  }
  return edges;
}

function rectangle(
  context: CanvasRenderingContext2D,
  edges: Int32Array,
  index: number,
  inset: number,
  least: number,
  most = Number.POSITIVE_INFINITY,
): void {
  const at = index * 4;
  const [left, top, right, bottom] = [
    edges[at] ?? 0,
    edges[at + 1] ?? 0,
    edges[at + 2] ?? 0,
    edges[at + 3] ?? 0,
  ];
  const [width, height] = [right - left - inset, bottom - top - inset];
  const shorter = Math.min(width, height);
  if (shorter > least && shorter <= most) context.fillRect(left + inset, top + inset, width, height);
}

function paintLabels(
  context: CanvasRenderingContext2D,
  { parcels, boxes, ink, highlighted }: Picture,
  places: readonly number[],
): void {
  context.textBaseline = "top";
  const measure = (text: string) => context.measureText(text).width;
  for (const index of places) {
    const { left, top, width, height } = boxOf(boxes, index);
    // The largest come first: after a parcel that is smaller than any label, none has room.
    if (width * height < labelRoom.width * labelRoom.height) break;
    if (width < labelRoom.width || height < labelRoom.height) continue;
    const parcel = parcels[index];
    if (!parcel) continue;
    const room = width - 2 * padding;
    const withFigure = height >= labelRoom.withFigure;
    const free = height - padding - 3 - (withFigure ? figureLine : 0);
    context.font = nameFont;
    const lines = wrapText(parcel.name, room, Math.min(3, Math.floor(free / nameLine)), measure);
    if (lines.length === 0) continue;
    context.globalAlpha = highlighted === null || highlighted === parcel.category ? 1 : 0.45;
    const texts = lines.map((text) => ({ text, font: nameFont, colour: ink.text, line: nameLine }));
    context.font = figureFont;
    if (withFigure && measure(parcel.figure) <= room)
      texts.push({ text: parcel.figure, font: figureFont, colour: ink.dim, line: figureLine });
    let y = top + padding;
    for (const { text, font: face, colour, line } of texts) {
      context.font = face;
      // Letters do not stand on a hatching.
      context.fillStyle = ink.shades[parcel.category]?.fill ?? ink.surface;
      context.fillRect(left + padding - 2, y - 1, measure(text) + 4, line);
      context.fillStyle = colour;
      context.fillText(text, left + padding, y);
      y += line;
    }
  }
  context.globalAlpha = 1;
}

/** A selected parcel has a strong border and, where there is room, a tick. */
function paintSelection(
  context: CanvasRenderingContext2D,
  { parcels, ratio, ink, selected }: Picture,
  edges: Int32Array,
  places: readonly number[],
): void {
  if (selected.size === 0) return;
  context.strokeStyle = ink.accent;
  for (const index of places) {
    const parcel = parcels[index];
    if (!parcel || !selected.has(parcel.id)) continue;
    const [left, top, right, bottom] = Array.from(
      edges.subarray(index * 4, index * 4 + 4),
      (edge) => edge / ratio,
    ) as [number, number, number, number];
    const [width, height] = [right - left, bottom - top];
    const line = Math.min(2.5, width / 3, height / 3);
    context.lineWidth = line;
    context.strokeRect(left + line / 2 + 0.5, top + line / 2 + 0.5, width - line - 0.5, height - line - 0.5);
    if (width < 22 || height < 22) continue;
    const [x, y] = [left + width - 17, top + height - 17];
    context.fillStyle = ink.accent;
    context.fillRect(x, y, 13, 13);
    context.strokeStyle = ink.surface;
    context.lineWidth = 1.6;
    context.beginPath();
    context.moveTo(x + 3, y + 6.5);
    context.lineTo(x + 5.6, y + 9.2);
    context.lineTo(x + 10.2, y + 3.8);
    context.stroke();
    context.strokeStyle = ink.accent;
  }
}

/** The frame of the parcel that is pointed at, on a layer of its own. */
export function paintFrame(
  context: CanvasRenderingContext2D,
  ratio: number,
  frames: readonly {
    box: { left: number; top: number; width: number; height: number };
    colour: string;
    line: number;
  }[],
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const { box, colour, line } of frames) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    // A parcel of a few pixels gets a frame around it, so that it can be seen.
    const out = Math.min(box.width, box.height) < 10 ? line : 0;
    context.strokeRect(
      box.left - out + line / 2,
      box.top - out + line / 2,
      box.width + 2 * out - line + 1,
      box.height + 2 * out - line + 1,
    );
  }
}
