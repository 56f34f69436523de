// @ts-check
/** Puts text on the page. Nothing that comes from outside is ever read as markup. */

const ITEM = /^\s*(?:[-*•]|\d+[.)])\s+/;

/**
 * Show text as paragraphs and simple lists, in place of what `container` held.
 *
 * @param {HTMLElement} container @param {string} text
 */
export function renderText(container, text) {
  container.replaceChildren(
    ...text
      .split(/\n\s*\n/)
      .filter((block) => block.trim())
      .map(renderBlock),
  );
}

/** @param {string} block @returns {HTMLElement} */
function renderBlock(block) {
  const lines = block.split("\n").filter((line) => line.trim());
  if (lines.length < 2 || !lines.every((line) => ITEM.test(line))) {
    return filled("p", block.trim());
  }
  const list = document.createElement(/^\s*\d/.test(lines[0]) ? "ol" : "ul");
  if (list instanceof HTMLOListElement) list.start = Number.parseInt(lines[0], 10);
  list.append(...lines.map((line) => filled("li", line.replace(ITEM, ""))));
  return list;
}

/** @param {string} tag @param {string} text @returns {HTMLElement} */
function filled(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = "auto";
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
