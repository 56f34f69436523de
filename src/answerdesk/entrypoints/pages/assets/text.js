// @ts-check
/** Puts text on the page. Nothing that comes from outside is ever read as markup. */

const BULLET = /^- +/;
const NUMBER = /^\d{1,9}\. +/;
const FENCE = /^(`{3,})[^`]*$/;
const RULE = /^\|(?: *:?-+:? *\|)+$/;

/**
 * Show the Markdown that answers are written in, in place of what `container` held: paragraphs,
 * lists, steps, tables and code. Marks inside a line stay as they are, escaped characters lose their
 * backslash.
 *
 * @param {HTMLElement} container @param {string} text
 */
export function renderMarkdown(container, text) {
  const lines = text.split("\n");
  /** @type {HTMLElement[]} */
  const blocks = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else blocks.push(takeBlock(lines));
  }
  container.replaceChildren(...blocks);
}

/**
 * Show text as it is, in paragraphs.
 *
 * @param {HTMLElement} container @param {string} text
 */
export function renderText(container, text) {
  const parts = text.split(/\n[^\S\n]*\n/).filter((part) => part.trim());
  container.replaceChildren(...parts.map((part) => filled("p", part.trim())));
}

/** @param {string[]} lines the first block's are taken off @returns {HTMLElement} */
function takeBlock(lines) {
  const fence = FENCE.exec(lines[0]);
  if (fence) return takeCode(lines, fence[1]);
  if (lines[0].startsWith("|") && lines.length > 1 && RULE.test(lines[1])) return takeTable(lines);
  if (BULLET.test(lines[0])) return takeList(lines, "ul", BULLET);
  if (NUMBER.test(lines[0])) return takeList(lines, "ol", NUMBER);
  const taken = [];
  while (lines.length && lines[0].trim() && !startsBlock(lines[0])) taken.push(lines.shift());
  if (!taken.length) taken.push(lines.shift());
  return filled("p", unescaped(taken.map((line) => line?.trim()).join("\n")));
}

/** @param {string} line */
const startsBlock = (line) => FENCE.test(line) || BULLET.test(line) || NUMBER.test(line);

/** @param {string[]} lines @param {string} fence @returns {HTMLElement} */
function takeCode(lines, fence) {
  lines.shift();
  const taken = [];
  // An answer that is still being written has no end yet.
  while (lines.length && lines[0] !== fence) taken.push(lines.shift());
  lines.shift();
  const block = document.createElement("pre");
  block.append(filled("code", taken.join("\n"), "ltr"));
  block.tabIndex = 0;
  return block;
}

/** @param {string[]} lines @param {string} tag @param {RegExp} mark @returns {HTMLElement} */
function takeList(lines, tag, mark) {
  const list = document.createElement(tag);
  if (list instanceof HTMLOListElement) list.start = Number.parseInt(lines[0], 10);
  while (lines.length && mark.test(lines[0])) {
    const item = [(lines.shift() ?? "").replace(mark, "")];
    while (lines.length && /^ +\S/.test(lines[0])) item.push((lines.shift() ?? "").trim());
    list.append(filled("li", unescaped(item.map((line) => line.trim()).join("\n"))));
  }
  return list;
}

/** @param {string[]} lines @returns {HTMLElement} */
function takeTable(lines) {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const cell of cells(lines.shift() ?? "")) head.append(filled("th", cell));
  lines.shift();
  const body = table.createTBody();
  while (lines.length && lines[0].startsWith("|")) {
    const row = body.insertRow();
    for (const cell of cells(lines.shift() ?? "")) row.append(filled("td", cell));
  }
  const frame = document.createElement("div");
  frame.className = "table-frame";
  frame.tabIndex = 0;
  frame.append(table);
  return frame;
}

/** @param {string} line @returns {string[]} */
const cells = (line) =>
  line
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => unescaped(cell.trim()));

/** @param {string} text */
const unescaped = (text) => text.replace(/\\([!-/:-@[-`{-~])/g, "$1");

/** @param {string} tag @param {string} text @param {string} dir @returns {HTMLElement} */
function filled(tag, text, dir = "auto") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = dir;
  return element;
}

/**
 * Return a copy of what a template of the page holds.
 *
 * @param {string} id @returns {HTMLElement}
 */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const root = template.content.firstElementChild;
  return /** @type {HTMLElement} */ (document.importNode(/** @type {Element} */ (root), true));
}

/**
 * Return the one element that must be there.
 *
 * @template {HTMLElement} T
 * @param {ParentNode} within @param {string} selector @returns {T}
 */
export function part(within, selector) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}
