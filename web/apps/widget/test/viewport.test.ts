import assert from "node:assert/strict";
import { test } from "node:test";
import { placePanel } from "../loader/viewport.ts";

const PHONE = 844;

test("without a keyboard the panel has the whole screen of a phone", () => {
  assert.deepEqual(placePanel({ offsetTop: 0, height: PHONE, scale: 1 }, PHONE, true), { top: 0, height: PHONE });
});

// chatwoot#10606, databerry#146
test("an iOS keyboard shrinks what is seen, and scrolls the page under it: the panel stays above it", () => {
  // As an iPhone tells it when a field near the bottom takes the focus: the layout keeps its height.
  const seen = { offsetTop: 336, height: 508, scale: 1 };
  assert.deepEqual(placePanel(seen, PHONE, true), { top: 336, height: 508 });
});

test("an Android keyboard that resizes the layout changes nothing more", () => {
  assert.deepEqual(placePanel({ offsetTop: 0, height: 500, scale: 1 }, 500, true), { top: 0, height: 500 });
});

test("what bounces above the top is not followed", () => {
  assert.equal(placePanel({ offsetTop: -30, height: 508, scale: 1 }, PHONE, true).top, 0);
});

test("enlarging the page does not shrink the panel", () => {
  const seen = { offsetTop: 200, height: PHONE / 2, scale: 2 };
  assert.deepEqual(placePanel(seen, PHONE, true), { top: 0, height: PHONE });
  assert.deepEqual(placePanel(seen, PHONE, false), {});
});

test("enlarged and with a keyboard, the panel ends where the keyboard begins", () => {
  assert.deepEqual(placePanel({ offsetTop: 0, height: 254, scale: 2 }, PHONE, true), { top: 0, height: 508 });
});

test("beside the page, a tablet's keyboard lifts the panel", () => {
  assert.deepEqual(placePanel({ offsetTop: 0, height: 700, scale: 1 }, 1024, false), { bottom: 344, maxHeight: 660 });
});

test("beside the page, a browser's own bar moves nothing", () => {
  assert.deepEqual(placePanel({ offsetTop: 0, height: 960, scale: 1 }, 1024, false), {});
});

test("a keyboard that leaves nothing leaves no negative height", () => {
  assert.equal(placePanel({ offsetTop: 0, height: 10, scale: 1 }, 1024, false).maxHeight, 0);
});
