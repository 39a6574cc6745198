import { useComputedColorScheme } from "@mantine/core";
import {
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { releaseCanvases } from "../components/canvas/release";
import { nothingSelected, type Selection } from "../components/grid/useSelection";
import { hasModifier } from "../platform/keys";
import type { Category, Parcel } from "./category";
import { type Boxes, boxOf, parcelAt } from "./layout";
import { handleMapKey } from "./mapKeys";
import classes from "./ParcelCanvas.module.css";
import { ParcelTip } from "./ParcelTip";
import { paint, paintFrame, repaint } from "./paint";
import { readInk } from "./tones";
import { type Size, usePixelRatio } from "./useCanvasSize";
import { useTyped } from "./useTyped";
import { useWheelSteps } from "./useWheelSteps";

export type ParcelPoint = { parcel: Parcel; x: number; y: number };

export type ParcelCanvasProps = {
  /** What the map shows, for who cannot see it; and how to go about in it. */
  label: string;
  help: string;
  size: Size;
  /** Arranged: the largest first. */
  parcels: readonly Parcel[];
  boxes: Boxes;
  categories: readonly Category[];
  highlighted: number | null;
  selected?: Selection;
  onSelect?: (selected: Selection) => void;
  onOpen: (parcel: Parcel) => void;
  /** Shows what is inside a parcel. */
  onEnter?: (parcel: Parcel) => void;
  /** Leads out of the parcel that is shown. */
  onLeave?: () => void;
  onMenu?: (point: ParcelPoint) => void;
  onCopy: () => void;
  /** What is known of a parcel, for the pointer; and in one sentence. */
  detail: (parcel: Parcel) => ReactNode;
  sentence: (parcel: Parcel) => string;
  /** The parcel that has the keyboard at first; the largest without. */
  startAt?: string | undefined;
  /** Takes the keyboard when it comes. */
  autoFocus?: boolean;
  hostRef: RefObject<HTMLDivElement | null>;
};

/** So many parcels are drawn anew one by one. */
const repainted = 500;

/** Any number of parcels on two canvases: one for the map, one for what is pointed at. One tab stop; the keys do the rest. */
export function ParcelCanvas(props: ParcelCanvasProps) {
  const { label, help, size, parcels, boxes, categories, highlighted, hostRef } = props;
  const { selected = nothingSelected, onSelect, onOpen, onEnter, onLeave, onMenu, onCopy } = props;
  const id = useId();
  const ground = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLCanvasElement>(null);
  const painted = useRef<{ same: readonly unknown[]; selected: Selection } | null>(null);
  useEffect(() => {
    const canvases = [ground.current, layer.current];
    return () => {
      painted.current = null;
      releaseCanvases(canvases);
    };
  }, []);
  // By name: a parcel that has become another size is somewhere else.
  const [place, setPlace] = useState(props.startAt ?? null);
  const [pointing, setPointing] = useState<{ id: string; x: number; y: number } | null>(null);
  const [focused, setFocused] = useState(false);
  const [fonts, setFonts] = useState(false);
  const scheme = useComputedColorScheme("light");
  const ratio = usePixelRatio();
  const typed = useTyped();
  const places = useMemo(() => new Map(parcels.map(({ id }, index) => [id, index])), [parcels]);
  const cursor = (place === null ? undefined : places.get(place)) ?? 0;
  const current = parcels[cursor];
  const pointedAt = (pointing && places.get(pointing.id)) ?? -1;
  const pointed = parcels[pointedAt];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that are read
  const ink = useMemo(() => readInk(categories), [categories, scheme]);

  useEffect(() => {
    let gone = false;
    void document.fonts?.ready.then(() => gone || setFonts(true));
    return () => {
      gone = true;
    };
  }, []);
  useLayoutEffect(() => {
    const context = fitted(ground.current, size, ratio);
    if (!context) return;
    const picture = { parcels, boxes, categories, ink, ratio, highlighted, selected };
    // Names are measured anew when their font has come.
    const same = [parcels, boxes, categories, ink, ratio, size, highlighted, fonts];
    const before = painted.current;
    painted.current = { same, selected };
    const others = before?.same.every((one, at) => one === same[at])
      ? [...differing(before.selected, selected)].flatMap((id) => places.get(id) ?? []).sort((a, b) => a - b)
      : null;
    // A few that were selected, or are not any more, are quickly drawn; ten thousand are not.
    if (others && others.length <= repainted) repaint(context, picture, others);
    else paint(context, picture);
  }, [parcels, boxes, categories, ink, ratio, size, highlighted, selected, fonts, places]);
  useLayoutEffect(() => {
    const context = fitted(layer.current, size, ratio);
    if (!context) return;
    const frames = [];
    if (pointedAt >= 0) frames.push({ box: boxOf(boxes, pointedAt), colour: ink.text, line: 1.5 });
    if (focused && current) frames.push({ box: boxOf(boxes, cursor), colour: ink.focus, line: 3 });
    paintFrame(context, ratio, frames);
  }, [pointedAt, focused, cursor, current, boxes, ink, ratio, size]);
  const { autoFocus = false } = props;
  useEffect(() => {
    if (autoFocus) hostRef.current?.focus();
  }, [autoFocus, hostRef]);

  const spot = (event: MouseEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    return { x, y, parcel: parcels[parcelAt(boxes, x, y)] };
  };
  const toggle = (parcel: Parcel | undefined) => {
    if (!parcel || !onSelect) return;
    const next = new Set(selected);
    if (!next.delete(parcel.id)) next.add(parcel.id);
    onSelect(next);
  };
  const move = (index: number) => {
    const { id } = parcels[index] ?? { id: "" };
    const { left, top, width, height } = boxOf(boxes, index);
    setPlace(id);
    setPointing({ id, x: left + Math.min(width, 120), y: top + Math.min(height, 40) });
  };
  const openMenu = (parcel: Parcel | undefined, x: number, y: number) => {
    if (!parcel || !onMenu) return;
    setPlace(parcel.id);
    setPointing(null);
    onMenu({ parcel, x, y });
  };
  useWheelSteps(hostRef, (inwards) => {
    if (!inwards) onLeave?.();
    else if (pointed) onEnter?.(pointed);
  });

  const style = { width: size.width, height: size.height } satisfies CSSProperties;
  return (
    <div
      ref={hostRef}
      className={classes.host}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-describedby={`${id}-help`}
      aria-multiselectable={onSelect ? true : undefined}
      aria-activedescendant={current ? `${id}-${cursor}` : undefined}
      onFocus={(event) => setFocused(event.currentTarget.matches(":focus-visible"))}
      onBlur={() => {
        setFocused(false);
        setPointing(null);
      }}
      onMouseMove={(event) => {
        const { parcel, x, y } = spot(event);
        setPointing(parcel ? { id: parcel.id, x, y } : null);
      }}
      onMouseLeave={() => setPointing(null)}
      onClick={(event) => {
        const { parcel } = spot(event);
        if (!parcel) return;
        setPlace(parcel.id);
        if (hasModifier(event) || event.shiftKey) toggle(parcel);
        else onOpen(parcel);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenu(spot(event).parcel, event.clientX, event.clientY);
      }}
      onKeyDown={(event) => {
        setFocused(true);
        handleMapKey(event, {
          boxes,
          parcels,
          cursor,
          move,
          open: () => current && onOpen(current),
          enter: () => current && onEnter?.(current),
          toggle: () => toggle(current),
          selectAll: () => onSelect?.(new Set(parcels.map((parcel) => parcel.id))),
          leave: () => {
            if (onLeave) onLeave();
            else if (selected.size > 0) onSelect?.(nothingSelected);
            else return false;
            return true;
          },
          copy: onCopy,
          menu: () => {
            const { left = 0, top = 0 } = hostRef.current?.getBoundingClientRect() ?? {};
            const box = boxOf(boxes, cursor);
            openMenu(current, left + box.left + 12, top + box.top + 12);
          },
          typed,
        });
      }}
    >
      <canvas ref={ground} className={classes.canvas} style={style} />
      <canvas ref={layer} className={classes.canvas} style={style} />
      {current && (
        // The only parcel that is in the page: the one that has the keyboard.
        <span
          id={`${id}-${cursor}`}
          role="option"
          tabIndex={-1}
          className="visually-hidden"
          aria-selected={selected.has(current.id)}
          aria-posinset={cursor + 1}
          aria-setsize={parcels.length}
        >
          {props.sentence(current)}
        </span>
      )}
      <span id={`${id}-help`} hidden>
        {help}
      </span>
      {pointing && pointed && (
        <ParcelTip x={pointing.x} y={pointing.y} size={size}>
          {props.detail(pointed)}
        </ParcelTip>
      )}
    </div>
  );
}

/** What is in one of them alone. */
function* differing(one: Selection, other: Selection): Iterable<string> {
  for (const id of one) if (!other.has(id)) yield id;
  for (const id of other) if (!one.has(id)) yield id;
}

/** The drawing of a canvas that has as many pixels as it shows. */
function fitted(
  canvas: HTMLCanvasElement | null,
  size: Size,
  ratio: number,
): CanvasRenderingContext2D | null {
  if (!canvas) return null;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return canvas.getContext("2d");
}
