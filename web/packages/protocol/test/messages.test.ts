import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EVENTS,
  LONGEST_KEPT,
  VERSION,
  isFrom,
  readFrameMessage,
  readHostMessage,
  written,
  type FrameMessage,
  type HostMessage,
} from "../src/index.ts";

const START = {
  type: "start",
  kept: "{}",
  page: "https://shop.example/",
  identity: null,
  context: { plan: "pro", seats: 3, trial: false },
  visible: true,
} as const;

const HOST: HostMessage[] = [
  START,
  { ...START, kept: null, context: null, identity: "a.b.c" },
  { type: "opened", page: "https://shop.example/a", focus: false },
  { type: "closed" },
  { type: "page", page: "" },
  { type: "identify", token: null },
  { type: "context", values: {} },
  { type: "kept", kept: null },
  { type: "viewport", height: 300 },
];

const FRAME: FrameMessage[] = [
  { type: "hello" },
  { type: "keep", kept: "k".repeat(LONGEST_KEPT), awaits: true },
  { type: "unread", count: 2 },
  { type: "close" },
  ...EVENTS.map((name) => ({ type: "event" as const, name, detail: { id: "msg_1" } })),
];

const NOTHING = [undefined, null, 0, "", "hello", [], {}, () => 0, { type: "hello" }];

test("what one side writes, the other reads", () => {
  for (const one of HOST) assert.deepEqual(readHostMessage(structuredClone(written(one))), one);
  for (const one of FRAME) assert.deepEqual(readFrameMessage(structuredClone(written(one))), one);
});

test("neither side reads its own kind", () => {
  for (const one of HOST) assert.equal(readFrameMessage(written(one)), null, one.type);
  for (const one of FRAME) assert.equal(readHostMessage(written(one)), null, one.type);
});

test("what is no message is none", () => {
  for (const one of NOTHING) {
    assert.equal(readHostMessage(one), null);
    assert.equal(readFrameMessage(one), null);
  }
});

test("another version is not understood", () => {
  for (const version of [0, 2, "1", true, null, undefined]) {
    assert.equal(readFrameMessage({ answerdesk: version, type: "hello" }), null);
  }
});

test("a type that an object has by birth is no type", () => {
  for (const type of ["constructor", "__proto__", "toString", "hasOwnProperty", ["hello"], null]) {
    assert.equal(readHostMessage({ answerdesk: VERSION, type }), null);
    assert.equal(readFrameMessage({ answerdesk: VERSION, type }), null);
  }
});

test("each field that is missing or of another kind refuses the message", () => {
  const foreign = [undefined, {}, [], Symbol.iterator, Number.NaN, 1n];
  for (const { type, ...fields } of HOST) {
    for (const field of Object.keys(fields)) {
      if (field === "focus") continue; // It may be missing.
      for (const value of foreign) {
        if (field === "context" || field === "values") continue; // See below.
        const message = { answerdesk: VERSION, type, ...fields, [field]: value };
        assert.equal(readHostMessage(message), null, `${type}.${field} = ${String(value)}`);
      }
    }
  }
  for (const [type, field] of [
    ["keep", "kept"],
    ["unread", "count"],
    ["event", "name"],
    ["event", "detail"],
  ] as const) {
    assert.equal(readFrameMessage({ answerdesk: VERSION, type, [field]: 1n }), null, `${type}.${field}`);
  }
});

test("everything has a bound", () => {
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, place) => [`k${place}`, 1]));
  const refused: object[] = [
    { type: "start", ...START, kept: "k".repeat(LONGEST_KEPT + 1) },
    { type: "start", ...START, page: "p".repeat(2001) },
    { type: "start", ...START, identity: "t".repeat(8001) },
    { type: "identify", token: "t".repeat(8001) },
    { type: "page", page: "p".repeat(2001) },
    { type: "context", values: many },
    { type: "context", values: { ["n".repeat(61)]: 1 } },
    { type: "context", values: { name: "v".repeat(501) } },
  ];
  for (const one of refused) assert.equal(readHostMessage({ answerdesk: VERSION, ...one }), null);
  const long = { answerdesk: VERSION, type: "keep", kept: "k".repeat(LONGEST_KEPT + 1), awaits: false };
  assert.equal(readFrameMessage(long), null);
  assert.deepEqual(readFrameMessage({ answerdesk: VERSION, type: "unread", count: 5e9 }), {
    type: "unread",
    count: 1000,
  });
  for (const count of [-1, Infinity, "3"]) {
    assert.equal(readFrameMessage({ answerdesk: VERSION, type: "unread", count }), null);
  }
});

test("a context is a flat record of plain facts", () => {
  for (const values of [null, [], "a", { deep: {} }, { list: [] }, { nothing: null }, { big: Infinity }]) {
    assert.equal(readHostMessage({ answerdesk: VERSION, type: "context", values }), null);
  }
});

test("a name that changes a prototype changes none", () => {
  const values = JSON.parse('{"__proto__": "x", "constructor": "y"}');
  const message = readHostMessage({ answerdesk: VERSION, type: "context", values });
  assert.ok(message?.type === "context");
  assert.equal(Object.getPrototypeOf(message.values), Object.prototype);
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

test("fields that a newer side adds are dropped, and one that an older side lacks has its usual value", () => {
  const keep = { answerdesk: VERSION, type: "keep", kept: null, newer: "<script>" };
  assert.deepEqual(readFrameMessage(keep), { type: "keep", kept: null, awaits: false });
  assert.deepEqual(readHostMessage({ answerdesk: VERSION, type: "opened", page: "/" }), {
    type: "opened",
    page: "/",
    focus: true,
  });
});

test("only the one window and the one origin are listened to", () => {
  const source = {} as Window;
  const event = { source, origin: "https://desk.example" } as MessageEvent;
  assert.equal(isFrom(event, source, "https://desk.example"), true);
  assert.equal(isFrom(event, {}, "https://desk.example"), false);
  assert.equal(isFrom(event, source, "https://desk.example.evil.example"), false);
  assert.equal(isFrom({ source: null, origin: "https://desk.example" } as MessageEvent, null, "https://desk.example"), false);
});
