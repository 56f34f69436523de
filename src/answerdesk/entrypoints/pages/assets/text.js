// @ts-check
/** Puts text on the page. Text from outside is never parsed as markup. */

import { toClipboard } from "./clipboard.js";
import { placesInRows, placesOf } from "./marked.js";

/** @typedef {import("./markdown.js").Block} Block */

/**
 * Replace the content of `container` with blocks.
 *
 * @param {HTMLElement} container @param {Block[]} blocks
 * @returns {HTMLElement[]} an element for each
 */
export function showBlocks(container, blocks) {
  const drawn = blocks.map(draw);
  container.replaceChildren(...drawn);
  return drawn;
}

/**
 * Show plain text in paragraphs.
 *
 * @param {HTMLElement} container @param {string} text
 */
export function showText(container, text) {
  const parts = text.split(/\n[^\S\n]*\n/).filter((part) => part.trim());
  container.replaceChildren(...parts.map((part) => filled("p", part.trim())));
}

/** @param {Block} block @returns {HTMLElement} */
function draw(block) {
  switch (block.type) {
    case "heading":
      return drawHeading(block.text);
    case "list":
      return drawList(document.createElement("ul"), block);
    case "steps": {
      const steps = document.createElement("ol");
      steps.start = block.start;
      return drawList(steps, block);
    }
    case "table":
      return drawTable(block.header, block.rows, block.marked ?? []);
    case "code":
      return drawCode(block.text);
    default:
      return filled("p", block.text, placesOf([block.text], block.marked ?? [])[0]);
  }
}

/** @param {string} text @returns {HTMLElement} */
function drawHeading(text) {
  const heading = filled("h4", text);
  heading.className = "block-heading";
  return heading;
}

/** @param {HTMLElement} list @param {{items: string[], marked?: string[]}} block @returns {HTMLElement} */
function drawList(list, { items, marked = [] }) {
  const places = placesOf(items, marked);
  list.append(...items.map((item, number) => filled("li", item, places[number])));
  return list;
}

/** @param {string} text @returns {HTMLElement} */
function drawCode(text) {
  const code = filled("code", text);
  code.dir = "ltr";
  const block = document.createElement("pre");
  block.append(code);
  // Wide code scrolls in its own box, which must be reachable by keyboard.
  block.tabIndex = 0;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Copy";
  // Says what became of it.
  button.ariaLive = "polite";
  button.addEventListener("click", async () => {
    button.textContent = (await toClipboard(code)) ? "Copied" : "Selected: press Ctrl+C or ⌘C";
  });
  return framed("code-frame", block, button);
}

/** @param {string[]} header @param {string[][]} rows @param {string[]} marked @returns {HTMLElement} */
function drawTable(header, rows, marked) {
  const table = document.createElement("table");
  if (header.some((cell) => cell.trim())) {
    table.createTHead().insertRow().append(...header.map(drawHeaderCell));
  }
  const body = table.createTBody();
  const places = placesInRows(rows, marked);
  rows.forEach((row, number) => {
    body.insertRow().append(...row.map((cell, column) => filled("td", cell, places[number][column])));
  });
  const frame = framed("table-frame", table);
  // A wide table scrolls in its own box, as wide code does.
  frame.tabIndex = 0;
  frame.role = "group";
  frame.ariaLabel = "Table";
  return frame;
}

/** @param {string} text @returns {HTMLElement} */
function drawHeaderCell(text) {
  const cell = /** @type {HTMLTableCellElement} */ (filled("th", text));
  cell.scope = "col";
  return cell;
}

/** @param {string} className @param {...HTMLElement} elements */
function framed(className, ...elements) {
  const frame = document.createElement("div");
  frame.className = className;
  frame.append(...elements);
  return frame;
}

/**
 * @param {string} tag @param {string} text
 * @param {import("./marked.js").Span[]} [spans] what is marked in it @returns {HTMLElement}
 */
function filled(tag, text, spans = []) {
  const element = document.createElement(tag);
  element.dir = "auto";
  let place = 0;
  for (const [start, end] of spans) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    element.append(text.slice(place, start), mark);
    place = end;
  }
  element.append(text.slice(place));
  return element;
}

/**
 * Return a copy of a page template's first element.
 *
 * @param {string} id @returns {HTMLElement}
 */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const root = template.content.firstElementChild;
  return /** @type {HTMLElement} */ (document.importNode(/** @type {Element} */ (root), true));
}

/**
 * Return the first matching element; throws if there is none.
 *
 * @template {HTMLElement} T
 * @param {ParentNode} within @param {string} selector @returns {T}
 */
export function part(within, selector) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}
