// @ts-check
/** Words numbers, times and reasons for people. */

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** @param {number} number */
export const count = (number) => number.toLocaleString();

/** @param {number} number @param {string} one @param {string} [many] */
export const counted = (number, one, many = `${one}s`) =>
  `${count(number)} ${number === 1 ? one : many}`;

/** @param {string} iso @returns {string} such as “2 hours ago” or “in 3 days” */
export function ago(iso) {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return seconds > 0 ? "in a moment" : "just now";
}

/** @param {string | null} iso @returns {string} */
export const when = (iso) => (iso ? moment.format(new Date(iso)) : "");

/** @param {number} seconds @returns {string} a rough duration, for estimates */
export function duration(seconds) {
  if (seconds < 60) return "less than a minute";
  if (seconds < 5400) return `about ${counted(Math.round(seconds / 60), "minute")}`;
  return `about ${counted(Math.round(seconds / 3600), "hour")}`;
}

/** @param {number} bytes */
export const size = (bytes) =>
  bytes < 1024 * 1024
    ? `${Math.ceil(bytes / 1024).toLocaleString()} KB`
    : `${(bytes / 1024 / 1024).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;

/** @param {string} text @returns {string} a reason as a full sentence */
export function sentence(text) {
  // Don't capitalise an address or a file name at the beginning.
  const begun = /^[a-z]+[\s,]/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
