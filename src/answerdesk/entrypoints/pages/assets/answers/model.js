// @ts-check
/** What a model was asked, what it wrote, and what became of its sentences. */

import { badge, byId, facts, h, words } from "../dom.js";
import { milliseconds } from "./passages.js";

/**
 * @typedef {import("./shapes.js").Call} Call
 * @typedef {import("./shapes.js").Generation} Generation
 * @typedef {import("./shapes.js").Trace} Trace
 * @typedef {import("./shapes.js").Verdict} Verdict
 */

/** @type {Record<string, string>} */
const FAILURES = {
  spending_cap: "A spending cap left no room for it",
  model_answer_withheld: "It withheld its answer",
  model_answer_empty: "It said nothing",
  model_unavailable: "It could not be reached",
  model_deadline: "It did not begin in time",
  model_refuses: "Its service refused the request",
};

/** @type {Record<string, string>} */
const REASONS = {
  number: "another number",
  name: "another name",
  negation: "a “not” too many or too few",
  opposite: "the opposite",
  unsaid: "no passage says it",
};

/** @type {Record<string, string>} */
const POLICIES = { strict: "only what passages say", open: "also what it knows itself" };

/** @type {Record<string, string>} */
const CHECKS = { mark: "unsupported sentences are marked", remove: "unsupported sentences are left out", off: "off" };

/** @type {Record<string, string>} */
const ROLES = { system: "Instructions and passages", user: "Visitor", assistant: "Assistant", tool: "Result of an action" };

/** @type {Record<string, [string, string]>} */
const CALLS = {
  called: ["good", "Called"],
  failed: ["bad", "Failed"],
  refused: ["bad", "Not called"],
  log_in: ["warn", "Not called: the visitor has to log in"],
  too_often: ["warn", "Not called: too many within a minute"],
};

/** @param {Trace} trace */
export function showModel({ generation }) {
  if (!generation) return;
  byId("model-facts").replaceChildren(factsOf(generation));
  const { verdicts = [], prompt = [], calls = [], calls_ignored: ignored = 0 } = generation;
  byId("calls").replaceChildren(...calls.map(callOf));
  byId("calls-note").textContent = ignored ? `It asked for ${ignored} more, which came too late or were too many.` : "";
  byId("calls-part").hidden = calls.length === 0 && ignored === 0;
  byId("sentences").replaceChildren(...verdicts.map(sentence));
  byId("sentences-part").hidden = verdicts.length === 0;
  byId("prompt").replaceChildren(...prompt.flatMap(({ role, text }) => turnOf(role, text)));
  byId("prompt-part").hidden = prompt.length === 0;
  byId("model").hidden = false;
}

/** @param {Generation} one */
function factsOf(one) {
  const tokens = [one.input_tokens, one.output_tokens].every((count) => typeof count === "number");
  const told = tokens ? `${one.input_tokens?.toLocaleString()} read, ${one.output_tokens?.toLocaleString()} written` : null;
  return facts([
    ["Why it did not answer", one.failed ? (FAILURES[one.failed] ?? one.failed) : null],
    ["Model", one.model ?? null],
    ["Attempts", one.attempts && one.attempts > 1 ? String(one.attempts) : null],
    ["First word after", milliseconds(one.first_token_milliseconds)],
    ["Ready after", milliseconds(one.milliseconds)],
    ["Tokens", told && one.tokens_estimated ? `${told} (estimated)` : told],
    ["Cost", one.cost ?? null],
    ["It may say", POLICIES[one.knowledge ?? ""] ?? null],
    ["Verification", CHECKS[one.verification ?? ""] ?? null],
    ["It found", one.no_answer ? "no answer in the passages" : null],
    ["It ended", one.reason && one.reason !== "stop" ? one.reason : null],
  ]);
}

/** @param {Call} call */
function callOf({ tool, verdict, result, arguments: values = {}, milliseconds: took, error }) {
  const [tone, label] = CALLS[verdict] ?? ["calm", verdict];
  const sent = Object.entries(values).map(([name, value]) => `${name}: ${String(value)}`).join(", ");
  const notes = [milliseconds(took), error].filter(Boolean).join(" · ");
  return h(
    "li",
    {},
    words(sent ? `${tool} (${sent})` : tool),
    badge(tone, label),
    ...(notes ? [h("span", { class: "row-note" }, ` ${notes}`)] : []),
    h("p", { class: "row-note", dir: "auto" }, result),
  );
}

/** @param {Verdict} verdict */
function sentence({ sentence: said, supported, passages, actions = [], reason, score }) {
  const row = h("li", {}, words(said));
  if (supported === null) row.append(badge("calm", "Claims nothing"));
  else if (supported) row.append(...passages.map((place) => badge("good", `Passage ${place}`)), ...actions.map((name) => badge("good", `Action “${name}”`)));
  else row.append(badge("bad", `Unsupported: ${REASONS[reason ?? ""] ?? reason ?? "no passage says it"}`));
  if (supported !== null) row.append(h("span", { class: "row-note" }, ` ${Math.round(score * 100)} %`));
  return row;
}

/** @param {string} role @param {string} text */
const turnOf = (role, text) => [
  h("h3", {}, ROLES[role] ?? role),
  h("pre", { dir: "auto", tabindex: "0", role: "region", "aria-label": ROLES[role] ?? role }, text),
];
