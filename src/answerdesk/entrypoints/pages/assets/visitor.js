// @ts-check
/** A client of the visitors' API, for the visitor on this page. */

import { follow } from "./events.js";
import { ServerError, json, request } from "./server.js";

const CUT_OFF = "The connection was lost before the answer was complete.";

/**
 * @typedef {import("./markdown.js").Block} Block
 * @typedef {{level: "sure" | "unsure", text: string}} Certainty
 * @typedef {{title: string, heading_path: string[], quote: string, url: string}} Source
 * @typedef {"answer" | "abstain" | "small_talk" | "hand_off" | "act"} Decision
 * @typedef {"positive" | "negative"} Rating
 *
 * @typedef {{id: string, author: "visitor" | "assistant" | "human", content: string,
 *   blocks: Block[], sources: Source[], certainty: Certainty | null, abstained: boolean,
 *   created_at: string}} StoredMessage
 *
 * @typedef {{name: "accepted", data: {conversation_id: string, message_id: string}}
 *   | {name: "token", data: {text: string}}
 *   | {name: "blocks", data: {blocks: Block[]}}
 *   | {name: "sources", data: {sources: Source[]}}
 *   | {name: "certainty", data: Certainty}
 *   | {name: "notice", data: {text: string}}
 *   | {name: "done", data: {message_id: string, decision: Decision}
 *       | {message_id: null, decision: null}}
 *   | {name: "error", data: {code: string, detail: string}}} ChatEvent
 */

export class Visitor {
  /**
   * @param {string} projectId @param {import("./memory.js").Memory} memory keeps the token
   * @param {() => Record<string, string>} [where] tells where the visitor is, in the API's names
   */
  constructor(projectId, memory, where = () => ({})) {
    this.projectId = projectId;
    this.memory = memory;
    this.where = where;
    /** The visit being requested, shared by all callers. @type {Promise<string> | null} */
    this.beginning = null;
  }

  /**
   * Send a message and yield the events of its reply, ending with `done`.
   *
   * @param {string} message @param {string} conversationId empty to begin a conversation
   * @param {AbortSignal} signal
   */
  async *chat(message, conversationId, signal) {
    const continued = conversationId && { conversation_id: conversationId };
    const body = { message, ...continued, ...this.where() };
    const open = (/** @type {AbortSignal} */ line) => this.#call("/chat", json(body, line));
    /** @type {AsyncGenerator<ChatEvent>} */
    const events = follow(open, signal, CUT_OFF);
    for await (const event of events) {
      if (event.name === "error") throw new ServerError(event.data.detail, event.data.code);
      yield event;
    }
  }

  /**
   * @param {string} conversationId @param {string} since a message's time, or empty for all
   * @returns {Promise<StoredMessage[]>} oldest first
   */
  async messages(conversationId, since) {
    /** @type {StoredMessage[]} */
    const found = [];
    /** @type {string | null} */
    let cursor = "";
    while (cursor !== null) {
      const query = new URLSearchParams({ ...(since && { since }), ...(cursor && { cursor }) });
      const response = await this.#call(`/conversations/${conversationId}/messages?${query}`);
      /** @type {{items: StoredMessage[], next_cursor: string | null}} */
      const page = await response.json();
      found.push(...page.items);
      cursor = page.next_cursor;
    }
    return found;
  }

  /** @param {string} conversationId @param {string} messageId @param {Rating} rating */
  async rate(conversationId, messageId, rating) {
    const body = { message_id: messageId, rating };
    await this.#call(`/conversations/${conversationId}/feedback`, json(body));
  }

  /**
   * @param {string} conversationId @param {Record<string, string>} contact fields may be empty
   * @param {string} [consent] the sentence that the visitor agrees to
   */
  async escalate(conversationId, contact, consent) {
    const given = Object.entries(contact).filter(([, value]) => value);
    const { page_url } = this.where();
    const body = { ...Object.fromEntries(given), ...(consent && { consent: { text: consent, page_url } }) };
    await this.#call(`/conversations/${conversationId}/escalate`, json(body));
  }

  /** @param {string} conversationId @param {string} cursor empty for now @param {AbortSignal} signal */
  stream(conversationId, cursor, signal) {
    const query = new URLSearchParams(cursor ? { cursor } : {});
    return this.#call(`/conversations/${conversationId}/stream?${query}`, { signal });
  }

  /** @param {string} conversationId */
  async typing(conversationId) {
    await this.#call(`/conversations/${conversationId}/typing`, { method: "POST" });
  }

  /** @param {string} conversationId @param {number} score from 1 (worst) to 5 @param {string} comment */
  async rateConversation(conversationId, score, comment) {
    const body = { score, comment: comment || null };
    await this.#call(`/conversations/${conversationId}/rating`, json(body));
  }

  /**
   * Send a request with the visitor's token; an invalid token is renewed once.
   *
   * @param {string} path @param {RequestInit} [options] @returns {Promise<Response>}
   */
  async #call(path, options = {}) {
    const token = this.memory.token || (await this.#begin());
    try {
      return await send(path, options, token);
    } catch (error) {
      if (!isUnauthorised(error)) throw error;
      // Another call, or another tab, may have renewed it meanwhile.
      const isOld = this.memory.token === token;
      return send(path, options, isOld ? await this.#begin() : this.memory.token);
    }
  }

  /** @returns {Promise<string>} the token of a new session */
  #begin() {
    this.beginning ??= this.#visit(this.memory.proof).finally(() => (this.beginning = null));
    return this.beginning;
  }

  /** @param {Partial<import("./memory.js").Visit>} proof @returns {Promise<string>} */
  async #visit(proof) {
    try {
      const response = await request(`/visits/${this.projectId}`, json(proof));
      /** @type {import("./memory.js").Visit} */
      const visit = await response.json();
      this.memory.visited(visit);
      return visit.visitor_token;
    } catch (error) {
      // After a week away, or if the visitor was deleted, begin as a new visitor.
      if (!Object.keys(proof).length || !isUnauthorised(error)) throw error;
      return this.#visit({});
    }
  }
}

/** @param {unknown} error */
const isUnauthorised = (error) => error instanceof ServerError && error.status === 401;

/** @param {string} path @param {RequestInit} options @param {string} token */
function send(path, options, token) {
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  return request(`/v1/visitor${path}`, { ...options, headers });
}
