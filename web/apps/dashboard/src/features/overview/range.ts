/** Which days the overview is about: the last ones, or two dates of the person's own. */

export const LENGTHS = [7, 28, 90] as const;
export const USUAL = 28;

/** Without anything it is the usual length up to today. */
export type RangeSearch = { days?: number; from?: string; to?: string };
export type Range = { from: string; to: string };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Keep what is a known length or two dates. What is left out here would stay as it was given. */
export function readSearch(search: Record<string, unknown>): RangeSearch {
  const { days, from, to } = search;
  if (isDay(from) && isDay(to)) return { days: undefined, from, to };
  const known = LENGTHS.find((one) => one === Number(days));
  return { days: known === USUAL ? undefined : known, from: undefined, to: undefined };
}

/** Days are those of the project, which may have another date than this browser. */
export function rangeOf({ days = USUAL, from, to }: RangeSearch, timeZone: string): Range {
  if (from && to) return { from, to };
  const today = todayIn(timeZone);
  return { from: daysBefore(today, days - 1), to: today };
}

export const isDay = (value: unknown): value is string => typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));

function todayIn(timeZone: string): string {
  // Swedish dates are written as ISO's are.
  return new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short" }).format(new Date());
}

function daysBefore(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - days);
  return moment.toISOString().slice(0, 10);
}
