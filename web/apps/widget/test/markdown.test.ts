import assert from "node:assert/strict";
import { test } from "node:test";
import type { Block } from "@answerdesk/api";
import { readGrowing, readMarkdown, settled } from "../frame/markdown.ts";

const of = (text: string) => readMarkdown(text).map(({ source: _, ...block }) => strip(block));
const strip = (block: Record<string, unknown>) => {
  const { marked: _, unsupported: __, ...rest } = block;
  return rest;
};
const said = (block: Block): string => {
  if (block.type === "list" || block.type === "steps") return block.items.join("\n");
  if (block.type === "table") return [block.header, ...block.rows].map((row) => row.join(" | ")).join("\n");
  return block.text;
};

test("reads each kind of block", () => {
  assert.deepEqual(of("# Returns\n\nWithin **two** weeks,\nby `post`.  \nFree."), [
    { type: "heading", text: "Returns" },
    { type: "paragraph", text: "Within two weeks, by post.\nFree." },
  ]);
  assert.deepEqual(of("**Steps**\n\n3. Pack it\n   well\n4) Send *it*\n   - by post\n   - by ship"), [
    { type: "heading", text: "Steps" },
    { type: "steps", start: 3, items: ["Pack it well", "Send it\nby post\nby ship"] },
  ]);
  assert.deepEqual(of("- a\n\n- b\n\ntext"), [
    { type: "list", items: ["a", "b"] },
    { type: "paragraph", text: "text" },
  ]);
  assert.deepEqual(of("| To | Days |\n|:--|--:|\n| NO \\| SE | **5** |\n| DE |"), [
    { type: "table", header: ["To", "Days"], rows: [["NO | SE", "5"], ["DE", ""]] },
  ]);
  assert.deepEqual(of("```py\nx = 1\n\n# no heading\n```\n---\nafter"), [
    { type: "code", language: "py", text: "x = 1\n\n# no heading" },
    { type: "paragraph", text: "after" },
  ]);
});

test("links, pictures and HTML leave their text, and nothing else", () => {
  assert.deepEqual(of("See [the page](javascript:alert(1)) ![x](http://evil.example/p.png) <b>bold</b>")[0], {
    type: "paragraph",
    text: "See [the page](javascript:alert(1)) x <b>bold</b>",
  });
  assert.deepEqual(of("[a](https://a.example) <https://b.example> &lt;i&gt; \\*no\\*")[0], {
    type: "paragraph",
    text: "a https://b.example <i> *no*",
  });
});

test("names with underscores and sums keep their signs", () => {
  assert.equal(said(readMarkdown("set max_retry_count to 2 * 3 = 6")[0] as Block), "set max_retry_count to 2 * 3 = 6");
});

const ANSWER = `# Returns and refunds

You can **send back** what you *ordered* within \`14 days\`, see [the rules](https://shop.example/rules).

**What to do**

1. Open *Orders* and choose the one.
2. Press **Return**:
   - with a label
   - without one

| Country | Days | Costs |
|---------|------|-------|
| Norway | 5 | **12 €** |
| Germany | 2 | 5 € |

\`\`\`sh
desk return --order 17   # prints a label

desk status
\`\`\`

- That is all.
- Ask ~~us~~ me again.
`;

test("what is shown of a growing answer only ever grows", () => {
  const whole = readMarkdown(ANSWER);
  const kinds = whole.map(({ type }) => type).join();
  assert.equal(kinds, "heading,paragraph,heading,steps,table,code,list");
  for (let length = 1; length <= ANSWER.length; length += 1) {
    const growing = readGrowing(ANSWER.slice(0, length));
    for (const [place, block] of growing.entries()) {
      const final = whole[place] as Block;
      // A line in bold is a heading when nothing follows it.
      const isOpen = final.type === "heading" && place === growing.length - 1;
      if (!isOpen) assert.equal(block.type, final.type, JSON.stringify(ANSWER.slice(0, length)));
      const shown = said(block);
      assert.ok(said(final).startsWith(shown), `${JSON.stringify(shown)} of ${JSON.stringify(said(final))}`);
      if (place < growing.length - 1) assert.equal(shown, said(final));
    }
  }
});

test("nothing is lost at the end", () => {
  assert.deepEqual(readGrowing(ANSWER), readMarkdown(ANSWER));
  assert.equal(settled("One\nTwo"), "One\nTwo");
});

test("reading is linear", () => {
  for (const piece of ["*a ", "`", "[", "[a](", "**", "_a ", "| a ", "- ", "1. ", "> ", "~~x", "<http://", "\\", "&am"]) {
    const text = piece.repeat(40_000 / piece.length);
    const begun = process.cpuUsage();
    readGrowing(text);
    const { user } = process.cpuUsage(begun);
    assert.ok(user < 1_000_000, `${piece}: ${user} µs`);
  }
});
