/** What is marked in an answer is marked once, where it stands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shared, sharedInRows, spans } from "../src/parts/answer/marks.ts";

test("a mark is in the item equal to it, not in every one that has its words", () => {
  const items = shared(["one, two", "two", "two"], { marked: ["two", " "], unsupported: ["one"] });
  assert.deepEqual(items.map(({ marked }) => marked), [[], ["two"], []]);
  assert.deepEqual(items.map(({ unsupported }) => unsupported), [["one"], [], []]);
});

test("in a table a row is marked as one, and a cell once", () => {
  const rows = [["1 kg", "4 euros"], ["2 kg", "4 euros"], ["3 kg", "9 euros"]];
  const told = sharedInRows(rows, { marked: ["2 kg | 4 euros", "9"] });
  assert.deepEqual(told.map(({ isMarked }) => isMarked), [false, true, false]);
  assert.deepEqual(told.map(({ cells }) => cells.map(({ marked }) => marked)), [[[], []], [[], []], [[], ["9"]]]);
});

test("a text is whole again when its pieces are put together", () => {
  const made = spans("It opens at nine. It closes at six.", { marked: ["It opens at nine."], unsupported: ["six"] });
  assert.deepEqual(made.map(({ kind }) => kind), ["marked", "", "unsupported", ""]);
  assert.equal(made.map(({ said }) => said).join(""), "It opens at nine. It closes at six.");
});
