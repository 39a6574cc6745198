import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Input,
  InputWrapper,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  SegmentedControl,
  Skeleton,
  Tabs,
  Tooltip,
  type VariantColorsResolver,
} from "@mantine/core";

/** Mantine asks for ten shades; the window's own colours come from tokens.css through the resolver below. */
const accent: MantineColorsTuple = [
  "#e0f0ee",
  "#c4e2de",
  "#9fd0c8",
  "#79bdb3",
  "#4fb8ad",
  "#2f958b",
  "#177d76",
  "#0b6b66",
  "#095752",
  "#06423e",
];

/** A colour name of a component (`color="bad"`) as the tokens behind it. */
const roles: Record<string, { main: string; hover: string; on: string; soft: string; text: string }> = {
  accent: {
    main: "var(--accent)",
    hover: "var(--accent-hover)",
    on: "var(--on-accent)",
    soft: "var(--accent-soft)",
    text: "var(--accent-text)",
  },
  bad: {
    main: "var(--bad)",
    hover: "var(--bad-hover)",
    on: "var(--on-bad)",
    soft: "var(--bad-soft)",
    text: "var(--bad)",
  },
  warn: {
    main: "var(--warn)",
    hover: "var(--warn)",
    on: "var(--surface)",
    soft: "var(--warn-soft)",
    text: "var(--warn)",
  },
  ok: {
    main: "var(--ok)",
    hover: "var(--ok)",
    on: "var(--surface)",
    soft: "var(--ok-soft)",
    text: "var(--ok)",
  },
  info: {
    main: "var(--info)",
    hover: "var(--info)",
    on: "var(--surface)",
    soft: "var(--info-soft)",
    text: "var(--info)",
  },
  gray: {
    main: "var(--dim)",
    hover: "var(--text)",
    on: "var(--surface)",
    soft: "var(--sunk)",
    text: "var(--dim)",
  },
};

const variantColors: VariantColorsResolver = ({ color, variant, theme }) => {
  const role = roles[color ?? theme.primaryColor] ?? (roles.accent as (typeof roles)[string]);
  const clear = "1px solid transparent";
  switch (variant) {
    case "filled":
      return { background: role.main, hover: role.hover, color: role.on, border: clear };
    case "light":
      return { background: role.soft, hover: role.soft, color: role.text, border: clear };
    case "outline":
      return {
        background: "transparent",
        hover: role.soft,
        color: role.text,
        border: `1px solid ${role.main}`,
      };
    case "subtle":
    case "transparent":
      return { background: "transparent", hover: "var(--sunk)", color: role.text, border: clear };
    default:
      return {
        background: "var(--surface)",
        hover: "var(--hover)",
        color: color === "bad" ? "var(--bad)" : "var(--text)",
        border: "1px solid var(--line-strong)",
      };
  }
};

/** The same for both schemes: the tokens themselves change with the scheme. */
const shared: Record<string, string> = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--dim)",
  "--mantine-color-placeholder": "var(--faint)",
  "--mantine-color-anchor": "var(--accent-text)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-disabled": "var(--sunk)",
  "--mantine-color-disabled-color": "var(--faint)",
  "--mantine-color-disabled-border": "var(--line)",
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-filled-hover": "var(--accent-hover)",
  "--mantine-primary-color-light": "var(--accent-soft)",
  "--mantine-primary-color-light-hover": "var(--accent-soft)",
  "--mantine-primary-color-light-color": "var(--accent-text)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
  "--mantine-color-accent-filled": "var(--accent)",
  "--mantine-color-accent-filled-hover": "var(--accent-hover)",
  "--mantine-color-accent-light": "var(--accent-soft)",
  "--mantine-color-accent-light-hover": "var(--accent-soft)",
  "--mantine-color-accent-light-color": "var(--accent-text)",
  "--mantine-color-accent-outline": "var(--accent)",
};

/** The greys that Mantine's own styles name, as the window's surfaces and lines. */
const greys = (name: "gray" | "dark", shades: Record<number, string>) =>
  Object.fromEntries(
    Object.entries(shades).map(([shade, token]) => [`--mantine-color-${name}-${shade}`, token]),
  );

const light = {
  ...shared,
  ...greys("gray", {
    0: "var(--hover)",
    1: "var(--sunk)",
    2: "var(--line)",
    3: "var(--line)",
    4: "var(--line-strong)",
    5: "var(--faint)",
    6: "var(--dim)",
    7: "var(--dim)",
  }),
};

const dark = {
  ...shared,
  ...greys("dark", {
    0: "var(--text)",
    1: "var(--dim)",
    2: "var(--dim)",
    3: "var(--faint)",
    4: "var(--line-strong)",
    5: "var(--hover)",
    6: "var(--surface)",
    7: "var(--surface)",
    8: "var(--sunk)",
    9: "var(--sunk)",
  }),
};

export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light, dark });

export const theme = createTheme({
  colors: { accent },
  primaryColor: "accent",
  variantColorResolver: variantColors,
  fontFamily: "var(--font-text)",
  fontFamilyMonospace: "var(--font-code)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.45", lg: "1.4", xl: "1.3" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "28px" },
  radius: { xs: "3px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "md",
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "18px" }, h2: { fontSize: "15px" } } },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: Button.extend({
      defaultProps: { size: "xs", variant: "default" },
      vars: (_theme, props) => {
        const height = props.size === "sm" ? "32px" : props.size === "md" ? "36px" : "28px";
        return { root: { "--button-height": height, "--button-padding-x": "11px", "--button-fz": "13px" } };
      },
      styles: { label: { fontWeight: 550 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 28 } }),
    Input: Input.extend({
      defaultProps: { size: "sm" },
      vars: (_theme, props) => ({
        wrapper: { "--input-height": props.size === "xs" ? "28px" : "32px", "--input-fz": "13px" },
      }),
      styles: { input: { textOverflow: "ellipsis" } },
    }),
    InputWrapper: InputWrapper.extend({
      styles: {
        label: { display: "block", fontWeight: 550, fontSize: 13, marginBottom: 3 },
        description: { fontSize: 12, color: "var(--dim)" },
        error: { fontSize: 12 },
      },
    }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "xs" } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: "xs" } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { color: "var(--scrim)", backgroundOpacity: 1 },
        transitionProps: { transition: "fade", duration: 120 },
        radius: "lg",
      },
      styles: {
        content: { border: "1px solid var(--line)", boxShadow: "var(--shadow)" },
        title: { fontWeight: 650, fontSize: 16 },
      },
    }),
    Popover: Popover.extend({ defaultProps: { hideDetached: false } }),
    Menu: Menu.extend({
      defaultProps: {
        // Nothing that opens a menu scrolls away under it; looking for that would only cost.
        hideDetached: false,
        shadow: "none",
        transitionProps: { duration: 80 },
        withinPortal: true,
      },
      styles: {
        dropdown: { boxShadow: "var(--shadow)", border: "1px solid var(--line-strong)" },
        item: { fontSize: 13, padding: "5px 10px" },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, multiline: true, maw: 380, fz: 12 },
      styles: {
        tooltip: { background: "var(--text)", color: "var(--surface)", padding: "4px 8px", borderRadius: 5 },
      },
    }),
    Tabs: Tabs.extend({ styles: { tab: { fontSize: 13, padding: "8px 12px" } } }),
    Badge: Badge.extend({ defaultProps: { radius: "sm", variant: "light" } }),
    Alert: Alert.extend({ defaultProps: { variant: "light", radius: "md" } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: "sm" } }),
  },
});
