// @ts-check
/** The routes of the native API that the inbox page calls. */

import { ask, authorised } from "../session.js";

/**
 * @typedef {import("./shapes.js").CannedReply} CannedReply
 * @typedef {import("./shapes.js").DraftOut} DraftOut
 * @typedef {import("./shapes.js").Entry} Entry
 * @typedef {import("./shapes.js").ListedEntry} ListedEntry
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Mode} Mode
 * @typedef {import("./shapes.js").Note} Note
 */

const MOST = 200;

/** @param {string} id */
const of = (id) => `/v1/conversations/${encodeURIComponent(id)}`;

/** @template T @param {string} path its query may have been begun @returns {Promise<T[]>} all */
async function every(path) {
  const found = [];
  for (let cursor = ""; ; ) {
    const query = new URLSearchParams({ limit: String(MOST), ...(cursor && { cursor }) });
    const page = await ask("GET", `${path}${path.includes("?") ? "&" : "?"}${query}`);
    found.push(...page.items);
    if (!page.next_cursor) return found;
    cursor = page.next_cursor;
  }
}

/** @param {URLSearchParams} filters @returns {Promise<import("./shapes.js").Snapshot>} */
export const snapshot = (filters) => ask("GET", `/v1/inbox/snapshot?${filters}`);

/** @param {URLSearchParams} filters @returns {Promise<import("./shapes.js").Listing<ListedEntry>>} */
export const list = (filters) => ask("GET", `/v1/inbox?${filters}`);

/** @param {string} cursor @param {AbortSignal} signal */
export const stream = (cursor, signal) =>
  authorised(`/v1/inbox/stream?${new URLSearchParams(cursor ? { cursor } : {})}`, { signal });

/** @param {string} cursor @returns {Promise<{frames: {event: string, data: any}[], cursor: string, more: boolean}>} */
export const events = (cursor) => ask("GET", `/v1/inbox/events?${new URLSearchParams(cursor ? { cursor } : {})}`);

/** @param {string} stream_id @param {string | null} conversation_id */
export const present = (stream_id, conversation_id) =>
  ask("POST", "/v1/inbox/presence", { stream_id, conversation_id });

/** @param {string} id @returns {Promise<ListedEntry>} */
export const entry = (id) => ask("GET", `/v1/inbox/conversations/${encodeURIComponent(id)}`);

/** @param {string} id @returns {Promise<Message[]>} all, oldest first */
export async function messages(id) {
  /** @type {Message[]} */
  const found = [];
  for (let cursor = ""; ; ) {
    const query = new URLSearchParams({ limit: String(MOST), ...(cursor && { cursor }) });
    const page = await ask("GET", `${of(id)}?${query}`);
    found.push(...page.messages);
    if (!page.next_cursor) return found;
    cursor = page.next_cursor;
  }
}

/** @param {string} id @returns {Promise<Note[]>} */
export const notes = (id) => every(`${of(id)}/notes`);

/**
 * @param {string} id @param {string} content
 * @param {{seen: string | null, goAhead: boolean, once: string}} how the newest message that the
 *   writer has seen; whether to send all the same; an idempotency key
 * @returns {Promise<Message>}
 */
export const reply = (id, content, { seen, goAhead, once }) =>
  ask("POST", `${of(id)}/messages`, { content, seen, go_ahead: goAhead }, { "Idempotency-Key": once });

/** @param {string} id @param {string} content @param {string} once @returns {Promise<Note>} */
export const addNote = (id, content, once) =>
  ask("POST", `${of(id)}/notes`, { content }, { "Idempotency-Key": once });

/** @param {string} id @param {string} note */
export const removeNote = (id, note) => ask("DELETE", `${of(id)}/notes/${encodeURIComponent(note)}`);

/** @param {string} id @param {boolean} force also from another person */
export const claim = (id, force) => ask("POST", `${of(id)}/claim`, { force });

/** @param {string} id @param {string | null} member null for nobody: it waits again */
export const assign = (id, member) => ask("POST", `${of(id)}/assign`, { member_id: member });

