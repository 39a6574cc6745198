/** Scrolls sideways until a column is in view, beside the first one, which stays. */
export function revealColumn(scroller: HTMLElement | null, column: number): void {
  const headings = scroller?.querySelectorAll<HTMLElement>("[role=columnheader][data-column]");
  const target = headings?.[column];
  if (!scroller || !target || column === 0) return;
  const view = scroller.getBoundingClientRect();
  const cell = target.getBoundingClientRect();
  const kept = headings?.[0]?.getBoundingClientRect().right ?? view.left;
  if (cell.left < kept) scroller.scrollLeft -= kept - cell.left;
  else if (cell.right > view.right) scroller.scrollLeft += cell.right - view.right;
}
