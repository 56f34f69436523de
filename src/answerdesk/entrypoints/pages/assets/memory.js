// @ts-check
/** What this browser remembers: the visitor, and for each project its conversation. */

/** @typedef {{confidence?: number, rating?: string}} Facts what the server does not tell again */

/** A store that may be switched off or full; then nothing is remembered, and all else works. */
const store = {
  /** @param {string} key @returns {any} */
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

/** @returns {string} the visitor's id, made on first use */
export function visitorId() {
  const known = store.read("answerdesk:visitor");
  if (typeof known === "string") return known;
  // `randomUUID` exists on encrypted pages only, and this one may be served inside a house.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  store.write("answerdesk:visitor", `visitor_${digits}`);
  return `visitor_${digits}`;
}

/** The conversation that goes on in a project. */
export class Memory {
  /** @param {string} projectId */
  constructor(projectId) {
    this.key = `answerdesk:conversation:${projectId}`;
    const known = store.read(this.key);
    /** @type {string} */
    this.conversationId = typeof known?.id === "string" ? known.id : "";
    /** @type {Record<string, Facts>} */
    this.facts = known?.facts ?? {};
  }

  /** @param {string} conversationId */
  begin(conversationId) {
    if (this.conversationId === conversationId) return;
    this.conversationId = conversationId;
    this.facts = {};
    this.#save();
  }

  /** @param {string} messageId @param {Facts} facts */
  note(messageId, facts) {
    this.facts[messageId] = { ...this.facts[messageId], ...facts };
    this.#save();
  }

  #save() {
    store.write(this.key, { id: this.conversationId, facts: this.facts });
  }
}
