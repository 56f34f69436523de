// @ts-check
/** Takes the server's refusal of settings apart, so that each sentence stands at its field. */

import { sentence } from "../wording.js";

/** @typedef {import("../faults.js").Fault} Fault */
/** @typedef {import("../faults.js").Field} Field */

const NEXT = /; (?=(?:settings\b|name\b|greeting\b))/;
const ONE = /^((?:settings|name|greeting)(?:\.\w+|\[\d+\]|\["[^"]*"\])*)(:? )([^]+)$/;
const LINE = /\[(\d+)\]$/;

/**
 * @param {string} text such as “settings.look.avatar: is not a web address”
 * @param {(path: string) => Field | null} fieldOf
 * @returns {{found: Fault[], rest: string}} `rest` is what belongs to no field
 */
export function placed(text, fieldOf) {
  /** @type {Fault[]} */
  const found = [];
  const rest = [];
  for (const one of text.split(NEXT)) {
    const [, path = "", , said = ""] = one.match(ONE) ?? [];
    const field = path ? fieldOf(path) : null;
    if (field) found.push({ field, text: worded(field, path, said) });
    else rest.push(sentence(one));
  }
  return { found, rest: rest.join(" ") };
}

/** @param {Field} field @param {string} path @param {string} said */
function worded(field, path, said) {
  const line = field instanceof HTMLTextAreaElement && path.match(LINE);
  if (line) return `Line ${Number(line[1]) + 1}: ${sentence(said)}`;
  const begins = /^(is|are|has|have|contains|begins|ends|needs)\b/.test(said);
  return sentence(begins ? `This ${said}` : said);
}
