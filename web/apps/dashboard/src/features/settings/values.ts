/** What stands in fields as text: numbers that may be missing, money, lists with one entry a line. */

export const textOf = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));

export const numberIn = (text: string): number | null => (text.trim() === "" ? null : Number(text));

export const isWhole = (text: string, least: number, most: number): boolean =>
  text.trim() === "" || (/^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most);

export const lines = (text: string): string[] => text.split("\n").map((one) => one.trim()).filter(Boolean);

const MILLION = 1_000_000;

/** The API counts money in millionths of the currency. */
export const moneyText = (micros: number | null | undefined): string => (micros === null || micros === undefined ? "" : String(micros / MILLION));

export const moneyIn = (text: string): number | null => (text.trim() === "" ? null : Math.round(Number(text) * MILLION));

export const isAmount = (text: string): boolean => text.trim() === "" || (Number.isFinite(Number(text)) && Number(text) >= 0);

/** `pt-br` as `pt-BR`; what is none stays as it is. */
export function tidyTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    return tag;
  }
}
