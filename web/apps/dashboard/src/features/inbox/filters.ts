/** Which conversations the list shows: read from the page's address, so that a link shows the same. */
import type { Schemas } from "../../api/client.ts";
import type { Counts, Entry } from "../../live/shapes.ts";

export const VIEWS = ["waiting", "mine", "unassigned", "open", "people", "assistant", "snoozed", "closed"] as const;
export type ViewName = (typeof VIEWS)[number];
export type SavedView = Schemas["SavedViewOut"];
export type SavedFilters = Schemas["ViewFilters"];
/** `saved` is there for a saved view: then `view` counts for nothing, and the others are its own unless the address says otherwise. */
export type Filters = { view: ViewName; project?: string; tag?: string; q?: string; saved?: SavedFilters };

/** What the address of the page names besides. */
export type InboxSearch = Partial<Omit<Filters, "saved">> & { saved?: string; conversation?: string; answer?: string; details?: "shown" | "hidden" };

type State = Entry["state"];
type Kind = {
  states: readonly State[];
  /** `me`, `none`, or a person's id. */
  assignee?: string;
  snoozed?: SavedFilters["snoozed"];
  unread?: true;
  /** The longest wait first. */
  byWait?: true;
  count?: keyof Counts;
};

const KINDS: Record<ViewName, Kind> = {
  waiting: { states: ["waiting"], byWait: true, count: "waiting" },
  mine: { states: ["waiting", "human"], assignee: "me", count: "mine" },
  unassigned: { states: ["waiting", "human"], assignee: "none", count: "unassigned" },
  open: { states: ["ai", "waiting", "human"] },
  people: { states: ["human"], count: "with_people" },
  assistant: { states: ["ai"] },
  snoozed: { states: [], snoozed: "true", count: "snoozed" },
  closed: { states: ["closed"] },
};

const kindOf = ({ view, saved }: Filters): Kind =>
  saved
    ? { states: saved.state, assignee: saved.assignee ?? undefined, snoozed: saved.snoozed, unread: saved.unread || undefined, byWait: saved.order === "waiting" || undefined }
    : KINDS[view];

/** Null for a view whose conversations are not counted. */
export const countOf = (view: ViewName, counts: Counts | null): number | null => {
  const { count } = KINDS[view];
  return count ? (counts?.[count] ?? 0) : null;
};

/** Read an address; what is unknown is dropped: `undefined` is put in its place. */
export function readSearch(given: Record<string, unknown>): InboxSearch {
  const text = (name: string) => (typeof given[name] === "string" || typeof given[name] === "number" ? String(given[name]).slice(0, 200) || undefined : undefined);
  // Links to the page before this one named a list.
  const view = VIEWS.find((one) => one === (given.view ?? given.list));
  const details = given.details === "shown" || given.details === "hidden" ? given.details : undefined;
  const saved = text("saved");
  // Nothing in the place of what a saved view names.
  const narrowing = (name: string) => (saved && given[name] === "" ? "" : text(name));
  return { view, saved, project: narrowing("project"), tag: narrowing("tag"), q: narrowing("q"), conversation: text("conversation"), answer: text("answer"), details };
}

/** A key has no conversations of its own. */
export const filtersOf = ({ view = "waiting", project, tag, q }: InboxSearch, isPerson: boolean, saved?: SavedFilters): Filters => ({
  view: view === "mine" && !isPerson ? "waiting" : view,
  project: (project ?? saved?.project_id) || undefined,
  tag: (tag ?? saved?.tag) || undefined,
  q: (q ?? saved?.q) || undefined,
  saved,
});

export type Narrowing = { project: string; tag: string; q: string };

const ofView = (saved: SavedFilters | undefined): Narrowing => ({ project: saved?.project_id ?? "", tag: saved?.tag ?? "", q: saved?.q ?? "" });

/** What the address names for a choice, which is empty for all: nothing if the saved view says the same. */
export function narrowedTo({ saved }: Filters, chosen: Partial<Narrowing>): Partial<Record<keyof Narrowing, string | undefined>> {
  const own = ofView(saved);
  const names = Object.keys(chosen) as (keyof Narrowing)[];
  return Object.fromEntries(names.map((name) => [name, chosen[name] === own[name] ? undefined : chosen[name]]));
}

/** Whether something else is shown than the saved view says. */
export function isChanged({ saved, project = "", tag = "", q = "" }: Filters): boolean {
  const own = ofView(saved);
  return saved !== undefined && (own.project !== project || own.tag !== tag || own.q !== q);
}

/** What saves the list as it is shown. */
export function savedOf(filters: Filters): SavedFilters {
  const { states, assignee, snoozed = "false", unread = false, byWait } = kindOf(filters);
  const { project = null, tag = null, q = null } = filters;
  return { state: [...states], assignee: assignee ?? null, snoozed, unread, order: byWait ? "waiting" : "newest", project_id: project, tag, q };
}

export const sameFilters = (one: Filters, other: Filters) => JSON.stringify(one) === JSON.stringify(other);

export function queryOf(filters: Filters) {
  const { states, assignee, snoozed, unread, byWait } = kindOf(filters);
  const { project, tag, q } = filters;
  return {
    state: [...states],
    assignee,
    snoozed,
    unread,
    order: byWait ? ("waiting" as const) : undefined,
    project_id: project,
    tag,
    q,
  };
}

/** Who looks, when, and whether they have read the entry. */
type Looking = { me: string | null; now: number; isUnread: boolean };

/** Whether an entry belongs in the list, as far as can be told here: not by what is searched. */
export function belongs(filters: Filters, entry: Entry, { me, now, isUnread }: Looking): boolean {
  const { states, assignee, snoozed = "false", unread, byWait } = kindOf(filters);
  const { project, tag } = filters;
  return (
    (snoozed === "any" || isSnoozed(entry, now) === (snoozed === "true")) &&
    (states.length === 0 || states.includes(entry.state)) &&
    (!assignee || entry.assignee_id === (assignee === "none" ? null : assignee === "me" ? me : assignee)) &&
    (!unread || isUnread) &&
    (!byWait || entry.waiting_since !== null) &&
    (!project || entry.project_id === project) &&
    (!tag || entry.tags.some((one) => one.toLowerCase() === tag.toLowerCase()))
  );
}

export const isSnoozed = ({ snoozed_until: until }: Entry, now = Date.now()) => until !== null && time(until) > now;

export type Order = (one: Entry, other: Entry) => number;

/** The list's order. */
export function orderOf(filters: Filters): Order {
  if (!kindOf(filters).byWait) return (one, other) => time(other.updated_at) - time(one.updated_at) || (one.id < other.id ? 1 : -1);
  return (one, other) => time(one.waiting_since ?? one.updated_at) - time(other.waiting_since ?? other.updated_at) || (one.id < other.id ? -1 : 1);
}

const time = (iso: string) => new Date(iso).getTime();
