import { type ReactNode, useLayoutEffect, useRef } from "react";
import classes from "./ParcelCanvas.module.css";
import type { Size } from "./useCanvasSize";

/** From the pointer, so that it does not lie under it. */
const distance = 14;
const margin = 6;

/** What is known of the parcel that is pointed at, beside the pointer and inside the map. */
export function ParcelTip({
  x,
  y,
  size,
  children,
}: {
  x: number;
  y: number;
  size: Size;
  children: ReactNode;
}) {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = tip.current;
    if (!element) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const fits = (at: number, length: number, room: number) =>
      at + distance + length + margin <= room ? at + distance : Math.max(margin, at - distance - length);
    const left = fits(x, width, size.width);
    const top = fits(y, height, size.height);
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  return (
    <div ref={tip} className={classes.tip} aria-hidden="true">
      {children}
    </div>
  );
}
