// @ts-check
/** What this browser remembers of a project: who the visitor is, and the conversation. */

/**
 * @typedef {{read: () => unknown, write: (value: unknown) => void}} Slot where a value is kept
 * @typedef {{visitor_token: string, resume_token: string}} Visit a session, as the server tells it
 */

/**
 * A value in `localStorage`, which may be disabled or full; nothing is remembered then, but all
 * else works.
 *
 * @param {string} key @returns {Slot}
 */
const stored = (key) => ({
  read() {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  },
  write(value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // See above.
    }
  },
});

export class Memory {
  #tokenSlot;
  #conversationSlot;
  #token = "";

  /** @param {Slot} token @param {Slot} conversation */
  constructor(token, conversation) {
    this.#tokenSlot = token;
    this.#conversationSlot = conversation;
    const known = /** @type {{id?: unknown, ratings?: Record<string, string>, isRated?: unknown} | null} */ (
      conversation.read()
    );
    this.conversationId = typeof known?.id === "string" ? known.id : "";
    /** The visitor's ratings by message, which the server doesn't return. */
    this.ratings = known?.ratings ?? {};
    /** Whether the visitor has rated the whole conversation, or does not want to. */
    this.isRated = known?.isRated === true;
  }

  /** The visitor's token, shared by all tabs if it is stored; empty at first. */
  get token() {
    const stored = this.#tokenSlot.read();
    return typeof stored === "string" ? stored : this.#token;
  }

  /** @returns {Partial<Visit>} what shows the server that the visitor is the same as before */
  get proof() {
    return this.token ? { visitor_token: this.token } : {};
  }

  /** @param {Visit} visit the visitor's new session */
  visited({ visitor_token }) {
    this.#token = visitor_token;
    this.#tokenSlot.write(visitor_token);
  }

  /** @param {string} conversationId empty if the next question shall begin a new one */
  begin(conversationId) {
    if (this.conversationId === conversationId) return;
    this.conversationId = conversationId;
    this.ratings = {};
    this.isRated = false;
    this.save();
  }

  /** @param {string} messageId @param {string} rating */
  noteRating(messageId, rating) {
    this.ratings[messageId] = rating;
    this.save();
  }

  noteConversationRating() {
    this.isRated = true;
    this.save();
  }

  save() {
    const { conversationId: id, ratings, isRated } = this;
    this.#conversationSlot.write({ id, ratings, isRated });
  }
}

/** @param {string} projectId @returns {Memory} of our own page of the project */
export const ownMemory = (projectId) =>
  new Memory(stored(`answerdesk:visitor:${projectId}`), stored(`answerdesk:conversation:${projectId}`));
