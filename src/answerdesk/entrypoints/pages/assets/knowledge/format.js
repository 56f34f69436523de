// @ts-check
/** Formats numbers, times and states for people. */

/**
 * @typedef {import("./shapes.js").ChangeKind} ChangeKind
 * @typedef {import("./shapes.js").DocumentState} DocumentState
 * @typedef {import("./shapes.js").PageState} PageState
 * @typedef {import("./shapes.js").Source} Source
 * @typedef {import("./shapes.js").Sync} Sync
 * @typedef {import("./shapes.js").SyncState} SyncState
 */

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

/** @type {Record<Source["kind"], string>} */
export const KINDS = {
  site: "Website",
  page: "Single page",
  file: "File",
  folder: "Folder",
  text: "Text",
  qa: "Questions and answers",
};

/** @type {Record<SyncState, string>} */
export const SYNC_STATES = {
  queued: "Waiting to begin",
  fetching: "Reading the pages",
  indexing: "Ingesting the pages",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** Tone and text of each. @type {Record<PageState, [string, string]>} */
export const PAGE_STATES = {
  good: ["good", "Good"],
  failed: ["bad", "Failed"],
  skipped: ["calm", "Skipped"],
  found: ["busy", "Not fetched yet"],
  gone: ["calm", "Gone"],
};

/** @type {Record<DocumentState, [string, string]>} */
export const DOCUMENT_STATES = {
  ready: ["good", "Good"],
  failed: ["bad", "Failed"],
  pending: ["busy", "Being ingested"],
};

/** @type {Record<ChangeKind, [string, string]>} */
export const CHANGES = {
  added: ["good", "New"],
  changed: ["busy", "Changed"],
  removed: ["calm", "Removed"],
  failed: ["bad", "Failed"],
  held: ["warn", "Kept, but seems gone"],
};

/** @param {Sync | null} sync */
export const isRunning = (sync) =>
  sync !== null && ["queued", "fetching", "indexing"].includes(sync.state);

/** @param {Source} source @returns {boolean} whether it is read from the web and has syncs */
export const isWeb = (source) => source.kind === "site" || source.kind === "page";

/**
 * The state of a source, in a few words.
 *
 * @param {Source} source @returns {[string, string]} tone and text
 */
export function stateOf(source) {
  const sync = source.last_sync;
  if (sync && isRunning(sync)) return ["busy", SYNC_STATES[sync.state]];
  if (sync?.state === "failed") return ["bad", "The last sync failed"];
  if (sync?.state === "cancelled") return ["warn", "The last sync was cancelled"];
  if (sync?.removals_held) return ["warn", `${counted(sync.removals_held, "page")} to decide about`];
  if (source.pending) return ["busy", "Being ingested"];
  const failed = sync ? sync.failed : source.failed;
  if (failed) return ["warn", `${count(failed)} failed`];
  if (isWeb(source) && !sync) return ["busy", "Waiting to begin"];
  if (!source.ready) return ["calm", "Empty"];
  return ["good", "Good"];
}

/** @param {Sync} sync an ended sync @returns {string} how many pages had which result */
export function tally(sync) {
  /** @type {[number, string][]} */
  const counts = [
    [sync.added, "new"],
    [sync.changed, "changed"],
    [sync.unchanged, "unchanged"],
    [sync.removed, "removed"],
    [sync.removals_held, "kept, but seem gone"],
    [sync.failed, "failed"],
    [sync.skipped, "skipped"],
  ];
  const told = counts.filter(([number]) => number).map(([number, what]) => `${count(number)} ${what}`);
  return told.join(" · ") || "no pages were checked";
}

/** @param {Source} source @returns {string} how much it holds, and its last and next sync */
export function glance(source) {
  const what = isWeb(source) ? "page" : source.kind === "qa" ? "question" : "document";
  const told = [`${counted(source.ready, what)} in the answers`];
  if (source.pending) told.push(`${count(source.pending)} being ingested`);
  if (source.failed) told.push(`${count(source.failed)} could not be read`);
  if (isWeb(source) && source.last_sync?.finished_at) {
    told.push(`checked ${ago(source.last_sync.finished_at)}`);
  }
  if (isWeb(source) && !isRunning(source.last_sync)) {
    told.push(source.next_sync_at ? `next ${ago(source.next_sync_at)}` : "checked only on demand");
  }
  return told.join(" · ");
}
