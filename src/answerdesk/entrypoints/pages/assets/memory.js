// @ts-check
/** What this browser remembers of a project: who the visitor is, and the conversation. */

/** `localStorage` may be disabled or full; nothing is remembered then, but all else works. */
const store = {
  /** @param {string} key @returns {unknown} */
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  },
  /** @param {string} key @param {unknown} value */
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // See above.
    }
  },
};

export class Memory {
  #tokenKey;
  #key;
  #token = "";

  /** @param {string} projectId */
  constructor(projectId) {
    this.#tokenKey = `answerdesk:visitor:${projectId}`;
    this.#key = `answerdesk:conversation:${projectId}`;
    const known = /** @type {{id?: unknown, ratings?: Record<string, string>, isRated?: unknown} | null} */ (
      store.read(this.#key)
    );
    this.conversationId = typeof known?.id === "string" ? known.id : "";
    /** The visitor's ratings by message, which the server doesn't return. */
    this.ratings = known?.ratings ?? {};
    /** Whether the visitor has rated the whole conversation, or does not want to. */
    this.isRated = known?.isRated === true;
  }

  /** The visitor's token, shared by all tabs; empty at first. */
  get token() {
    const stored = store.read(this.#tokenKey);
    return typeof stored === "string" ? stored : this.#token;
  }

  set token(token) {
    this.#token = token;
    store.write(this.#tokenKey, token);
  }

  /** @param {string} conversationId empty if the next question shall begin a new one */
  begin(conversationId) {
    if (this.conversationId === conversationId) return;
    this.conversationId = conversationId;
    this.ratings = {};
    this.isRated = false;
    this.#save();
  }

  /** @param {string} messageId @param {string} rating */
  noteRating(messageId, rating) {
    this.ratings[messageId] = rating;
    this.#save();
  }

  noteConversationRating() {
    this.isRated = true;
    this.#save();
  }

  #save() {
    store.write(this.#key, { id: this.conversationId, ratings: this.ratings, isRated: this.isRated });
  }
}
