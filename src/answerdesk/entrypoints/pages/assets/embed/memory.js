// @ts-check
/** What a website's page remembers for its frame, which has no storage of its own to rely on. */

import { Memory } from "../memory.js";

const CONVERSATION = /^conv_[0-9a-f]{32}$/;

/** @typedef {{resume?: unknown, conversation?: {id?: unknown, ratings?: unknown}}} Kept */

/**
 * The website keeps a token that can only resume a session here, never the visitor's own, and
 * nothing before the first message.
 */
export class FrameMemory extends Memory {
  #resume = "";

  /** @param {unknown} kept what the website gives back @param {(kept: string) => void} keep */
  constructor(kept, keep) {
    const { resume, conversation } = read(kept);
    super(
      { read: () => null, write: () => {} },
      {
        read: () => conversation,
        write: (value) => keep(JSON.stringify({ resume: this.#resume, conversation: value })),
      },
    );
    if (typeof resume === "string") this.#resume = resume;
  }

  get proof() {
    return this.#resume ? { resume_token: this.#resume } : {};
  }

  /** @param {import("../memory.js").Visit} visit */
  visited(visit) {
    super.visited(visit);
    this.#resume = visit.resume_token;
    if (this.conversationId) this.save();
  }
}

/** @param {unknown} kept anything: other scripts of the website may have changed it @returns {Kept} */
function read(kept) {
  try {
    /** @type {Kept | null} */
    const known = JSON.parse(String(kept));
    const { id, ratings } = known?.conversation ?? {};
    const isSound = typeof id === "string" && CONVERSATION.test(id) && ratings instanceof Object;
    return isSound ? (known ?? {}) : { resume: known?.resume };
  } catch {
    return {};
  }
}
