/** The small pure parts of the frame: colours, sources, what is kept, texts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, READABLE, readableOn, readableText, rgb } from "../frame/colors.ts";
import { fetches } from "../frame/customcss.ts";
import { nothingKept, readKept, writeKept } from "../frame/kept.ts";
import { placesOf } from "../frame/marks.ts";
import { refer, webAddress } from "../frame/sources.ts";
import { moment, sayIn } from "../frame/texts.ts";

const HERE = "https://desk.example";
const OURS = `/passages/proj_${"0".repeat(32)}/psg_${"1".repeat(32)}`;
const source = (url: string, heading_path: string[] = ["Shop", "Hours"]) => ({
  ...{ title: "Hours", document: "Shop", heading_path, quote: "Open at nine.", url },
});
const block = (text: string, at: number | null) => ({
  ...{ type: "paragraph" as const, text, source: at, marked: [], unsupported: [] },
});

test("every colour can be made readable", () => {
  for (const color of ["#ffffff", "#000000", "#777777", "#2f5bea", "#ffd400", "#00ff00"]) {
    for (const ground of ["#f2f3f6", "#262b33"]) {
      assert.ok(contrast(rgb(readableText(color, ground)), rgb(ground)) >= READABLE, `${color} on ${ground}`);
    }
  }
  assert.equal(readableText("#11703c", "#ffffff"), "#11703c");
  assert.deepEqual(readableOn(["#2f5bea"], "#ffffff"), { ink: "#ffffff", grounds: ["#2f5bea"] });
  assert.equal(readableOn(["#ffd400", "#ffee88"], "#ffffff").ink, "#000000");
  const { ink, grounds } = readableOn(["#ffffff", "#000000"], "#ffffff");
  for (const ground of grounds) assert.ok(contrast(rgb(ink), rgb(ground)) >= READABLE);
});

test("only addresses of the web are linked", () => {
  for (const address of ["javascript:alert(1)", "data:text/html,x", "\u0001javascript:x", "http://[", "blob:x"]) {
    assert.equal(webAddress(address, HERE), null, address);
  }
  assert.deepEqual(refer([source("javascript:alert(1)")], [block("Nine.", 0)], HERE), { listed: [], marks: [null] });
});

test("two passages of one place share a number, at the end of what they say", () => {
  const sources = [source("https://shop.example/a"), source("https://shop.example/a"), source(`https://old.example${OURS}`)];
  const blocks = [block("One.", 0), block("Two.", 1), block("Three.", 2), block("Nobody's.", null), block("None.", 9)];
  const { listed, marks } = refer(sources, blocks, HERE);
  assert.deepEqual(
    listed.map(({ number, path }) => [number, path]),
    [
      [1, "shop.example › Shop"],
      [2, "Shop"],
    ],
  );
  assert.deepEqual(
    marks.map((one) => one?.number ?? null),
    [null, 1, 2, null, null],
  );
  assert.equal(listed[1]?.href, `${HERE}${OURS}?quote=Three.#quote`);
});

test("what a website gives back is read, not trusted", () => {
  for (const text of [null, "", "{", "[]", "1", '{"conversation": 5}', '{"conversation": {"id": "conv_x"}}']) {
    assert.deepEqual(readKept(text), nothingKept(), String(text));
  }
  const kept = { resume: "r", conversationId: `conv_${"a".repeat(32)}`, isRated: true, isReachable: true, seen: "msg_1" };
  assert.deepEqual(readKept(writeKept(kept)), kept);
});

test("custom CSS may not name an address, however it is written", () => {
  for (const value of [
    ...["url(//a.example/x)", "URL('x')", "\\75rl(x)", "u\\72 l(x)", "ur/**/l(x)", "image-set('x' 1x)", "paint(x)"],
    ...["-webkit-image-set(x)", "cross-fade(x, y)", "src('x')", "url(data:text/html,x)", "url(data:image/png,x), url(y)"],
  ]) {
    assert.ok(fetches(value), value);
  }
  for (const value of ["red", "1px solid", "linear-gradient(red, blue)", "url(data:image/png;base64,AAAA)", "'curl'"]) {
    assert.ok(!fetches(value), value);
  }
});

test("parts are marked once, in order and apart", () => {
  assert.deepEqual(placesOf(["a b c", "b"], ["b", "a b", "b c", " "]), [[[0, 5]], [[0, 1]]]);
});

test("texts hold values by name, and never those of a prototype", () => {
  const say = sayIn({ a: "Hi {name}, {constructor} {other}" });
  assert.equal(say("a", { name: "<b>" }), "Hi <b>, {constructor} {other}");
  assert.equal(say("missing"), "missing");
  assert.ok(moment("2026-12-07T09:00:00+01:00", "nonsense-locale-x-y-z").includes("2026") === false);
});
