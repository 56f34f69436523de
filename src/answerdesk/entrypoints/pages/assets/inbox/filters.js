// @ts-check
/** Which conversations the list shows: read from the page's address, so that a link shows the same. */

/**
 * @typedef {import("./shapes.js").Entry} Entry
 * @typedef {"waiting" | "mine" | "people" | "open" | "closed" | "snoozed"} ListName
 * @typedef {{list: ListName, project: string, tag: string, q: string}} Filters
 */

/**
 * @typedef {{name: string, states: string[], mine?: boolean, snoozed?: boolean, waiting?: boolean,
 *   count: keyof import("./shapes.js").Counts | null, none: string}} Kind
 *   `waiting`: the longest wait first; `none`: what to say if it is empty
 */

/** @type {Record<ListName, Kind>} */
export const LISTS = {
  waiting: {
    name: "Waiting",
    states: ["waiting"],
    waiting: true,
    count: "waiting",
    none: "Nobody waits. Conversations appear here when a visitor asks for a person.",
  },
  mine: {
    name: "Mine",
    states: ["waiting", "human"],
    mine: true,
    count: "mine",
    none: "You have no conversation. Take one of those that wait, or reply in any conversation.",
  },
  people: {
    name: "With people",
    states: ["human"],
    count: "with_people",
    none: "No conversation is with a person. The assistant answers until somebody takes over.",
  },
  open: {
    name: "All open",
    states: ["ai", "waiting", "human"],
    count: null,
    none: "There is no open conversation. They appear here as soon as a visitor asks something.",
  },
  closed: { name: "Closed", states: ["closed"], count: null, none: "No conversation has been closed yet." },
  snoozed: {
    name: "Snoozed",
    states: [],
    snoozed: true,
    count: "snoozed",
    none: "Nothing is snoozed. Snooze a conversation to have it out of the way until later.",
  },
};

/** @param {string} search the query of an address @param {boolean} isPerson @returns {Filters} */
export function readFilters(search, isPerson) {
  const query = new URLSearchParams(search);
  const list = query.get("list") ?? "";
  const isKnown = list in LISTS && (isPerson || list !== "mine");
  return {
    list: isKnown ? /** @type {ListName} */ (list) : "waiting",
    project: query.get("project") ?? "",
    tag: query.get("tag") ?? "",
    q: query.get("q") ?? "",
  };
}

/** @param {Filters} filters @returns {string} the query of an address */
export function address(filters) {
  const given = Object.entries(filters).filter(([, value]) => value);
  return `?${new URLSearchParams(given)}`;
}

/** @param {Filters} filters @param {number} limit @param {string} [cursor] */
export function query({ list, project, tag, q }, limit, cursor = "") {
  const { states, mine, snoozed, waiting } = LISTS[list];
  const made = new URLSearchParams({ limit: String(limit) });
  for (const state of states) made.append("state", state);
  if (mine) made.set("assignee", "me");
  if (snoozed) made.set("snoozed", "true");
  if (waiting) made.set("order", "waiting");
  if (project) made.set("project_id", project);
  if (tag) made.set("tag", tag);
  if (q) made.set("q", q);
  if (cursor) made.set("cursor", cursor);
  return made;
}

/**
 * Tell whether an entry belongs in the list, as far as can be told here: not by what is searched.
 *
 * @param {Filters} filters @param {Entry} entry @param {string | null} me @param {number} now
 */
export function belongs({ list, project, tag }, entry, me, now) {
  const { states, mine, snoozed = false, waiting } = LISTS[list];
  const isSnoozed = entry.snoozed_until !== null && time(entry.snoozed_until) > now;
  return (
    isSnoozed === snoozed &&
    (states.length === 0 || states.includes(entry.state)) &&
    (!mine || entry.assignee_id === me) &&
    (!waiting || entry.waiting_since !== null) &&
    (!project || entry.project_id === project) &&
    (!tag || entry.tags.some((one) => one.toLowerCase() === tag.toLowerCase()))
  );
}

/** @param {Filters} filters @returns {(one: Entry, other: Entry) => number} the list's order */
export function order({ list }) {
  if (!LISTS[list].waiting) {
    return (one, other) => time(other.updated_at) - time(one.updated_at) || (one.id < other.id ? 1 : -1);
  }
  return (one, other) =>
    time(one.waiting_since ?? one.updated_at) - time(other.waiting_since ?? other.updated_at) ||
    (one.id < other.id ? -1 : 1);
}

/** @param {string} iso */
export const time = (iso) => new Date(iso).getTime();