/** @param {string} id @param {"hand-back" | "close" | "reopen"} what */
export const act = (id, what) => ask("POST", `${of(id)}/${what}`);

/** @param {string} id @param {Date} until */
export const snooze = (id, until) => ask("POST", `${of(id)}/snooze`, { until: until.toISOString() });

/** @param {string} id */
export const wake = (id) => ask("DELETE", `${of(id)}/snooze`);

/** @param {string} id @param {string[]} tags @returns {Promise<{tags: string[]}>} */
export const tag = (id, tags) => ask("PUT", `${of(id)}/tags`, { tags });

/** @param {string} project empty for all @returns {Promise<{tag: string, count: number}[]>} */
export const tags = (project) => every(`/v1/tags?${new URLSearchParams(project ? { project_id: project } : {})}`);

/** @param {string} id @param {string} message the newest one that was read */
export const read = (id, message) => ask("PUT", `${of(id)}/read`, { message_id: message });

/** @param {string} id */
export const typing = (id) => ask("POST", `${of(id)}/typing`);

/** @param {string} id @param {Mode} kind @returns {Promise<DraftOut>} */
export const draft = (id, kind) => ask("GET", `${of(id)}/drafts/${kind}`);

/** @param {string} id @param {Mode} kind @param {string} content @param {number} version @returns {Promise<DraftOut>} */
export const saveDraft = (id, kind, content, version) => ask("PUT", `${of(id)}/drafts/${kind}`, { content, version });

/** @param {string} project @param {string} q @returns {Promise<CannedReply[]>} */
export async function cannedReplies(project, q) {
  const query = new URLSearchParams({ limit: "50", ...(project && { project_id: project }), ...(q && { q }) });
  return (await ask("GET", `/v1/canned-replies?${query}`)).items;
}

/** @param {string} id @param {string} conversation @returns {Promise<{content: string}>} */
export const rendered = (id, conversation) =>
  ask("GET", `/v1/canned-replies/${encodeURIComponent(id)}/rendered?${new URLSearchParams({ conversation_id: conversation })}`);

/** @param {string} id empty for a new one @param {object} body @returns {Promise<CannedReply>} */
export const saveCanned = (id, body) =>
  id ? ask("PATCH", `/v1/canned-replies/${encodeURIComponent(id)}`, body) : ask("POST", "/v1/canned-replies", body);

/** @param {string} id */
export const removeCanned = (id) => ask("DELETE", `/v1/canned-replies/${encodeURIComponent(id)}`);

/** @param {string} id @returns {Promise<import("./shapes.js").Contact>} */
export const contact = (id) => ask("GET", `/v1/visitors/${encodeURIComponent(id)}`);

/** @param {string} id @param {{name?: string | null, email?: string | null}} changed */
export const changeContact = (id, changed) => ask("PATCH", `/v1/visitors/${encodeURIComponent(id)}`, changed);

/**
 * Return what the visitor left in a conversation when they asked for a person, if it is recent.
 *
 * @param {string} project @param {string} conversation
 * @returns {Promise<{email: string | null, phone: string | null, message: string | null} | undefined>}
 */
export async function lead(project, conversation) {
  const { items } = await ask("GET", `/v1/projects/${encodeURIComponent(project)}/leads?limit=${MOST}`);
  return items.find((/** @type {{conversation_id: string}} */ one) => one.conversation_id === conversation);
}

/** @param {string} id @returns {Promise<import("./shapes.js").Listing<Entry>>} the latest ones */
export const conversationsOf = (id) => ask("GET", `/v1/visitors/${encodeURIComponent(id)}/conversations?limit=6`);

/** @returns {Promise<import("./shapes.js").Preferences>} */
export const preferences = () => ask("GET", "/v1/notice-preferences");

/** @param {object} body @returns {Promise<import("./shapes.js").Preferences>} */
export const savePreferences = (body) => ask("PUT", "/v1/notice-preferences", body);
