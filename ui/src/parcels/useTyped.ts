import { useRef } from "react";

/** A pause that is longer begins a new word. */
const pause = 900;

/** Collects what is typed without a field, as lists of the system do. */
export function useTyped(): (sign: string) => string {
  const typed = useRef({ text: "", at: 0 });
  return (sign) => {
    const now = Date.now();
    const before = now - typed.current.at < pause ? typed.current.text : "";
    typed.current = { text: before + sign, at: now };
    return typed.current.text;
  };
}
