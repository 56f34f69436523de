// @ts-check
/** Money in words: the API counts in millionths of a currency. */

const MILLION = 1_000_000;

/** @param {number} micros @param {string | null} currency @returns {string} such as “$1.25” */
export function money(micros, currency) {
  const value = micros / MILLION;
  const maximumFractionDigits = value !== 0 && Math.abs(value) < 1 ? 4 : 2;
  if (!currency) return value.toLocaleString(undefined, { maximumFractionDigits });
  return new Intl.NumberFormat(undefined, { style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits }).format(value);
}

/** @param {number | null} micros @returns {string} for a number field */
export const inField = (micros) => (micros === null ? "" : String(micros / MILLION));

/** @param {string} text of a number field @returns {number | null} */
export const fromField = (text) => (text === "" ? null : Math.round(Number(text) * MILLION));
