import type { Environment, OpenConnection, Profile } from "../../api/types";

export type EnvironmentLook = {
  /** Key of the label in common.json. */
  label: `environment.${Environment | "demo"}`;
  /** A CSS colour. */
  colour: string;
  /** The colour of text on it. */
  onColour: string;
  /** A line of that colour goes around the whole window. */
  framed: boolean;
};

/** The label and colour of an open connection. Production is loud; a colour of one's own is shown too. */
export function environmentLook(connection: OpenConnection): EnvironmentLook {
  if (connection.demo) return look("demo", null);
  return profileLook(connection.profile);
}

export function profileLook(profile: Profile): EnvironmentLook {
  return look(profile.environment, profile.colour);
}

function look(environment: Environment | "demo", own: string | null): EnvironmentLook {
  return {
    label: `environment.${environment}`,
    colour: own ?? `var(--${environment})`,
    onColour: own ? readableOn(own) : "var(--on-environment)",
    framed: environment === "production" || own !== null,
  };
}

/** Black or white, whichever is read better on this `#rrggbb`. */
export function readableOn(colour: string): string {
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  // Where white and black are equally far away, by WCAG's ratio.
  return luminance > 0.179 ? "#000000" : "#ffffff";
}
