// @ts-check
/** The numbered sources below an answer, and their numbers in its text. */

import { fetchPassage } from "./server.js";
import { fromTemplate, part } from "./text.js";

/** @typedef {import("./server.js").Passage} Passage */

const OURS = /^\/passages\/proj_[0-9a-f]{32}\/psg_[0-9a-f]{32}$/;
/** So many letters tell a paragraph of an answer from others. */
const TELLING = 60;
/** So many letters of a paragraph are marked on the page of its passage. */
const MARKED = 400;

/** @type {Map<string, Promise<Passage>>} */
const passages = new Map();

/**
 * List the sources of an answer, and mark its paragraphs with the number they are taken from.
 *
 * @param {HTMLElement} section @param {string[]} addresses @param {HTMLElement} text
 */
export async function showSources(section, addresses, text) {
  const urls = addresses.map(webAddress).filter((url) => url !== null);
  section.hidden = urls.length === 0;
  const rows = urls.map((url) => ({ url, row: newRow(url) }));
  part(section, "ol").replaceChildren(...rows.map(({ row }) => row));
  await Promise.all(
    rows.map(async ({ url, row }, index) => {
      if (!isOurs(url)) return;
      const passage = await load(url.pathname).catch(() => null);
      if (!passage) {
        part(row, ".source-title").textContent = "A passage that cannot be read at the moment";
        return;
      }
      part(row, ".source-title").textContent = passage.title;
      part(row, ".source-path").textContent = passage.heading_path.join(" › ");
      mark(text, passage, index + 1, part(row, "a"));
    }),
  );
}

/** @param {string} address @returns {URL | null} null for what a link must not lead to */
function webAddress(address) {
  if (!URL.canParse(address, location.href)) return null;
  const url = new URL(address, location.href);
  return url.protocol === "http:" || url.protocol === "https:" ? url : null;
}

/** @param {URL} url */
const isOurs = (url) => OURS.test(url.pathname);

/** @param {URL} url @returns {HTMLElement} */
function newRow(url) {
  const row = fromTemplate("source-template");
  const link = /** @type {HTMLAnchorElement} */ (part(row, "a"));
  // Our own passages are read where this page is, whatever name the server has for itself.
  link.href = isOurs(url) ? url.pathname : url.href;
  part(row, ".source-title").textContent = isOurs(url) ? "…" : `${url.host}${url.pathname}`;
  return row;
}

/** @param {string} path @returns {Promise<Passage>} */
function load(path) {
  const known = passages.get(path) ?? fetchPassage(path);
  passages.set(path, known);
  known.catch(() => passages.delete(path));
  return known;
}

/** @param {string} text */
const squeeze = (text) => text.replace(/\s+/g, " ").trim();

/**
 * Number the paragraphs that are in the passage, and lead its link to the first of them.
 *
 * @param {HTMLElement} text @param {Passage} passage @param {number} number
 * @param {HTMLAnchorElement} link
 */
function mark(text, passage, number, link) {
  const whole = squeeze(passage.text);
  const taken = [...text.children].filter((block) => {
    const said = squeeze(block.firstChild?.textContent ?? "");
    return said && !block.querySelector("sup") && whole.includes(said.slice(0, TELLING));
  });
  if (taken.length) link.href += quoting(taken[0].firstChild?.textContent ?? "");
  for (const block of taken) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = String(number);
    anchor.ariaLabel = `Source ${number}: ${passage.title} (opens in a new tab)`;
    const raised = document.createElement("sup");
    raised.append(anchor);
    (block.matches("ul, ol") ? (block.lastElementChild ?? block) : block).append(raised);
  }
}

/** @param {string} said @returns {string} what makes a passage's page show and mark these words */
function quoting(said) {
  const words = squeeze(said);
  const quote = words.length > MARKED ? words.slice(0, words.lastIndexOf(" ", MARKED)) : words;
  return `?${new URLSearchParams({ quote })}#quote`;
}
