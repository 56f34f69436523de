// @ts-check
/** Talks to the server: plain requests, and the stream of an answer. */

import { readEvents } from "./events.js";

const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";
const CUT_OFF = "The connection was lost before the answer was complete.";
/** The server sends something at least every 15 seconds, so a longer silence is a dead line. */
const SILENCE_MS = 40_000;

/** Something that went wrong, with a text for people. */
export class ServerError extends Error {
  /** @param {string} message @param {string} [code] the server's code, if it answered
   * @param {number} [status] the answer's status
   * @param {{row: number, field: string | null, message: string}[]} [rows] what is wrong by row */
  constructor(message, code = "", status = 0, rows = []) {
    super(message);
    this.code = code;
    this.status = status;
    this.rows = rows;
  }
}

/**
 * @typedef {{id: string, role: "user" | "assistant", content: string, sources: string[],
 *   created_at: string}} StoredMessage
 * @typedef {{title: string, heading_path: string[], text: string}} Passage
 * @typedef {{ready: number, pending: number, failed: number}} Progress
 */

/** @param {string} conversationId @param {string} since @returns {Promise<StoredMessage[]>} */
export async function fetchMessages(conversationId, since) {
  const query = new URLSearchParams({ conversationId, ...(since && { since }) });
  return (await getJson(`/api/widget/messages?${query}`)).messages;
}

/** @param {string} path `/passages/…` @returns {Promise<Passage>} */
export const fetchPassage = (path) => getJson(`/v1${path}`);

/** @param {string} projectId @returns {Promise<Progress>} */
export const fetchProgress = (projectId) => getJson(`/progress/${projectId}`);

/** @param {string} messageId @param {"positive" | "negative"} rating */
export const rate = (messageId, rating) =>
  postJson("/api/widget/feedback", { message_id: messageId, rating });

/** @param {string} conversationId @param {string} email @param {string} message */
export const escalate = (conversationId, email, message) =>
  postJson("/api/widget/escalate", { conversation_id: conversationId, email, message });

/**
 * Send a message; yields what the server tells of its answer, ending with `done`.
 *
 * @param {{project_id: string, message: string, visitor_id: string, conversation_id?: string}} body
 * @param {AbortSignal} signal
 */
export async function* chat(body, signal) {
  const line = new AbortController();
  signal.addEventListener("abort", () => line.abort(signal.reason), { once: true });
  const lost = () => line.abort(new ServerError(CUT_OFF));
  let silence = setTimeout(lost, SILENCE_MS);
  try {
    const response = await request("/api/chat", json(body, line.signal));
    for await (const event of readEvents(response)) {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MS);
      if (event.name === "error") throw new ServerError(event.data.error, event.data.code);
      yield event;
      if (event.name === "done") return;
    }
    throw new ServerError(CUT_OFF);
  } catch (error) {
    // Browsers name an aborted stream each in their own way; the reason is ours.
    if (line.signal.aborted) throw line.signal.reason;
    throw error instanceof ServerError ? error : new ServerError(CUT_OFF);
  } finally {
    clearTimeout(silence);
    line.abort();
  }
}

/** @param {object} body @param {AbortSignal} [signal] @returns {RequestInit} */
export function json(body, signal) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body), signal };
}

/** @param {string} path @param {object} body */
async function postJson(path, body) {
  return (await request(path, json(body))).json();
}

/** @param {string} path */
async function getJson(path) {
  return (await request(path, {})).json();
}

/** @param {string} path @param {RequestInit} options @returns {Promise<Response>} */
export async function request(path, options) {
  let response;
  try {
    // No cookie goes along unless a call is made for it.
    response = await fetch(path, { credentials: "omit", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new ServerError(UNREACHABLE);
  }
  if (response.ok) return response;
  throw problemOf(response.status, await response.json().catch(() => ({})));
}

/**
 * Say what a refused request was answered.
 *
 * @param {number} status @param {any} told the answer's body @returns {ServerError}
 */
export function problemOf(status, told) {
  const text = told.error ?? told.detail ?? `The server answered with status ${status}.`;
  const wait = told.retry_after ? ` Try again in ${told.retry_after} seconds.` : "";
  return new ServerError(`${text}${wait}`, told.code, status, told.errors);
}
