// @ts-check
/** What this browser remembers of a project: who the visitor is, and the conversation. */

/** A store that may be switched off or full; then nothing is remembered, and all else works. */
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
    const known = /** @type {{id?: unknown, ratings?: Record<string, string>} | null} */ (
      store.read(this.#key)
    );
    this.conversationId = typeof known?.id === "string" ? known.id : "";
    /** The visitor's ratings by message, which the server does not tell. */
    this.ratings = known?.ratings ?? {};
  }

  /** The visitor's token, of which all tabs have the same; empty at first. */
  get token() {
    const stored = store.read(this.#tokenKey);
    return typeof stored === "string" ? stored : this.#token;
  }

  set token(token) {
    this.#token = token;
    store.write(this.#tokenKey, token);
  }

  /** @param {string} conversationId empty for one that the next question begins */
  begin(conversationId) {
    if (this.conversationId === conversationId) return;
    this.conversationId = conversationId;
    this.ratings = {};
    this.#save();
  }

  /** @param {string} messageId @param {string} rating */
  noteRating(messageId, rating) {
    this.ratings[messageId] = rating;
    this.#save();
  }

  #save() {
    store.write(this.#key, { id: this.conversationId, ratings: this.ratings });
  }
}
