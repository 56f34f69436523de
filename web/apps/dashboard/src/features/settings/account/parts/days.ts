/** The moment at which a day (`2026-12-31`) begins here, or so many days later. */
export function dayBegins(day: string, plus = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + plus);
}
