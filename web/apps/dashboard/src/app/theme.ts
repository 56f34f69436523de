import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The blue of our own pages, with the steps that Mantine mixes from. */
const desk: MantineColorsTuple = ["#edf1ff", "#d8e0fd", "#aebef6", "#819af0", "#5c7bea", "#4568e7", "#385ee7", "#2a4fcf", "#2248bc", "#123da6"];

/** A dialog's head is no banner of the page, as its element alone would say. */
const dialog = { defaultProps: { attributes: { header: { role: "none" } } } };

export const theme = createTheme({
  primaryColor: "desk",
  // With 8 in both schemes, filled buttons have the contrast that WCAG asks for.
  primaryShade: 8,
  autoContrast: true,
  colors: { desk },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  components: { Modal: dialog, Drawer: dialog },
});

/** Mantine's quiet greys have a contrast of 3.3 on white, its badges one of 4.3; WCAG asks for 4.5. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#566072", "--mantine-color-placeholder": "#626b7a", "--mantine-color-error": "#a3161f", "--mantine-color-teal-light-color": "#066649", "--mantine-color-orange-light-color": "#a33303" },
  dark: { "--mantine-color-anchor": "#aebef6", "--mantine-color-dimmed": "#a9b2c1", "--mantine-color-placeholder": "#98a1b0", "--mantine-color-error": "#ff9c9c" },
});
