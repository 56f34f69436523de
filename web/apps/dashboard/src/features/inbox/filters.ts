/** Which conversations the list shows: read from the page's address, so that a link shows the same. */
import type { Counts, Entry } from "../../live/shapes.ts";

export const VIEWS = ["waiting", "mine", "unassigned", "open", "people", "assistant", "snoozed", "closed"] as const;
export type ViewName = (typeof VIEWS)[number];
export type Filters = { view: ViewName; project?: string; tag?: string; q?: string };

/** What the address of the page names besides. */
export type InboxSearch = Partial<Filters> & { conversation?: string; answer?: string; details?: "shown" | "hidden" };

type State = Entry["state"];
type Kind = {
  states: readonly State[];
  assignee?: "me" | "none";
  snoozed?: true;
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
  snoozed: { states: [], snoozed: true, count: "snoozed" },
  closed: { states: ["closed"] },
};

export const countOf = (view: ViewName, counts: Counts | null): number => {
  const { count } = KINDS[view];
  return (count && counts?.[count]) || 0;
};

/** Read an address; what is unknown is dropped: `undefined` is put in its place. */
export function readSearch(given: Record<string, unknown>): InboxSearch {
  const text = (name: string) => (typeof given[name] === "string" || typeof given[name] === "number" ? String(given[name]).slice(0, 200) || undefined : undefined);
  // Links to the page before this one named a list.
  const view = VIEWS.find((one) => one === (given.view ?? given.list));
  const details = given.details === "shown" || given.details === "hidden" ? given.details : undefined;
  return { view, project: text("project"), tag: text("tag"), q: text("q"), conversation: text("conversation"), answer: text("answer"), details };
}

/** A key has no conversations of its own. */
export const filtersOf = ({ view = "waiting", project, tag, q }: InboxSearch, isPerson: boolean): Filters => ({
  view: view === "mine" && !isPerson ? "waiting" : view,
  project,
  tag,
  q,
});

export const sameFilters = (one: Filters, other: Filters) => JSON.stringify(one) === JSON.stringify(other);

export function queryOf({ view, project, tag, q }: Filters) {
  const { states, assignee, snoozed, byWait } = KINDS[view];
  return {
    state: [...states],
    assignee,
    snoozed: snoozed ? ("true" as const) : undefined,
    order: byWait ? ("waiting" as const) : undefined,
    project_id: project,
    tag,
    q,
  };
}

/** Whether an entry belongs in the list, as far as can be told here: not by what is searched. */
export function belongs({ view, project, tag }: Filters, entry: Entry, me: string | null, now: number): boolean {
  const { states, assignee, snoozed = false, byWait } = KINDS[view];
  return (
    isSnoozed(entry, now) === snoozed &&
    (states.length === 0 || states.includes(entry.state)) &&
    (assignee !== "me" || entry.assignee_id === me) &&
    (assignee !== "none" || entry.assignee_id === null) &&
    (!byWait || entry.waiting_since !== null) &&
    (!project || entry.project_id === project) &&
    (!tag || entry.tags.some((one) => one.toLowerCase() === tag.toLowerCase()))
  );
}

export const isSnoozed = ({ snoozed_until: until }: Entry, now = Date.now()) => until !== null && time(until) > now;

export type Order = (one: Entry, other: Entry) => number;

/** The list's order. */
export function orderOf({ view }: Filters): Order {
  if (!KINDS[view].byWait) return (one, other) => time(other.updated_at) - time(one.updated_at) || (one.id < other.id ? 1 : -1);
  return (one, other) => time(one.waiting_since ?? one.updated_at) - time(other.waiting_since ?? other.updated_at) || (one.id < other.id ? -1 : 1);
}

const time = (iso: string) => new Date(iso).getTime();
