/** Dates, times and numbers as the person's language writes them. */
import { language } from "./index.ts";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export const number = (value: number) => new Intl.NumberFormat(language()).format(value);

export const percent = (share: number) =>
  new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(share);

export const date = (moment: string | Date) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(moment));

export const dateTime = (moment: string | Date) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));

export const time = (moment: string | Date) => new Intl.DateTimeFormat(language(), { timeStyle: "short" }).format(new Date(moment));

/** How long ago, or in how long: "3 minutes ago". */
export function ago(moment: string | Date, now = Date.now()): string {
  const seconds = (new Date(moment).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "short" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}

/** A length of time in its two largest units: "1 h 5 min". */
export function duration(seconds: number): string {
  const write = (value: number, unit: string) =>
    new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(value);
  if (seconds < 60) return write(Math.round(seconds), "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return write(minutes, "minute");
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return write(Math.round(hours / 24), "day");
  return minutes % 60 ? `${write(hours, "hour")} ${write(minutes % 60, "minute")}` : write(hours, "hour");
}

export function bytes(size: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let step = 0;
  let value = size;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(language(), { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** What a language is called in the person's own; what is no language is said as it is. */
export function languageName(tag: string, spoken: string = language()): string {
  try {
    return new Intl.DisplayNames(spoken, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
