/**
 * Reads the Markdown of an answer while a model writes it.
 *
 * At its end the server sends the answer as blocks of plain text, so this has to look the same for a few
 * seconds, and no more: a whole Markdown parser would be half of the frame. Pictures, links and HTML have
 * no place in blocks, so nothing has to be cleaned.
 */
import type { Block } from "@answerdesk/api";

/** The blocks of what has been written so far, without what the next piece may turn into something else. */
export const readGrowing = (text: string): Block[] => readMarkdown(settled(text));

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}#{1,6}\s+(\S.*?)\s*#*$/;
const BOLD_LINE = /^\*\*([^*]+)\*\*\s*$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const DELIMITERS = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;

export function readMarkdown(text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  while (lines.length) {
    const block = lines[0]?.trim() ? takeBlock(lines) : void lines.shift();
    if (block) blocks.push(block);
  }
  return blocks;
}

const said = { source: null, marked: [], unsupported: [] };

/** Take the lines of the first block; null if it says nothing. */
function takeBlock(lines: string[]): Block | null {
  const first = lines[0] ?? "";
  const fence = FENCE.exec(first);
  if (fence) return takeCode(lines, fence[1] ?? "", fence[2] ?? "");
  const heading = HEADING.exec(first) ?? (lines[1]?.trim() ? null : BOLD_LINE.exec(first));
  if (heading || RULE.test(first)) lines.shift();
  if (heading) return { type: "heading", text: plain(heading[1] ?? ""), source: null };
  if (RULE.test(first)) return null;
  if (first.includes("|") && DELIMITERS.test(lines[1] ?? "")) return takeTable(lines);
  const item = ITEM.exec(first);
  if (item) {
    const items = takeItems(lines, item[2] !== undefined);
    return item[2] === undefined ? { type: "list", items, ...said } : { type: "steps", items, start: Number(item[2]), ...said };
  }
  const taken = [lines.shift() ?? ""];
  while (lines[0]?.trim() && !begins(lines[0])) taken.push(lines.shift() ?? "");
  return { type: "paragraph", text: plain(taken.map((line) => line.replace(/^ {0,3}>\s?/, "")).join("\n")), ...said };
}

const begins = (line: string): boolean => [FENCE, HEADING, RULE, ITEM].some((pattern) => pattern.test(line));

