import i18next from "i18next";
import { formatFor } from "../i18n/format";
import { copyPicture } from "../platform/clipboard";
import type { Category, Parcel } from "./category";
import type { Boxes } from "./layout";
import { patternOf } from "./marks";
import { paint } from "./paint";
import { type Ink, readInk } from "./tones";
import type { Size } from "./useCanvasSize";

const ratio = 2;
const head = 34;
const line = 24;
const margin = 12;

type Drawn = { parcels: readonly Parcel[]; boxes: Boxes; categories: readonly Category[]; size: Size };

/** Puts the map on the clipboard, with its title and legend; false where the system takes no picture. */
export async function copyMap(title: string, drawn: Drawn, counts: readonly number[]): Promise<boolean> {
  const canvas = document.createElement("canvas");
  const { size, categories } = drawn;
  canvas.width = size.width * ratio;
  canvas.height = size.height * ratio;
  const context = canvas.getContext("2d");
  if (!context) return false;
  const ink = readInk(categories);
  paint(context, { ...drawn, ink, ratio, highlighted: null, selected: new Set() });
  const whole = document.createElement("canvas");
  whole.width = (size.width + 2 * margin) * ratio;
  whole.height = (size.height + head + line + margin) * ratio;
  const page = whole.getContext("2d");
  if (!page) return false;
  page.fillStyle = ink.surface;
  page.fillRect(0, 0, whole.width, whole.height);
  page.drawImage(canvas, margin * ratio, head * ratio);
  page.scale(ratio, ratio);
  page.textBaseline = "middle";
  page.fillStyle = ink.text;
  page.font = '600 14px "Inter Variable", system-ui, sans-serif';
  page.fillText(title, margin, head / 2);
  drawLegend(page, categories, counts, ink, head + size.height + line / 2 + 4);
  const picture = await new Promise<Blob | null>((done) => whole.toBlob(done, "image/png"));
  return picture !== null && copyPicture(picture);
}

function drawLegend(
  page: CanvasRenderingContext2D,
  categories: readonly Category[],
  counts: readonly number[],
  ink: Ink,
  middle: number,
): void {
  const format = formatFor(i18next.language);
  page.font = '12px "Inter Variable", system-ui, sans-serif';
  let x = margin;
  categories.forEach((category, index) => {
    const shade = ink.shades[index];
    const count = counts[index] ?? 0;
    if (!shade || count === 0) return;
    page.fillStyle = shade.fill;
    page.fillRect(x, middle - 6, 12, 12);
    const pattern = patternOf(category.mark, shade.mark, 1);
    if (pattern) {
      page.fillStyle = pattern;
      page.fillRect(x, middle - 6, 12, 12);
    }
    page.strokeStyle = shade.line;
    page.lineWidth = 1;
    page.strokeRect(x + 0.5, middle - 5.5, 11, 11);
    const text = `${category.label} ${format.number(count)}`;
    page.fillStyle = ink.text;
    page.fillText(text, x + 18, middle);
    x += 18 + page.measureText(text).width + 18;
  });
}
