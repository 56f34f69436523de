import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredMessage } from "@answerdesk/api";
import { merged, newest, own, reply, unanswered, type Entry } from "../frame/thread.ts";

const stored = (id: string, author: StoredMessage["author"], content: string, second: number): StoredMessage => ({
  ...{ id, author, content, created_at: `2026-12-01T10:00:${String(second).padStart(2, "0")}Z` },
  ...{ blocks: [], sources: [], abstained: false, certainty: null, rating: null },
});
const HISTORY = [
  stored("m1", "visitor", "Open?", 1),
  stored("m2", "assistant", "At nine.", 2),
  stored("m3", "visitor", "Open?", 3),
  stored("m4", "assistant", "Still at nine.", 4),
  stored("m5", "human", "Hello.", 5),
  stored("m6", "visitor", "Hi.", 6),
];
const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id);
const texts = (entries: readonly Entry[]) => entries.map(({ text }) => text);

test("whatever arrives in whichever pieces and however often is shown once, in order", () => {
  const whole = HISTORY.map(({ id }) => id);
  for (let seed = 1; seed <= 300; seed += 1) {
    let state = seed;
    const random = (most: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % most;
    };
    let entries: Entry[] = [];
    for (let round = 0; round < 6; round += 1) {
      const start = random(HISTORY.length);
      const piece = HISTORY.slice(start, start + 1 + random(3));
      // The stream tells of one after another, and reading again of everything since a moment.
      entries = merged(entries, piece);
      assert.equal(new Set(ids(entries)).size, entries.length);
    }
    entries = merged(entries, HISTORY);
    assert.deepEqual([...ids(entries)].sort(), whole);
    assert.deepEqual(ids(merged(entries, HISTORY)), ids(entries));
    assert.deepEqual(ids(entries), whole, `seed ${seed}`);
  }
});

test("what was written here becomes the server's, and is no second message", () => {
  const written = [own("k1", "Open?", "sending"), reply("k1:answer", "k1")];
  const entries = merged(written, HISTORY.slice(0, 2));
  assert.deepEqual(ids(entries), ["m1", "m2"]);
  assert.deepEqual(
    entries.map(({ key }) => key),
    ["k1", "k1:answer"],
  );
  assert.equal(entries[0]?.kind === "own" && entries[0].status, "sent");
  assert.equal(entries[1]?.kind === "assistant" && entries[1].isWriting, false);
});

test("the same words twice are two messages", () => {
  const entries = merged([own("k1", "Open?", "sending"), own("k2", "Open?", "waiting")], HISTORY.slice(0, 4));
  assert.deepEqual(ids(entries), ["m1", "m2", "m3", "m4"]);
});

test("an answer stays with its question when a person writes in between", () => {
  const before = merged([], HISTORY.slice(0, 2));
  const entries = merged([...before, { ...own("k", "And?", "sent"), id: "m7" }, reply("k:answer", "k")], [
    stored("m8", "human", "I look.", 9),
  ]);
  assert.deepEqual(texts(entries), ["Open?", "At nine.", "And?", "", "I look."]);
});

test("what was sent and not answered is known", () => {
  assert.equal(unanswered(merged([], HISTORY))?.id, "m6");
  assert.equal(unanswered(merged([], HISTORY.slice(0, 5))), null);
  assert.equal(newest(merged([], HISTORY)), HISTORY[5]?.created_at);
});

test("a rating that the stream does not tell of stays", () => {
  const entries = merged([], HISTORY.slice(0, 2)).map((one) => (one.id === "m2" ? { ...one, rating: "positive" } : one));
  const again = merged(entries as Entry[], HISTORY.slice(1, 2))[1];
  assert.equal(again && "rating" in again && again.rating, "positive");
});