function takeCode(lines: string[], fence: string, language: string): Block {
  lines.shift();
  const taken = [];
  while (lines.length && !(lines[0]?.trim().startsWith(fence) && !/[^`~\s]/.test(lines[0]))) taken.push(lines.shift());
  lines.shift();
  return { type: "code", text: taken.join("\n"), language: language.trim() || null, source: null };
}

/** A list inside an item becomes lines of that item. */
function takeItems(lines: string[], isNumbered: boolean): string[] {
  const items: string[][] = [];
  while (lines.length) {
    const line = lines[0] ?? "";
    const item = ITEM.exec(line);
    const [, indent = "", number, text = ""] = item ?? [];
    if (item && indent.length < 2 && (number !== undefined) !== isNumbered) break;
    if (item && indent.length < 2) items.push([text]);
    else if (item) items.at(-1)?.push(`${text}  `);
    else if (line.trim()) {
      if (begins(line)) break;
      items.at(-1)?.push(line.trim());
    } else if (!/^(?:\s{2,}\S|\s{0,1}(?:[-*+]|\d{1,9}[.)])\s)/.test(lines[1] ?? "")) break;
    lines.shift();
  }
  return items.map(joined).filter(Boolean);
}

/** Lines of a list inside stay lines. */
const joined = (parts: string[]): string => plain(parts.map((one, place) => (parts[place + 1]?.endsWith("  ") ? `${one}  ` : one)).join("\n"));

function takeTable(lines: string[]): Block {
  const header = cells(lines.shift() ?? "");
  lines.shift();
  const rows: string[][] = [];
  while (lines[0]?.includes("|")) {
    const row = cells(lines.shift() ?? "");
    rows.push(header.map((_, column) => row[column] ?? ""));
  }
  return { type: "table", header, rows, ...said };
}

const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell));

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };
/** Stand for what is text whatever it looks like. */
const [FIRST, LAST] = ["\ue000", "\ue001"];

/** What a line says, without its markup. */
function plain(text: string): string {
  const kept: string[] = [];
  const keep = (one: string) => `${FIRST}${kept.push(one) - 1}${LAST}`;
  let found = text
    .replace(/[\ue000\ue001]/g, "")
    .replace(/(`+)([^`]+)\1(?!`)/g, (_, __, code: string) => keep(code.trim() || code))
    .replace(/\\([!-/:-@[-`{-~])/g, (_, one: string) => keep(one))
    .replace(/(?: {2,}|\\)\n\s*/g, () => keep("\n"))
    .replace(/\s*\n\s*/g, " ")
    .replace(/!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, "$1")
    .replace(/<(https?:\/\/[^\s<>]+)>/g, "$1")
    .replace(/&(\w{2,6});/g, (whole, name: string) => ENTITIES[name] ?? whole);
  // Emphasis may be inside of other emphasis.
  for (let depth = 0; depth < 3; depth += 1) {
    found = found
      .replace(/(\*{1,3}|~~)(?=[^\s*~])([^*~]*[^*~\s])\1/g, "$2")
      .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^_\s])\1(?![\p{L}\p{N}_])/gu, "$2");
  }
  return found.replace(/\ue000(\d+)\ue001/g, (_, place: string) => kept[Number(place)] ?? "").trim();
}

/** Cut or close what is undecided at the end of a text, so that nothing shown changes its kind later. */
export function settled(text: string): string {
  const all = text.split("\n");
  const open = openFence(all);
  if (open !== null) return withinCode(all, open);
  const last = all.pop() ?? "";
  const kept = isUndecided(last) ? "" : closed(last);
  if (!kept && isTableBegun(all)) all.pop();
  return kept ? [...all, kept].join("\n") : all.join("\n");
}

/** The line of the fence that is still open at the end, or null. */
function openFence(all: string[]): number | null {
  let open: { line: number; mark: string } | null = null;
  for (const [number, line] of all.entries()) {
    const [, mark = "", rest = ""] = FENCE.exec(line) ?? [];
    if (!mark) continue;
    if (!open) open = { line: number, mark };
    else if (mark.startsWith(open.mark) && !rest.trim()) open = null;
  }
  return open?.line ?? null;
}

/** In a code block only its end is undecided; one whose first line is not there yet is not begun. */
function withinCode(all: string[], open: number): string {
  const last = all.at(-1) ?? "";
  const isUnfinished = open === all.length - 1 || /^ {0,3}[`~]+\s*$/.test(last);
  return (isUnfinished ? all.slice(0, -1) : all).join("\n").trimEnd();
}

/** Whether a last line may still become the beginning of something else. */
function isUndecided(line: string): boolean {
  // A bullet, a number, a heading's or a fence's beginning, or a rule.
  if (/^\s*(?:[-*+=_`~#>\s]*|\d{1,9}[.)]?)\s*$/.test(line)) return true;
  // A table's rows are shown when they are complete.
  return line.trimStart().startsWith("|");
}

/** Whether a text ends in a table's first line: what it is, only the next one tells. */
function isTableBegun(all: string[]): boolean {
  const isRow = (line = "") => line.trimStart().startsWith("|");
  return isRow(all.at(-1)) && !isRow(all.at(-2));
}

/** Close, or leave out, what is open in a line: emphasis, code, a link. */
function closed(line: string): string {
  let kept = line;
  const bracket = kept.lastIndexOf("[");
  // A link shows its text; what follows the bracket tells that it is none.
  if (bracket >= 0 && line.length - bracket < 500 && !/\](?:[^(]|\([^)]*\))/.test(kept.slice(bracket))) {
    kept = kept.slice(0, bracket);
  }
  kept = kept.replace(/[*_`\\~<!&]+$/, "").trimEnd();
  if ((kept.split("`").length - 1) % 2) return `${kept}\``;
  // What is inside of code is no emphasis.
  const bare = kept.replace(/`[^`]*`|\\./g, "").replace(/^\s*[*+-]\s/, "");
  for (const mark of ["**", "~~"]) if ((bare.split(mark).length - 1) % 2) kept += mark;
  const single = bare.replaceAll("**", "");
  if (/(?:^|[\s(])\*[^\s*]/.test(single) && (single.split("*").length - 1) % 2) kept += "*";
  return kept;
}
