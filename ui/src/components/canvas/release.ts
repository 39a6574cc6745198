/** Gives back at once what drawings hold. A canvas that left the page keeps its pixels, some megabytes, until the next collection. */
export function releaseCanvases(canvases: Iterable<HTMLCanvasElement | null>): void {
  for (const canvas of canvases) {
    if (!canvas) continue;
    canvas.width = 0;
    canvas.height = 0;
  }
}
