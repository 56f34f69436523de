/** Colours that stay readable, whichever the owner has chosen. */

type Rgb = [number, number, number];

/** The least contrast of text (WCAG 2.2, level AA). */
export const READABLE = 4.5;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** The colour of text on all of these, and the grounds themselves, darkened where no colour would do. */
export function readableOn(grounds: string[], ink: string): { ink: string; grounds: string[] } {
  const parsed = grounds.map(rgb);
  const worst = (text: Rgb) => Math.min(...parsed.map((ground) => contrast(text, ground)));
  if (worst(rgb(ink)) >= READABLE) return { ink, grounds };
  for (const other of [WHITE, BLACK]) if (worst(other) >= READABLE) return { ink: hex(other), grounds };
  return { ink: hex(WHITE), grounds: parsed.map((ground) => hex(moved(ground, BLACK, WHITE))) };
}

/** A colour of the same hue that can be read on a ground. */
export function readableText(color: string, ground: string): string {
  const on = rgb(ground);
  return hex(moved(rgb(color), luminance(on) > 0.18 ? BLACK : WHITE, on));
}

/** Move a colour towards an end, as little as makes it readable against another. */
function moved(color: Rgb, end: Rgb, against: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = color.map((part, place) => Math.round(part + ((end[place] ?? 0) - part) * share)) as Rgb;
    if (contrast(tried, against) >= READABLE) return tried;
  }
  return end;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Relative luminance, as WCAG defines it. */
function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Read `#rrggbb`; anything else is black. */
export function rgb(color: string): Rgb {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  return found ? (found.slice(1).map((part) => Number.parseInt(part, 16)) as Rgb) : BLACK;
}

const hex = (color: Rgb): string => `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
