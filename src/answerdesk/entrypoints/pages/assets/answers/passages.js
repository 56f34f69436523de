// @ts-check
/** The candidates with their scores, and how long each stage took. */

import { byId, h, words } from "../dom.js";

/**
 * @typedef {import("./shapes.js").Candidate} Candidate
 * @typedef {import("./shapes.js").Generation} Generation
 * @typedef {import("./shapes.js").Trace} Trace
 */

/** @type {Record<string, string>} */
const STAGES = {
  rewrite: "Reading the question",
  retrieve: "Searching",
  rerank: "Ranking",
  decide: "Deciding",
  generate: "Writing",
  verify: "Verifying",
};

/** @param {number | null | undefined} value */
export const milliseconds = (value) =>
  typeof value === "number" ? `${value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 })} ms` : null;

/** @param {Trace} trace */
export function showCandidates({ candidates, generation, queries = [] }) {
  if (!candidates) return;
  const isReranked = candidates.some((one) => typeof one.reranker === "number");
  const columns = ["Passage", "Score", "Words", "Meaning", ...(isReranked ? ["Reranker"] : []), "Use"];
  byId("candidates-head").replaceChildren(...columns.map((name) => h("th", { scope: "col" }, name)));
  byId("candidates").replaceChildren(...candidates.map((one) => row(one, isReranked, use(one, generation))));
  byId("candidates-note").textContent = candidates.length
    ? `“Words” is BM25, “Meaning” the similarity of question and passage. ${order(isReranked, queries.length > 1)}`
    : "The search found nothing.";
  byId("candidates-part").hidden = false;
}

/** @param {boolean} isReranked @param {boolean} isSeveral whether there were several queries */
function order(isReranked, isSeveral) {
  const by = isReranked ? "the reranker's score" : "their score";
  return isSeveral ? `The best of each query come first, by ${by}.` : `The best come first, by ${by}.`;
}

/** @param {Candidate} one @param {Generation | undefined} generation @returns {string} what became of it */
function use({ chunk, chosen }, generation) {
  const isWritten = generation && !generation.failed;
  if (!isWritten) return chosen ? "Quoted" : "";
  const place = (generation.passages ?? []).indexOf(chunk) + 1;
  if (!place) return "";
  const supports = generation.verdicts?.some(({ passages }) => passages.includes(place));
  return supports ? `Passage ${place}, a source` : `Passage ${place}`;
}

/** @param {Candidate} one @param {boolean} isReranked @param {string} used */
function row({ title, document: path, score, bm25, similarity, reranker }, isReranked, used) {
  const numbers = [score, bm25, similarity, ...(isReranked ? [reranker ?? null] : [])];
  const told = numbers.map((value) => h("td", { class: "number" }, value === null ? "–" : value.toFixed(2)));
  return h("tr", {}, h("td", { class: "candidate" }, words(title || path), title && title !== path && h("span", { class: "row-note" }, h("br"), words(path))), ...told, h("td", {}, used));
}

/** @param {Record<string, number>} stages */
export function showStages(stages) {
  const most = Math.max(...Object.values(stages), 0.01);
  const known = Object.entries(STAGES).filter(([name]) => name in stages);
  byId("stages").replaceChildren(
    ...known.map(([name, title]) =>
      h("tr", {},
        h("th", { scope: "row" }, title),
        h("td", {}, h("meter", { min: "0", max: String(most), value: String(stages[name]), "aria-label": title })),
        h("td", { class: "number" }, milliseconds(stages[name])),
      ),
    ),
  );
  byId("stages-part").hidden = known.length === 0;
}
