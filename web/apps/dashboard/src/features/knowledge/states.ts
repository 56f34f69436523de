/** The states of what is known: a tone and words for each. */
import type { Schemas } from "../../api/client.ts";
import { ago } from "../../texts/formats.ts";
import type { texts } from "./texts.ts";

export type Source = Schemas["SourceOut"];
export type Sync = Schemas["SyncOut"];
export type WebPage = Schemas["PageOut"];
export type StoredDocument = Schemas["DocumentOut"];
type Texts = (typeof texts)["en"];

export type Tone = "good" | "busy" | "warn" | "bad" | "calm";
export type State = { tone: Tone; text: string };

const RUNNING = ["queued", "fetching", "indexing"];

export const isRunning = (sync: Sync | null) => sync !== null && RUNNING.includes(sync.state);

/** Whether it is read from the web, again and again. */
export const isWeb = ({ kind }: Source) => kind === "site" || kind === "page";

/** Whether its counts change without anybody doing anything. */
export const isBusy = (source: Source) => source.pending > 0 || isRunning(source.last_sync) || (isWeb(source) && !source.last_sync);

export function stateOf(source: Source, t: Texts): State {
  const sync = source.last_sync;
  if (sync && isRunning(sync)) return { tone: "busy", text: runningState(sync, t) };
  if (sync?.state === "failed") return { tone: "bad", text: t.syncFailed };
  if (sync?.state === "cancelled") return { tone: "warn", text: t.cancelled };
  if (sync?.removals_held) return { tone: "warn", text: t.toDecide(sync.removals_held) };
  if (source.pending) return { tone: "busy", text: t.pending };
  const failed = sync ? sync.failed : source.failed;
  if (failed) return { tone: "warn", text: t.someFailed(failed) };
  if (isWeb(source) && !sync) return { tone: "busy", text: t.queued };
  if (!source.ready) return { tone: "calm", text: t.empty };
  return { tone: "good", text: t.good };
}

export function runningState({ state }: Sync, t: Texts): string {
  if (state === "queued") return t.queued;
  return state === "fetching" ? t.fetching : t.indexing;
}

/** How much it holds, and when it was and will be checked. */
export function glance(source: Source, t: Texts): string {
  const what = isWeb(source) ? "page" : source.kind === "qa" ? "question" : "document";
  const told = [t.inAnswers(source.ready, what)];
  if (source.pending) told.push(t.beingRead(source.pending));
  if (source.failed) told.push(t.unreadable(source.failed));
  if (isWeb(source)) {
    if (source.last_sync?.finished_at) told.push(t.checked(ago(source.last_sync.finished_at)));
    if (!isRunning(source.last_sync)) told.push(source.next_sync_at ? t.next(ago(source.next_sync_at)) : t.onDemand);
  }
  return told.join(" · ");
}

export function pageState({ state }: WebPage, t: Texts): State {
  switch (state) {
    case "good":
      return { tone: "good", text: t.good };
    case "failed":
      return { tone: "bad", text: t.pageFailed };
    case "skipped":
      return { tone: "calm", text: t.skipped };
    case "gone":
      return { tone: "calm", text: t.gone };
    default:
      return { tone: "busy", text: t.found };
  }
}

export function documentState(status: StoredDocument["status"], t: Texts): State {
  if (status === "ready") return { tone: "good", text: t.good };
  return status === "failed" ? { tone: "bad", text: t.pageFailed } : { tone: "busy", text: t.pending };
}

/** The share of the known work of a reading that is done, 0 to 1; null while nothing is known. */
export function fraction(sync: Sync): number | null {
  if (!isRunning(sync)) return 1;
  const looked = Math.max(0, sync.found - sync.waiting);
  const all = sync.found + sync.parsed + sync.indexing;
  return sync.state === "queued" || !all ? null : (looked + sync.parsed) / all;
}

/** An address for people: no scheme, no escapes. */
export function shortened(url: string): string {
  const bare = url.replace(/^https?:\/\//, "");
  try {
    // Characters that could change the line's direction or look stay escaped.
    return decodeURI(bare).replace(/[\p{C}\p{Z}]/gu, (sign) => encodeURIComponent(sign));
  } catch {
    return bare;
  }
}

/** The address with https:// if it has no scheme. */
export const address = (typed: string) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`);

export const lines = (text: string) => text.split("\n").map((one) => one.trim()).filter(Boolean);
