// @ts-check
/** Puts text on the page. Text from outside is never parsed as markup. */

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
    case "list":
      return drawList(document.createElement("ul"), block.items);
    case "steps": {
      const steps = document.createElement("ol");
      steps.start = block.start;
      return drawList(steps, block.items);
    }
    case "table":
      return drawTable(block.header, block.rows);
    case "code":
      return drawCode(block.text);
    default:
      return filled("p", block.text);
  }
}

/** @param {HTMLElement} list @param {string[]} items @returns {HTMLElement} */
function drawList(list, items) {
  list.append(...items.map((item) => filled("li", item)));
  return list;
}

/** @param {string} text @returns {HTMLElement} */
function drawCode(text) {
  const block = document.createElement("pre");
  block.append(filled("code", text, "ltr"));
  // Wide code scrolls in its own box, which must be reachable by keyboard.
  block.tabIndex = 0;
  return block;
}

/** @param {string[]} header @param {string[][]} rows @returns {HTMLElement} */
function drawTable(header, rows) {
  const table = document.createElement("table");
  table.createTHead().insertRow().append(...header.map((cell) => filled("th", cell)));
  const body = table.createTBody();
  for (const row of rows) body.insertRow().append(...row.map((cell) => filled("td", cell)));
  const frame = document.createElement("div");
  frame.className = "table-frame";
  frame.tabIndex = 0;
  frame.append(table);
  return frame;
}

/** @param {string} tag @param {string} text @param {string} dir @returns {HTMLElement} */
function filled(tag, text, dir = "auto") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = dir;
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
