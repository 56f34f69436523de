// @ts-check
/** The inbox's frames, by a stream or by polling. */

import { Live } from "../live.js";
import { ServerError } from "../server.js";
import { isLoggedOut, renew } from "../session.js";
import { explain } from "../dom.js";
import * as api from "./api.js";

const POLL_MS = 5000;
const POLL_HIDDEN_MS = 10_000;

/**
 * @typedef {{
 *   frame: (name: string, data: any, cursor: string) => void,
 *   told: (isConnected: boolean) => void,
 *   reload: () => Promise<string>,
 *   over: (reason: string) => void,
 * }} FeedEnds `reload` takes a new snapshot and returns its cursor; `over`: access has ended
 */

/**
 * Pass a frame on. A mistake of ours in showing it is reported, and the next frames are shown.
 *
 * @param {FeedEnds} ends @param {string} name @param {any} data @param {string} cursor
 */
function pass(ends, name, data, cursor) {
  try {
    ends.frame(name, data, cursor);
  } catch (error) {
    reportError(error);
  }
}

export class StreamFeed {
  /** @param {FeedEnds} ends */
  constructor(ends) {
    this.ends = ends;
    this.live = new Live({
      open: api.stream,
      take: (frame) => this.#take(frame),
      told: ends.told,
      failed: (error) => this.#failed(error),
    });
  }

  /** @param {string} cursor */
  start(cursor) {
    this.live.start(cursor);
  }

  stop() {
    this.live.stop();
  }

  /** @param {import("../live.js").Frame} frame */
  async #take({ name, data, id }) {
    if (name === "reload") {
      this.live.resume(await this.ends.reload());
    } else if (name === "ended") {
      await this.#ended(data);
    } else {
      pass(this.ends, name, data, id);
    }
  }

  /** @param {{code: string}} problem */
  async #ended({ code }) {
    if (code === "access_token_expired") await renew();
    // Other projects can be seen now. All else is told by the response to the next request.
    if (code === "access_changed") this.live.resume(await this.ends.reload());
    else this.live.resume();
  }

  /** @param {unknown} error @returns {Promise<boolean>} whether to give up */
  async #failed(error) {
    if (isLoggedOut(error)) return true;
    if (!(error instanceof ServerError)) return false;
    // The server does not know the cursor: it is of another database, or older than what is kept.
    if (error.status === 422 || error.status === 400) {
      this.live.cursor = await this.ends.reload().catch(() => this.live.cursor);
      return false;
    }
    if (error.status !== 403 && error.status !== 404) return false;
    this.ends.over(error.message);
    return true;
  }
}

/** For browsers in which tabs can't share a stream: six streams block all other requests. */
export class PollFeed {
  /** @param {FeedEnds} ends */
  constructor(ends) {
    this.ends = ends;
    this.cursor = "";
    this.timer = 0;
    this.isOn = false;
    const now = () => document.hidden || (this.isOn && this.#later(0));
    document.addEventListener("visibilitychange", now);
    window.addEventListener("online", now);
  }

  /** @param {string} cursor */
  start(cursor) {
    this.cursor = cursor;
    this.isOn = true;
    this.#later(0);
  }

  stop() {
    this.isOn = false;
    clearTimeout(this.timer);
  }

  /** @param {number} [length] */
  #later(length = document.hidden ? POLL_HIDDEN_MS : POLL_MS) {
    clearTimeout(this.timer);
    if (this.isOn) this.timer = setTimeout(() => this.#look(), length);
  }

  async #look() {
    let more = false;
    try {
      const { frames, cursor, more: isMore } = await api.events(this.cursor);
      this.cursor = cursor;
      more = isMore;
      this.ends.told(true);
      for (const { event, data } of frames) {
        if (event === "reload") this.cursor = await this.ends.reload();
        else pass(this.ends, event, data, cursor);
      }
    } catch (error) {
      if (isLoggedOut(error)) return;
      const isRefused = error instanceof ServerError && (error.status === 403 || error.status === 404);
      if (isRefused) return this.ends.over(explain(error));
      this.ends.told(false);
    }
    this.#later(more ? 0 : undefined);
  }
}
