import { language } from "../../../../texts/index.ts";

const MILLION = 1_000_000;

/** Millionths of a currency as people write it: “$1.25”. */
export function money(micros: number, currency: string | null): string {
  const value = micros / MILLION;
  const maximumFractionDigits = value !== 0 && Math.abs(value) < 1 ? 4 : 2;
  if (!currency) return new Intl.NumberFormat(language(), { maximumFractionDigits }).format(value);
  return new Intl.NumberFormat(language(), { style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits }).format(value);
}
