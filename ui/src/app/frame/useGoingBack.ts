import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/**
 * Alt and the arrow left, and the mouse's own button, lead back to where one came from, as in a file manager. Not past the
 * moment in which the open database was opened: what lies behind it belongs to another one.
 */
export function useGoingBack(connected: boolean): void {
  const { history } = useRouter();
  // The frame is there from the connections' screen on, so it begins where the database does.
  const first = useRef(history.location.state.__TSR_index);
  useEffect(() => {
    const back = () => {
      if (!connected || history.location.state.__TSR_index > first.current) history.back();
    };
    const key = (event: KeyboardEvent) => {
      if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
      // In a heading of a grid these keys resize the column; in a dialog there is nowhere to go.
      const heading = event.target instanceof Element && event.target.closest("[role=columnheader]");
      if (heading || document.querySelector("[aria-modal=true]")) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "ArrowLeft") back();
      else history.forward();
    };
    const button = (event: MouseEvent) => {
      if (event.button === 3) back();
      if (event.button === 4) history.forward();
    };
    // Before the element that has the focus: tabs would take the arrow for themselves.
    window.addEventListener("keydown", key, true);
    window.addEventListener("mouseup", button);
    return () => {
      window.removeEventListener("keydown", key, true);
      window.removeEventListener("mouseup", button);
    };
  }, [history, connected]);
}
