// @ts-check
/** Where the marked parts of a block stand in its texts. */

/** @typedef {[start: number, end: number]} Span a half-open range of a text's characters */

/**
 * Find the marked parts: each in the first text equal to it, else in the first that contains it.
 *
 * @param {string[]} texts @param {string[]} marked
 * @returns {Span[][]} for each text, in order and apart from each other
 */
export function placesOf(texts, marked) {
  /** @type {Span[][]} */
  const found = texts.map(() => []);
  for (const part of marked.filter((one) => one.trim())) {
    const equal = texts.indexOf(part);
    const place = equal < 0 ? texts.findIndex((text) => text.includes(part)) : equal;
    if (place < 0) continue;
    const start = texts[place].indexOf(part);
    found[place].push([start, start + part.length]);
  }
  return found.map(apart);
}

/**
 * Find them in a table, where a part may also be a whole row: its cells joined with " | ".
 *
 * @param {string[][]} rows @param {string[]} marked
 * @returns {Span[][][]} for each cell of each row
 */
export function placesInRows(rows, marked) {
  const names = rows.map((row) => row.join(" | "));
  const whole = new Set(marked.map((part) => names.indexOf(part)));
  const parts = marked.filter((part) => !names.includes(part));
  const cells = placesOf(rows.flat(), parts);
  return rows.map((row, place) => {
    const own = cells.splice(0, row.length);
    return whole.has(place) ? row.map((cell) => /** @type {Span[]} */ ([[0, cell.length]])) : own;
  });
}

/** @param {Span[]} spans @returns {Span[]} */
function apart(spans) {
  /** @type {Span[]} */
  const kept = [];
  for (const [start, end] of spans.sort((one, other) => one[0] - other[0])) {
    const last = kept.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else kept.push([start, end]);
  }
  return kept;
}
