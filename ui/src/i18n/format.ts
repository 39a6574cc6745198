import i18next from "i18next";
import { useSyncExternalStore } from "react";

const sizeUnits: Record<string, readonly string[]> = {
  en: ["B", "kB", "MB", "GB", "TB", "PB"],
  fr: ["o", "ko", "Mo", "Go", "To", "Po"],
};
const thin = "\u202f";
const noBreak = "\u00a0";

/** Numbers, sizes and times as this language writes them. */
export type Format = {
  language: string;
  number(value: number): string;
  percent(share: number): string;
  /** With one digit after the point. */
  decimal(value: number): string;
  /** A size by its own unit, in powers of 1,024 as PostgreSQL counts. */
  bytes(value: number): string;
  /** `0.14 s`, `2 min 05 s`, `1 h 12 min`. */
  duration(milliseconds: number): string;
  /** `30 days`, from core's English. What is no period stays as it is. */
  period(text: string): string;
  /** `2 h ago`, in words. */
  relative(time: string, now?: number): string;
  /** Date and time of this computer's zone. */
  dateTime(time: string): string;
  /** Compares texts as this language orders them, numbers by value. */
  compare(a: string, b: string): number;
};

const formats = new Map<string, Format>();

export function formatFor(language: string): Format {
  const known = formats.get(language);
  if (known) return known;
  const made = createFormat(language);
  formats.set(language, made);
  return made;
}

/** The formats of the window's language; whoever uses them is drawn again when it changes. */
export function useFormat(): Format {
  return useSyncExternalStore(subscribe, presentFormat);
}

function subscribe(listener: () => void): () => void {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

const presentFormat = () => formatFor(i18next.language);

function createFormat(language: string): Format {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const twoDigits = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" });
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const units = sizeUnits[language] ?? (sizeUnits.en as readonly string[]);
  const gap = language === "fr" ? noBreak : " ";

  const bytes = (value: number) => {
    let scaled = value;
    let unit = 0;
    while (Math.abs(scaled) >= 1024 && unit < units.length - 1) {
      scaled /= 1024;
      unit += 1;
    }
    // Two meaningful digits are what a person compares; more is noise.
    const figure = unit > 0 && Math.abs(scaled) < 9.95 ? oneDigit.format(scaled) : whole.format(scaled);
    return `${figure}${gap}${units[unit]}`;
  };

  return {
    language,
    number: whole.format,
    percent: percent.format,
    decimal: oneDigit.format,
    bytes,
    period: (text) => {
      const [, number, unit] = /^(\d+) (second|minute|hour|day)s?$/.exec(text) ?? [];
      if (number === undefined || unit === undefined) return text;
      return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(
        Number(number),
      );
    },
    duration: (milliseconds) => duration(milliseconds, whole, oneDigit, twoDigits),
    relative: (time, now = Date.now()) => relativeWords(Date.parse(time) - now, relative),
    dateTime: (time) => moment.format(new Date(time)),
    compare: collator.compare,
  };
}

function duration(
  milliseconds: number,
  whole: Intl.NumberFormat,
  oneDigit: Intl.NumberFormat,
  twoDigits: Intl.NumberFormat,
): string {
  if (milliseconds < 100) return `${whole.format(milliseconds)}${thin}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${twoDigits.format(seconds)}${thin}s`;
  if (seconds < 10) return `${oneDigit.format(seconds)}${thin}s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded}${thin}s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes}${thin}min ${String(rounded % 60).padStart(2, "0")}${thin}s`;
  return `${whole.format(Math.floor(minutes / 60))}${thin}h ${String(minutes % 60).padStart(2, "0")}${thin}min`;
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Empty for less than a minute: the caller says "just now". */
function relativeWords(distance: number, format: Intl.RelativeTimeFormat): string {
  for (const [unit, length] of steps) {
    if (Math.abs(distance) >= length) return format.format(Math.trunc(distance / length), unit);
  }
  return "";
}
