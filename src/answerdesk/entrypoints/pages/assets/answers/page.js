// @ts-check
/** The page that shows how an answer came about: the record of it, part by part. */

import { arrive } from "../arriving.js";
import { badge, byId, explain, facts, h, words } from "../dom.js";
import { ask, isLoggedOut } from "../session.js";
import { showModel } from "./model.js";
import { showCandidates, showStages } from "./passages.js";

/**
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Trace} Trace
 * @typedef {import("./shapes.js").Turn} Turn
 */

/** @type {Record<string, [string, string]>} */
const DECISIONS = {
  answer: ["good", "Answered"],
  abstain: ["warn", "No answer in the knowledge"],
  small_talk: ["calm", "Small talk"],
  hand_off: ["calm", "Passed on to people"],
  act: ["busy", "An action"],
};

/** Why there is no record, by decision. @type {Record<string, string>} */
const WITHOUT = {
  hand_off: "The visitor asked for a person, so nothing was looked for.",
  small_talk: "The message asked nothing, so nothing was looked for.",
};

start().catch((error) => {
  if (!isLoggedOut(error)) byId("lead").textContent = `This could not be loaded. ${explain(error)}`;
});

async function start() {
  if (!(await arrive())) return;
  const given = new URLSearchParams(location.search);
  const [conversation, id] = [given.get("conversation") ?? "", given.get("message") ?? ""];
  const pair = conversation && id ? await find(conversation, id) : null;
  if (!pair) {
    byId("lead").textContent = "There is no such answer: it was deleted with its conversation, or this message answers no question.";
    return;
  }
  const lead = pair.answer ? "From the question to what the visitor read. " : "This question has no answer yet. ";
  byId("lead").replaceChildren(lead, h("a", { href: `/inbox#/conversation/${conversation}` }, "Open the conversation"));
  show(pair.question, pair.answer);
}

/**
 * @param {string} conversation @param {string} id of a question or of its answer
 * @returns {Promise<{question: Message, answer: Message | null} | null>}
 */
async function find(conversation, id) {
  const path = `/v1/conversations/${encodeURIComponent(conversation)}/messages/${encodeURIComponent(id)}/trace`;
  const pair = await ask("GET", path).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
  return pair?.question.turn ? pair : null;
}

/** @param {Message} question @param {Message | null} answer */
function show(question, answer) {
  const { turn } = question;
  const trace = turn?.trace && Object.keys(turn.trace).length ? turn.trace : null;
  byId("asked").textContent = question.content;
  byId("answered").textContent = answer?.content ?? "";
  showReading(question.content, trace);
  showOutcome(turn, answer, trace);
  byId("no-trace").hidden = trace !== null;
  byId("no-trace").textContent = WITHOUT[turn?.decision ?? ""] ?? "There is no record of how this answer came about.";
  if (trace) {
    showModel(trace);
    showCandidates(trace);
    showStages(trace.stages ?? {});
    byId("raw").textContent = JSON.stringify(trace, null, 2);
    byId("raw-part").hidden = false;
  }
  byId("trace").hidden = false;
}

/** @param {string} asked @param {Trace | null} trace */
function showReading(asked, trace) {
  if (!trace) return;
  const { rewritten = "", queries = [], corrections = {}, synonyms = {}, halves = [] } = trace;
  const searched = queries.length > 1 ? h("ul", {}, ...queries.map((one) => h("li", {}, words(one)))) : null;
  byId("reading").replaceChildren(
    facts([
      ["Read as", rewritten === asked ? null : rewritten],
      ["Language", languageName(trace.language)],
      ["Corrected", pairs(Object.entries(corrections))],
      ["Also means", pairs(Object.entries(synonyms).map(([one, others]) => [one, others.join(", ")]))],
      ["Two parts", halves.join(" · ")],
    ]),
    ...(searched ? [h("p", { class: "row-note" }, "What was searched for:"), searched] : []),
  );
}

/** @param {[string, string][]} entries */
const pairs = (entries) => entries.map(([one, other]) => `${one} → ${other}`).join(", ");

/** @param {string | undefined} code */
function languageName(code) {
  if (!code || code === "und") return "unknown";
  return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
}

/** @param {Turn | null} turn @param {Message | null} answer @param {Trace | null} trace */
function showOutcome(turn, answer, trace) {
  const told = [];
  const [tone, text] = DECISIONS[turn?.decision ?? ""] ?? ["calm", "Not decided"];
  told.push(badge(tone, text));
  if (turn?.state === "failed") told.push(badge("bad", `Failed: ${turn.error_code ?? "unknown"}`));
  const generation = trace?.generation;
  if (generation) {
    const { failed, model } = generation;
    if (failed === "spending_cap") told.push(badge("warn", "No model was asked: a spending cap"));
    else told.push(failed ? badge("bad", "The model failed") : badge("calm", `Written by ${model ?? "a model"}`));
  } else if (turn?.decision === "answer") {
    told.push(badge("calm", "In the knowledge's own words"));
  }
  byId("decision").replaceChildren(...told);
  const sources = answer?.sources ?? [];
  byId("outcome").replaceChildren(
    facts([
      ["Confidence", answer?.confidence === null || !answer ? null : `${Math.round(answer.confidence * 100)} %`],
      ["Sources", sources.map((one) => one.title).join(" · ")],
      ["Attempts", turn && turn.attempt > 1 ? String(turn.attempt) : null],
    ]),
  );
}
