/** The tokens of tokens.css as Mantine's theme. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, Menu } from "@mantine/core";

const harbor: MantineColorsTuple = [
  "#eef7f5",
  "#dcebe7",
  "#b5d8d1",
  "#8cc5bb",
  "#74cbbf",
  "#3f9a90",
  "#1a7a72",
  "#0d615b",
  "#0a4f4a",
  "#0b3b38",
];

export const theme = createTheme({
  colors: { harbor },
  primaryColor: "harbor",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  fontFamily: "var(--sans)",
  headings: { fontFamily: "var(--sans)" },
  defaultRadius: "sm",
  radius: { xs: "4px", sm: "var(--radius-s)", md: "var(--radius-m)", lg: "var(--radius-l)", xl: "24px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // In its place in the page, so that it lies within a landmark; fixed, so that nothing clips it.
    Menu: Menu.extend({
      defaultProps: { withinPortal: false, floatingStrategy: "fixed", withInitialFocusPlaceholder: false },
    }),
  },
});

const ours = {
  "--mantine-color-body": "var(--ground)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-placeholder": "var(--ink-soft)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--sunk)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--edge)",
  "--mantine-color-anchor": "var(--accent-ink)",
  "--mantine-color-error": "var(--alarm)",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
