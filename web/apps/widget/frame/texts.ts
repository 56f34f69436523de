/** The frame has no text of its own: all of them come with the settings, in the visitor's language. */

export type Say = (key: string, values?: Record<string, string | number>) => string;

/** A missing text shows its key, so that it is noticed and breaks nothing. */
export const sayIn =
  (texts: Record<string, string>): Say =>
  (key, values = {}) =>
    (texts[key] ?? key).replace(/\{(\w{1,20})\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );

/** A moment in the visitor's language and zone, such as “Monday, 7 December at 09:00”. */
export function moment(iso: string, locale: string): string {
  const shape = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat(locale, shape).format(new Date(iso));
  } catch {
    return new Intl.DateTimeFormat("en", shape).format(new Date(iso));
  }
}
