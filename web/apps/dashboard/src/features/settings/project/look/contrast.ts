/** How well text can be read on a colour, as WCAG measures it. */
const INKS = ["#ffffff", "#000000"];

/** The colour of text on a ground of `color`: the one that can be read better; the server chooses the same. */
export const inkOn = (color: string): string => INKS.reduce((best, ink) => (contrast(ink, color) > contrast(best, color) ? ink : best));

export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const part = Number.parseInt(color.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
