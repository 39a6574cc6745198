import type { Mark } from "./category";

/** A tile of a hatching: strokes of a square of this side, which repeats. */
type Tile = { side: number; strokes: readonly [x: number, y: number, toX: number, toY: number][] };

const tiles: Record<Exclude<Mark, "plain">, Tile> = {
  rising: {
    side: 7,
    strokes: [
      [-1, 8, 8, -1],
      [-1, 1, 1, -1],
      [6, 8, 8, 6],
    ],
  },
  falling: {
    side: 7,
    strokes: [
      [-1, -1, 8, 8],
      [6, -1, 8, 1],
      [-1, 6, 1, 8],
    ],
  },
  cross: {
    side: 9,
    strokes: [
      [-1, -1, 10, 10],
      [-1, 10, 10, -1],
    ],
  },
  dots: {
    side: 6,
    strokes: [
      [1, 1.5, 2, 1.5],
      [4, 4.5, 5, 4.5],
    ],
  },
  level: { side: 5, strokes: [[0, 2.5, 5, 2.5]] },
  upright: { side: 5, strokes: [[2.5, 0, 2.5, 5]] },
  bricks: {
    side: 8,
    strokes: [
      [0, 0.5, 8, 0.5],
      [0, 4.5, 8, 4.5],
      [2, 0.5, 2, 4.5],
      [6, 4.5, 6, 8.5],
    ],
  },
};

/** The hatching as a pattern for a canvas of this many pixels per point; `null` where there is none. */
export function patternOf(mark: Mark, colour: string, ratio: number): CanvasPattern | null {
  if (mark === "plain") return null;
  const { side, strokes } = tiles[mark];
  const tile = document.createElement("canvas");
  tile.width = Math.round(side * ratio);
  tile.height = tile.width;
  const context = tile.getContext("2d");
  if (!context) return null;
  const scale = tile.width / side;
  context.scale(scale, scale);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const [x, y, toX, toY] of strokes) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.stroke();
  return context.createPattern(tile, "repeat");
}

/** The same for a drawing in the page. */
export const markPath = (mark: Mark): { side: number; path: string } | null => {
  if (mark === "plain") return null;
  const { side, strokes } = tiles[mark];
  return { side, path: strokes.map(([x, y, toX, toY]) => `M${x} ${y}L${toX} ${toY}`).join("") };
};
