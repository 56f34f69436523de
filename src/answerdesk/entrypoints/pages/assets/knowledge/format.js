// @ts-check
/** The states of what is known, in words for people. */

import { ago, count, counted } from "../wording.js";

/**
 * @typedef {import("./shapes.js").ChangeKind} ChangeKind
 * @typedef {import("./shapes.js").DocumentState} DocumentState
 * @typedef {import("./shapes.js").PageState} PageState
 * @typedef {import("./shapes.js").Source} Source
 * @typedef {import("./shapes.js").Sync} Sync
 * @typedef {import("./shapes.js").SyncState} SyncState
 */

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
