// @ts-check
/** The numbered sources below an answer, and the reference numbers in its text. */

import { fromTemplate, part } from "./text.js";

/**
 * @typedef {import("./markdown.js").Block} Block
 * @typedef {import("./visitor.js").Source} Source
 * @typedef {{source: Source, url: URL, number: number, quote: string}} Reference
 *   a source as shown; its passage's page highlights `quote`
 */

const OURS = /^\/passages\/proj_[0-9a-f]{32}\/psg_[0-9a-f]{32}$/;
/** Maximum length of the quote that is highlighted on a passage's page. */
const MARKED = 400;

/**
 * List the sources of an answer, and put its number at the end of what each of them says.
 *
 * @param {HTMLElement} section @param {Source[]} sources
 * @param {Block[]} blocks @param {HTMLElement[]} drawn the blocks' elements
 */
export function showSources(section, sources, blocks, drawn) {
  const references = refer(sources, blocks);
  const shown = [...new Set(references)].filter((one) => one !== null);
  section.hidden = shown.length === 0;
  part(section, "ol").replaceChildren(...shown.map(newRow));
  const told = blocks.map(({ source }) => (source === null ? null : references[source]));
  told.forEach((reference, place) => {
    if (reference && reference !== told[place + 1]) mark(drawn[place], reference);
  });
}

/**
 * Number the sources; two passages of the same place share a number.
 *
 * @param {Source[]} sources @param {Block[]} blocks
 * @returns {(Reference | null)[]} one for each source, null if its address must not be linked
 */
function refer(sources, blocks) {
  /** @type {Map<string, Reference>} */
  const known = new Map();
  return sources.map((source, place) => {
    const url = webAddress(source.url);
    if (!url) return null;
    const key = JSON.stringify([url.href, source.heading_path]);
    const first = blocks.find((block) => block.source === place && block.type !== "heading");
    // A model's own words are no quotation; its input may be the whole passage, too long to mark.
    const given = source.quote.length > MARKED ? "" : source.quote;
    const quote = first ? beginning(first) : given;
    const made = { source, url, number: known.size + 1, quote };
    const reference = known.get(key) ?? made;
    known.set(key, reference);
    return reference;
  });
}

/** @param {string} address @returns {URL | null} null if it must not be linked */
function webAddress(address) {
  if (!URL.canParse(address, location.href)) return null;
  const url = new URL(address, location.href);
  return url.protocol === "http:" || url.protocol === "https:" ? url : null;
}

/** @param {Block} block @returns {string} its first marked words, or its first */
function beginning(block) {
  if (block.marked?.length && block.type !== "table") return block.marked[0];
  if (block.type === "table") return block.header.join(" ");
  return block.type === "list" || block.type === "steps" ? (block.items[0] ?? "") : block.text;
}

/** @param {Reference} reference @returns {HTMLElement} */
function newRow(reference) {
  const { source, url } = reference;
  const row = fromTemplate("source-template");
  const link = /** @type {HTMLAnchorElement} */ (part(row, "a"));
  link.href = addressOf(reference);
  part(row, ".source-title").textContent = source.title || url.host;
  // The title has the section's own heading; those above it tell more.
  const above = source.heading_path.slice(0, -1);
  const path = OURS.test(url.pathname) ? above : [url.host, ...above];
  part(row, ".source-path").textContent = path.join(" › ");
  return row;
}

/** @param {Reference} reference @returns {string} its link's address */
function addressOf({ url, quote }) {
  // Open our own passages on this page's origin, even if the server's base URL differs.
  return OURS.test(url.pathname) ? location.origin + url.pathname + quoting(quote) : url.href;
}

/** @param {HTMLElement} block @param {Reference} reference */
function mark(block, reference) {
  const anchor = document.createElement("a");
  anchor.href = addressOf(reference);
  anchor.target = "_blank";
  anchor.rel = "noopener";
  anchor.textContent = String(reference.number);
  anchor.ariaLabel = `Source ${reference.number}: ${reference.source.title} (opens in a new tab)`;
  const raised = document.createElement("sup");
  raised.append(anchor);
  (block.matches("ul, ol") ? (block.lastElementChild ?? block) : block).append(raised);
}

/** @param {string} said @returns {string} query and fragment that make a passage's page mark it */
function quoting(said) {
  // An ellipsis joins sentences that are apart in the passage; only the first is marked.
  const words = said.split(" … ")[0].replace(/\s+/g, " ").trim();
  if (!words) return "";
  const quote = words.length > MARKED ? words.slice(0, words.lastIndexOf(" ", MARKED)) : words;
  return `?${new URLSearchParams({ quote })}#quote`;
}
