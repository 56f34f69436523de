// @ts-check
/** A stream of server-sent events that comes back by itself, from where it was. */

import { readEvents } from "./events.js";
import { ServerError } from "./server.js";

/** The server sends something at least every 15 seconds; 40 of silence mean a dead connection. */
const SILENCE_MS = 40_000;
/** After a sleep timers are late, so a line that was silent for longer than this is not trusted. */
const DOUBTFUL_MS = 20_000;
/** A connection that lasted for less counts as a failure. */
const LASTED_MS = 5000;
/** Delays before each next attempt; the last one repeats. */
const WAIT_MS = [200, 1000, 2000, 4000, 8000, 15_000];

/**
 * @typedef {{name: string, data: any, id: string}} Frame `id` is where to go on after it
 * @typedef {{
 *   open: (cursor: string, signal: AbortSignal) => Promise<Response>,
 *   take: (frame: Frame) => Promise<void> | void,
 *   told: (isConnected: boolean) => void,
 *   failed: (error: unknown) => boolean | Promise<boolean>,
 * }} Ends
 *   `take` may call `resume` or `stop`; `failed` returns whether to give up
 */

export class Live {
  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    this.cursor = "";
    /** @type {AbortController | null} */
    this.running = null;
    /** @type {AbortController | null} */
    this.line = null;
    this.heardAt = 0;
    /** Ends the present pause. */
    this.wake = () => {};
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    window.addEventListener("online", () => this.#hurry());
    // A page that comes back from the browser's cache has lost its connections.
    window.addEventListener("pageshow", (event) => event.persisted && this.#hurry());
  }

  get isRunning() {
    return this.running !== null;
  }

  /** @param {string} cursor where to begin; empty for now */
  start(cursor) {
    this.stop();
    this.cursor = cursor;
    const running = new AbortController();
    this.running = running;
    this.#run(running.signal);
  }

  stop() {
    this.running?.abort();
    this.line?.abort();
    this.running = null;
  }

  /** Leave the present connection and open another. @param {string} [cursor] */
  resume(cursor = this.cursor) {
    this.cursor = cursor;
    this.line?.abort();
  }

  /** Come back at once: the machine has woken up, or has a network again. */
  #hurry() {
    if (!this.isRunning) return;
    if (Date.now() - this.heardAt > DOUBTFUL_MS) this.line?.abort();
    this.wake();
  }

  /** @param {AbortSignal} over */
  async #run(over) {
    let failures = 0;
    while (!over.aborted) {
      const line = new AbortController();
      const begun = Date.now();
      this.line = line;
      try {
        for await (const frame of this.#frames(line)) {
          await this.ends.take(frame);
          if (over.aborted || line.signal.aborted) break;
        }
      } catch (error) {
        if (over.aborted) return;
        if (!line.signal.aborted && (await this.ends.failed(error))) return this.stop();
      } finally {
        line.abort();
      }
      if (over.aborted) return;
      if (Date.now() - begun > LASTED_MS) failures = 0;
      if (failures > 0) this.ends.told(false);
      await this.#pause(failures++);
    }
  }

  /** @param {AbortController} line @returns {AsyncGenerator<Frame>} */
  async *#frames(line) {
    let silence = 0;
    const heard = () => {
      this.heardAt = Date.now();
      clearTimeout(silence);
      silence = setTimeout(() => line.abort(), SILENCE_MS);
    };
    heard();
    try {
      const { body } = await this.ends.open(this.cursor, line.signal);
      if (!body) throw new ServerError("The connection was lost.");
      this.ends.told(true);
      for await (const { name, data, id } of readEvents(body.pipeThrough(listening(heard)))) {
        if (line.signal.aborted) return;
        yield { name, data: JSON.parse(data), id };
        if (id) this.cursor = id;
      }
    } finally {
      clearTimeout(silence);
    }
  }

  /** @param {number} failures in a row */
  #pause(failures) {
    const length = WAIT_MS[Math.min(failures, WAIT_MS.length - 1)];
    // Browsers that lost the same server don't come back at the same moment.
    const spread = length * (0.75 + Math.random() / 2);
    return new Promise((/** @type {(_: void) => void} */ resolve) => {
      const timer = setTimeout(resolve, spread);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** @param {() => void} heard called for each piece, comments included */
function listening(heard) {
  /** @type {Transformer<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} */
  const passing = {
    transform(piece, controller) {
      heard();
      controller.enqueue(piece);
    },
  };
  return new TransformStream(passing);
}
