import { useCallback, useState, useSyncExternalStore } from "react";

export type Size = { width: number; height: number };

/** Measures an element in points, as it changes. Where nothing is laid out it has the size of a usual window. */
export function useCanvasSize(): [measure: (element: HTMLElement | null) => (() => void) | undefined, Size] {
  const [size, setSize] = useState<Size>({ width: 1000, height: 560 });
  const measure = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const take = ({ width, height }: Size) => {
      if (width > 0 && height > 0)
        setSize((before) =>
          before.width === width && before.height === height ? before : { width, height },
        );
    };
    take({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(([entry]) => entry && take(entry.contentRect));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [measure, size];
}

/** Pixels per point, which change when a window is moved to another screen or zoomed. */
export function usePixelRatio(): number {
  return useSyncExternalStore(subscribe, () => window.devicePixelRatio || 1);
}

function subscribe(listener: () => void): () => void {
  let query: MediaQueryList | null = null;
  const watch = () => {
    query?.removeEventListener("change", changed);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio || 1}dppx)`);
    query.addEventListener("change", changed);
  };
  const changed = () => {
    watch();
    listener();
  };
  watch();
  return () => query?.removeEventListener("change", changed);
}
