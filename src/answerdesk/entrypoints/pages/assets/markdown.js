// @ts-check
/** Reads a model's Markdown while it is still being written. */

/**
 * A part of an answer; `source` is the index of the source that it comes from, if any. `marked` are
 * the parts of it that answer what was asked.
 *
 * @typedef {{source: number | null, marked?: string[]} & (
 *   {type: "heading", text: string}
 *   | {type: "paragraph", text: string} | {type: "list", items: string[]}
 *   | {type: "steps", items: string[], start: number}
 *   | {type: "table", header: string[], rows: string[][]}
 *   | {type: "code", text: string})} Block
 */

const HEADING = /^#{1,6} +(\S.*)$|^\*\*([^*]+)\*\* *$/;
const BULLET = /^- +/;
const NUMBER = /^\d{1,9}\. +/;
const FENCE = /^(`{3,})[^`]*$/;
const RULE = /^\|(?: *:?-+:? *\|)+$/;

/**
 * Read headings, paragraphs, lists, steps, tables and code. Inline markup is kept as text; escaped characters
 * lose their backslash.
 *
 * @param {string} text the text received so far @returns {Block[]}
 */
export function readMarkdown(text) {
  const lines = text.split("\n");
  /** @type {Block[]} */
  const blocks = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else blocks.push(takeBlock(lines));
  }
  return blocks;
}

/** @param {string[]} lines loses the lines of the first block @returns {Block} */
function takeBlock(lines) {
  const fence = FENCE.exec(lines[0]);
  if (fence) return takeCode(lines, fence[1]);
  const heading = HEADING.exec(lines[0]);
  if (heading && (heading[1] || !lines[1]?.trim())) {
    lines.shift();
    return { type: "heading", text: unescaped(heading[1] ?? heading[2]), source: null };
  }
  if (lines[0].startsWith("|") && lines.length > 1 && RULE.test(lines[1])) return takeTable(lines);
  if (BULLET.test(lines[0])) return { type: "list", items: takeItems(lines, BULLET), source: null };
  if (NUMBER.test(lines[0])) {
    const start = Number.parseInt(lines[0], 10);
    return { type: "steps", items: takeItems(lines, NUMBER), start, source: null };
  }
  const taken = [lines.shift() ?? ""];
  while (lines.length && lines[0].trim() && !startsBlock(lines[0])) taken.push(lines.shift() ?? "");
  return { type: "paragraph", text: joined(taken), source: null };
}

/** @param {string} line */
const startsBlock = (line) =>
  FENCE.test(line) || BULLET.test(line) || NUMBER.test(line) || /^#{1,6} /.test(line);

/** @param {string[]} lines @param {string} fence @returns {Block} */
function takeCode(lines, fence) {
  lines.shift();
  const taken = [];
  // While an answer is being written, its closing fence may be missing.
  while (lines.length && lines[0] !== fence) taken.push(lines.shift());
  lines.shift();
  return { type: "code", text: taken.join("\n"), source: null };
}

/** @param {string[]} lines @param {RegExp} mark @returns {string[]} */
function takeItems(lines, mark) {
  const items = [];
  while (lines.length && mark.test(lines[0])) {
    const item = [(lines.shift() ?? "").replace(mark, "")];
    while (lines.length && /^ +\S/.test(lines[0])) item.push(lines.shift() ?? "");
    items.push(joined(item));
  }
  return items;
}

/** @param {string[]} lines @returns {Block} */
function takeTable(lines) {
  const header = cells(lines.shift() ?? "");
  lines.shift();
  const rows = [];
  while (lines.length && lines[0].startsWith("|")) rows.push(cells(lines.shift() ?? ""));
  return { type: "table", header, rows, source: null };
}

/** @param {string} line @returns {string[]} */
const cells = (line) =>
  line
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => unescaped(cell.trim()));

/** @param {string[]} lines */
const joined = (lines) => unescaped(lines.map((line) => line.trim()).join("\n"));

/** @param {string} text */
const unescaped = (text) => text.replace(/\\([!-/:-@[-`{-~])/g, "$1");
