import classes from "./Status.module.css";

export type Tone = "ok" | "warn" | "bad" | "info" | "off" | "busy";

type StatusProps = {
  tone: Tone;
  /** The word beside the sign; colour and shape never stand alone. */
  label: string;
};

/** A state as a sign and a word. Each tone has its own shape, so that colours are not needed to tell them apart. */
export function Status({ tone, label }: StatusProps) {
  return (
    <span className={classes.status} data-tone={tone}>
      <Sign tone={tone} />
      <span className={classes.label}>{label}</span>
    </span>
  );
}

/** The sign alone, for places where the word stands elsewhere. */
export function Sign({ tone }: { tone: Tone }) {
  return (
    <svg className={classes.sign} data-tone={tone} viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      {shapes[tone]}
    </svg>
  );
}

const shapes = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  warn: <path d="M5 0.2 9.8 5 5 9.8 0.2 5Z" fill="currentColor" />,
  bad: <rect x="1" y="1" width="8" height="8" fill="currentColor" />,
  info: <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  off: <circle cx="5" cy="5" r="3.7" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  busy: (
    <path
      d="M5 1.2A3.8 3.8 0 1 1 1.2 5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
    />
  ),
} satisfies Record<Tone, React.ReactNode>;
