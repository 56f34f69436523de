/** A link names a view of the inbox, and a conversation belongs to it or not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { belongs, filtersOf, queryOf, readSearch } from "../src/features/inbox/filters.ts";
import type { Entry } from "../src/live/shapes.ts";

const NOW = Date.parse("2026-12-01T10:00:00Z");

const entry = (fields: Partial<Entry> = {}): Entry =>
  ({
    id: "conv_1",
    project_id: "proj_1",
    state: "human",
    assignee_id: "user_1",
    waiting_since: null,
    snoozed_until: null,
    updated_at: "2026-12-01T09:01:00Z",
    tags: [],
    ...fields,
  }) as unknown as Entry;

const waits = entry({ state: "waiting", assignee_id: null, waiting_since: "2026-12-01T09:00:00Z" });
const snoozed = { ...waits, snoozed_until: "2026-12-02T09:00:00Z" };
const woken = { ...waits, snoozed_until: "2026-12-01T09:30:00Z" };

const CASES: readonly (readonly [Record<string, unknown>, Entry, boolean])[] = [
  [{}, waits, true],
  [{ view: "nonsense" }, waits, true],
  [{}, snoozed, false],
  [{}, woken, true],
  [{ view: "snoozed" }, snoozed, true],
  [{ view: "snoozed" }, woken, false],
  [{ view: "mine" }, entry(), true],
  [{ view: "mine" }, entry({ assignee_id: "user_2" }), false],
  [{ view: "people" }, entry(), true],
  [{ view: "people" }, waits, false],
  [{ view: "closed" }, entry({ state: "closed" }), true],
  // Links to the page before this one named a list.
  [{ list: "closed" }, entry({ state: "closed" }), true],
  [{ view: "open", tag: "Big" }, entry({ tags: ["big"] }), true],
  [{ view: "open", tag: "big" }, entry({ tags: ["bigger"] }), false],
  [{ view: "open", project: "proj_2" }, entry(), false],
];

test("a conversation belongs to what the address names, or not", () => {
  for (const [search, one, expected] of CASES) {
    const filters = filtersOf(readSearch(search), true);
    assert.equal(belongs(filters, one, { me: "user_1", now: NOW, isUnread: false }), expected, JSON.stringify([search, one]));
  }
});

test("a key has no conversations of its own", () => {
  const query = queryOf(filtersOf(readSearch({ view: "mine" }), false));
  assert.deepEqual([query.state, query.assignee, query.order], [["waiting"], undefined, "waiting"]);
});
