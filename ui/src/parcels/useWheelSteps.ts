import { type RefObject, useEffect, useRef } from "react";

/** A notch of a wheel, or as much of a touch pad. */
const notch = 90;
/** A touch pad rolls on for a while: that is no second step. */
const rest = 500;

/** Tells of each step that the wheel turns: inwards or outwards. */
export function useWheelSteps(
  element: RefObject<HTMLElement | null>,
  onStep: (inwards: boolean) => void,
): void {
  const step = useRef(onStep);
  useEffect(() => {
    step.current = onStep;
  });
  useEffect(() => {
    const host = element.current;
    if (!host) return;
    let turned = 0;
    let last = 0;
    const wheel = (event: WheelEvent) => {
      // With the control key the window is zoomed.
      if (event.ctrlKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
      if (event.timeStamp - last < rest) return;
      turned =
        Math.sign(event.deltaY) === Math.sign(turned) ? turned + event.deltaY * lines : event.deltaY * lines;
      if (Math.abs(turned) < notch) return;
      last = event.timeStamp;
      step.current(turned < 0);
      turned = 0;
    };
    host.addEventListener("wheel", wheel, { passive: false });
    return () => host.removeEventListener("wheel", wheel);
  }, [element]);
}
