/** Frames replace what the tab knows, in whatever order and however often they come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry, ListedEntry, Snapshot } from "../src/live/shapes.ts";
import { Store } from "../src/live/store.ts";

const entry = (version: number): Entry =>
  ({
    id: "conv_1",
    project_id: "proj_1",
    state: "human",
    version,
    assignee_id: "user_1",
    visitor_wrote_at: `2026-12-01T09:0${version}:00Z`,
    tags: [],
  }) as unknown as Entry;

const own = { conversation_id: "conv_1", read_at: "2026-12-01T09:02:30Z", drafts: [] };

function begun(): Store {
  const store = new Store({ id: "user_1", name: "Ann", email: "ann@example.com" });
  const listed = { ...entry(2), own } as unknown as ListedEntry;
  const people = [{ user_id: "user_2", name: "Bo", email: "bo@example.com" }];
  store.begin({ counts: { waiting: 2 }, entries: [listed], people, projects: ["proj_1"] } as unknown as Snapshot);
  return store;
}

test("an older frame changes nothing, whatever order they come in", () => {
  for (const order of [[1, 3, 4, 3], [4, 3, 1, 3], [3, 3, 4, 1], [3, 4, 1, 3], [4, 1, 3, 3]]) {
    const store = begun();
    for (const version of order) store.take({ name: "conversation", data: entry(version) });
    assert.deepEqual([...store.entries.values()].map((one) => one.version), [4]);
    assert.deepEqual([...store.own.values()], [own]);
    assert.deepEqual([store.wanting, store.isUnread("conv_1"), store.people.get("user_2")?.name], [3, true, "Bo"]);
  }
});

test("what was read is not unread again by an older mark of the visitor's", () => {
  const store = begun();
  store.take({ name: "own", data: { ...own, read_at: "2026-12-01T09:04:30Z" } });
  store.take({ name: "conversation", data: entry(4) });
  assert.equal(store.isUnread("conv_1"), false);
  assert.equal(store.wanting, 2);
});

test("a project that a person may no longer see takes its conversations along", () => {
  const store = begun();
  store.take({ name: "projects", data: { ids: ["proj_2"] } });
  assert.equal(store.entries.size, 0);
  assert.equal(store.wanting, 2);
});

test("a conversation that was erased is gone", () => {
  const store = begun();
  store.take({ name: "conversation", data: { id: "conv_1", deleted: true } });
  assert.equal(store.entries.size + store.own.size, 0);
});
