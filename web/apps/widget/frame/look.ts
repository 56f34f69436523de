/** How the frame looks: the owner's colours, in the visitor's theme. */
import { readableOn, readableText } from "./colors.ts";
import { adoptCustomCss } from "./customcss.ts";
import type { FrameSettings } from "./settings.ts";

/** Behind text; the style sheet has the same. */
const GROUNDS = { light: "#f2f3f6", dark: "#262b33" };
const dark = matchMedia("(prefers-color-scheme: dark)");

export function dress({ look, locale, dir }: FrameSettings): void {
  const root = document.documentElement;
  root.lang = locale;
  root.dir = dir;
  const show = () => {
    const theme = look.theme === "auto" ? (dark.matches ? "dark" : "light") : look.theme;
    root.dataset.theme = theme;
    root.style.setProperty("--accent", readableText(look.color, GROUNDS[theme]));
  };
  show();
  dark.onchange = show;
  root.style.setProperty("--brand", look.color);
  root.style.setProperty("--on-brand", look.ink);
  const stops = look.gradient.length > 1 ? look.gradient : [];
  const bar = readableOn(stops.length ? stops.map(({ color }) => color) : [look.color], look.ink);
  root.style.setProperty("--on-bar", bar.ink);
  const drawn = stops.map(({ at }, place) => `${bar.grounds[place]} ${at}%`).join(", ");
  root.style.setProperty("--bar", drawn ? `linear-gradient(135deg, ${drawn})` : look.color);
  adoptCustomCss(look.customCss);
}
