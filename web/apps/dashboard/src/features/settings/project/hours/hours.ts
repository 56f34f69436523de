/** Office hours as they stand in fields, and what is wrong with them. */
import type { Schemas } from "../../../../api/client.ts";
import type { Checked } from "../../draft.ts";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export type Times = { start: string; end: string };

export type Hours = {
  timezone: string;
  /** Always there, on every day. */
  always: boolean;
  days: Record<Day, Times[]>;
  holidays: { date: string; name: string }[];
};

type Known = Schemas["OfficeHours"];

const MIDNIGHT = "00:00";
const clock = (iso: string) => iso.slice(0, 5);

export const NO_HOURS: Known = { timezone: "UTC", days: {}, holidays: [] };

export function hoursOf({ timezone, days = {}, holidays }: Known): Hours {
  const of = (day: Day) => (days[day] ?? []).map(({ start, end }) => ({ start: clock(start), end: clock(end) }));
  return {
    timezone,
    always: Object.keys(days).length === 0,
    days: Object.fromEntries(DAYS.map((day) => [day, of(day)])) as Record<Day, Times[]>,
    holidays: holidays.map(({ date, name }) => ({ date, name: name ?? "" })),
  };
}

/** As a merge patch, which has to name all days: it keeps those that it leaves out. */
export function hoursIn({ timezone, always, days, holidays }: Hours) {
  return {
    timezone: timezone.trim(),
    days: Object.fromEntries(DAYS.map((day) => [day, always ? null : days[day]])),
    holidays: holidays.map(({ date, name }) => ({ date, name: name.trim() || null })),
  };
}

type Said = { bothTimes: string; backward: string; overlap: string; dayNeeded: string; dayTwice: string };

export function hoursFaults(hours: Hours, at: string, said: Said): Checked {
  const found: Record<string, string> = {};
  for (const day of hours.always ? [] : DAYS) Object.assign(found, dayFaults(hours.days[day], `${at}.days.${day}`, said));
  const dates = new Set<string>();
  hours.holidays.forEach(({ date }, place) => {
    if (!date) found[`${at}.holidays[${place}].date`] = said.dayNeeded;
    else if (dates.has(date)) found[`${at}.holidays[${place}].date`] = said.dayTwice;
    dates.add(date);
  });
  return found;
}

function dayFaults(times: Times[], at: string, said: Said): Record<string, string> {
  const found: Record<string, string> = {};
  times.forEach(({ start, end }, place) => {
    if (!start || !end) found[`${at}[${place}]`] = said.bothTimes;
    else if (end !== MIDNIGHT && end <= start) found[`${at}[${place}]`] = said.backward;
  });
  if (Object.keys(found).length) return found;
  const ordered = times.map((one, place) => ({ ...one, place })).sort((one, other) => one.start.localeCompare(other.start));
  ordered.forEach(({ start, place }, index) => {
    const before = ordered[index - 1]?.end;
    if (before !== undefined && (before === MIDNIGHT || start < before)) found[`${at}[${place}]`] = said.overlap;
  });
  return found;
}
