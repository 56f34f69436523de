// @ts-check
/**
 * One stream a browser: a lock elects one tab, which relays its frames to the others.
 *
 * Browsers open six connections to a server at most, so a stream in each tab would block all other
 * requests. The lock and the channel are named after the person and the account, so that nothing
 * reaches a tab of somebody else.
 */

import { PollFeed, StreamFeed } from "./feed.js";

const ANSWER_MS = 3000;
const LOOK_MS = 30_000;

/**
 * @typedef {{
 *   frame: (name: string, data: any) => void,
 *   told: (isConnected: boolean) => void,
 *   reload: () => Promise<string>,
 *   over: (reason: string) => void,
 * }} Ends
 */

export class Sharing {
  /** @param {string} scope the person and the account @param {Ends} ends */
  constructor(scope, ends) {
    this.ends = ends;
    this.name = `answerdesk:inbox:${scope}`;
    this.cursor = "";
    this.tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
    /** The stream's id, for presence; empty while there is none. */
    this.streamId = "";
    this.isLeader = false;
    this.isConnected = true;
    /** The other tabs, and whether each is visible. @type {Map<string, boolean>} */
    this.others = new Map();
    this.heardAt = 0;
    const feedEnds = {
      frame: this.#frame.bind(this),
      told: this.#told.bind(this),
      reload: this.#reload.bind(this),
      over: ends.over,
    };
    this.canShare = "locks" in navigator && "BroadcastChannel" in window;
    this.feed = this.canShare ? new StreamFeed(feedEnds) : new PollFeed(feedEnds);
    this.channel = this.canShare ? new BroadcastChannel(this.name) : null;
    /** Of the request for the lock. */
    this.queued = new AbortController();
  }

  /** Begin to hear other tabs. Call it before the snapshot is taken, so that nothing is missed. */
  listen() {
    if (!this.channel) return;
    this.channel.onmessage = ({ data }) => this.#hear(data);
    document.addEventListener("visibilitychange", () => this.#look());
    window.addEventListener("pagehide", () => this.#say({ bye: true }));
    setInterval(() => document.hidden || this.#look(), LOOK_MS);
    this.#look();
  }

  /** @param {string} cursor the snapshot's */
  start(cursor) {
    this.cursor ||= cursor;
    if (!this.channel) return this.feed.start(this.cursor);
    this.#stand(false);
  }

  /** Whether a person can see the inbox in any tab of this browser. */
  get isSeen() {
    return !document.hidden || [...this.others.values()].some(Boolean);
  }

  /** Wait for the lock, and lead while this tab has it. @param {boolean} steal from a tab that sleeps */
  #stand(steal) {
    this.queued.abort();
    const queued = new AbortController();
    this.queued = queued;
    const lead = () => {
      this.isLeader = true;
      this.feed.start(this.cursor);
      return new Promise(() => {});
    };
    // A lock can't be stolen and waited for in one request.
    const options = steal ? { steal } : { signal: queued.signal };
    navigator.locks.request(this.name, options, lead).catch(() => {
      if (queued.signal.aborted && !this.isLeader) return;
      // Another tab has taken the lock because this one did not answer, as after a sleep.
      this.isLeader = false;
      this.feed.stop();
      this.#stand(false);
    });
  }

  /** @param {object} message */
  #say(message) {
    this.channel?.postMessage({ from: this.tab, ...message });
  }

  /** Tell the others whether this tab is visible, and make sure that a leader is alive. */
  #look() {
    this.#say({ visible: !document.hidden });
    if (this.isLeader || document.hidden || !this.cursor) return;
    const asked = Date.now();
    setTimeout(() => {
      if (!this.isLeader && this.heardAt < asked) this.#stand(true);
    }, ANSWER_MS);
  }

  /** @param {any} said */
  #hear({ from, visible, bye, leader, frame, told, reload }) {
    if (bye) {
      this.others.delete(from);
      return;
    }
    if (visible !== undefined) {
      this.others.set(from, visible);
      if (this.isLeader) {
        this.#say({ leader: { cursor: this.cursor, streamId: this.streamId, isConnected: this.isConnected, visible: !document.hidden } });
      }
      return;
    }
    this.heardAt = Date.now();
    if (leader) {
      this.others.set(from, leader.visible);
      this.cursor = leader.cursor || this.cursor;
      this.#streams(leader.streamId);
      this.ends.told(leader.isConnected);
    } else if (frame) {
      this.cursor = frame.cursor || this.cursor;
      this.#pass(frame.name, frame.data);
    } else if (told !== undefined) {
      this.ends.told(told);
    } else if (reload) {
      this.cursor = reload;
      this.ends.reload().catch(() => this.ends.told(false));
    }
  }

  /** @param {string} name @param {any} data @param {string} cursor */
  #frame(name, data, cursor) {
    this.cursor = cursor || this.cursor;
    this.#say({ frame: { name, data, cursor } });
    this.#pass(name, data);
  }

  /** @param {string} name @param {any} data */
  #pass(name, data) {
    if (name === "stream") this.#streams(data.stream_id);
    else this.ends.frame(name, data);
  }

  /** @param {string} id */
  #streams(id) {
    if (!id || id === this.streamId) return;
    this.streamId = id;
    this.ends.frame("stream", { stream_id: id });
  }

  /** @param {boolean} isConnected */
  #told(isConnected) {
    if (!isConnected) this.streamId = "";
    if (isConnected !== this.isConnected) this.#say({ told: isConnected });
    this.isConnected = isConnected;
    this.ends.told(isConnected);
  }

  async #reload() {
    this.cursor = await this.ends.reload();
    this.#say({ reload: this.cursor });
    return this.cursor;
  }
}
