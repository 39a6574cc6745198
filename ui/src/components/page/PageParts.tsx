import { Link, type LinkProps } from "@tanstack/react-router";
import classes from "./PageParts.module.css";

type PagePartsProps = {
  label: string;
  parts: readonly { to: NonNullable<LinkProps["to"]>; label: string }[];
};

/** The parts of a place, at the end of its first line. */
export function PageParts({ label, parts }: PagePartsProps) {
  return (
    <nav className={classes.parts} aria-label={label}>
      {parts.map((part) => (
        <Link
          key={part.to}
          to={part.to}
          activeOptions={{ exact: true, includeSearch: false }}
          className={classes.part}
        >
          {part.label}
        </Link>
      ))}
    </nav>
  );
}
