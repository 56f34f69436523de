// @ts-check
/** States and outcomes of webhooks, in words for people. */

import { badge, h, words } from "../dom.js";
import { counted, sentence, when } from "../wording.js";

/**
 * @typedef {import("./shapes.js").DeliveryState} DeliveryState
 * @typedef {import("./shapes.js").EventType} EventType
 * @typedef {import("./shapes.js").Format} Format
 * @typedef {import("./shapes.js").Outcome} Outcome
 * @typedef {import("./shapes.js").Webhook} Webhook
 */

/** @type {Record<Format, string>} */
export const FORMATS = {
  standard: "Answerdesk",
  noras: "Noras",
  novaro: "Novaro",
  novachat: "Nova Chat",
  orac: "Orac",
};

/** Tone and text of each. @type {Record<DeliveryState, [string, string]>} */
export const DELIVERY_STATES = {
  pending: ["busy", "Waiting"],
  delivered: ["good", "Delivered"],
  failed: ["bad", "Failed"],
  cancelled: ["calm", "Cancelled"],
};

/** @param {Webhook} webhook @returns {[string, string]} tone and text */
export function stateOf({ enabled, disabled_reason: reason, failing_since: since }) {
  if (!enabled) return reason === "owner" ? ["calm", "Disabled"] : ["bad", "Disabled"];
  return since ? ["warn", "Failing"] : ["good", "Enabled"];
}

/** @param {Webhook} webhook @returns {string} why it is disabled or failing, and what to do */
export function reasonOf({ enabled, disabled_reason: reason, failing_since: since }) {
  if (enabled) {
    return since
      ? `Failing since ${when(since)}. Its deliveries say why. If nothing is accepted for five days, it is disabled.`
      : "";
  }
  if (reason === "gone") {
    return "The receiver answered 410: it is gone for good. If that is wrong, repair the receiver or change the address, then enable the webhook.";
  }
  if (reason === "failing") {
    return "Nothing was accepted for five days. Its deliveries say why. Repair the receiver, make a test call, then enable the webhook.";
  }
  return "Nothing is sent. Events that happen meanwhile are not sent later either.";
}

/** @param {Webhook} webhook @param {EventType[]} types */
export function eventsOf({ events, format }, types) {
  if (events) return events.length > 3 ? counted(events.length, "event") : events.join(", ");
  const all = types.filter((one) => one.formats[format]).length;
  return all ? "All events" : "Only replies that were asked for";
}

/** @param {Outcome} outcome what came back from an attempt or a test call */
export function outcome({ status, error, milliseconds, answer }) {
  const came = status === null ? "No response" : `Status ${status}`;
  const shown = [
    h("p", {}, badge(error ? "bad" : "good", error ? "Not accepted" : "Accepted"), ` ${came} after ${milliseconds.toLocaleString()} ms`),
    error && h("p", { class: "reason" }, words(sentence(error))),
    // It scrolls in its own box, which must be reachable by keyboard.
    answer && h("pre", { class: "answer-text", tabindex: "0", role: "region", "aria-label": "The beginning of the response" }, h("code", { dir: "auto" }, answer)),
    answer === "" && h("p", { class: "row-note" }, "The response has no body."),
  ];
  return shown.filter((one) => one !== null && one !== false && one !== "");
}
