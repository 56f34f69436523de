import type { texts } from "./texts.ts";

type Texts = (typeof texts)["en"];

/** How often a website can be looked at, and what it is set to, if that is something else. */
export function schedules(t: Texts, hours: number | null = null): { value: string; label: string }[] {
  const known = [
    { value: "1", label: t.everyHour },
    { value: "6", label: t.every6 },
    { value: "24", label: t.daily },
    { value: "168", label: t.weekly },
    { value: "", label: t.never },
  ];
  const isKnown = hours === null || known.some(({ value }) => value === String(hours));
  return isKnown ? known : [{ value: String(hours), label: t.everyHours(hours) }, ...known];
}
