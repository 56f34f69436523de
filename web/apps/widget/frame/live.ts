/** A stream of server-sent events that comes back by itself, from where it was. */
import { readEvents } from "@answerdesk/api";

/** The server sends something at least every 15 seconds; 40 of silence mean a dead connection. */
const SILENCE_MS = 40_000;
/** After a sleep timers are late, so a line that was silent for longer than this is not trusted. */
const DOUBTFUL_MS = 20_000;
/** A connection that lasted for less counts as a failure. */
const LASTED_MS = 5000;
/** Delays before each next attempt; the last one repeats. */
const WAIT_MS = [200, 1000, 2000, 4000, 8000, 15_000];

export interface Frame {
  name: string;
  data: Record<string, unknown>;
}

export interface Ends {
  open: (cursor: string, signal: AbortSignal) => Promise<Response>;
  /** It may call `resume` or `stop`. */
  take: (frame: Frame) => void;
  told: (isConnected: boolean) => void;
  /** Returns whether to give up. */
  failed: (error: unknown) => boolean;
}

export class Live {
  readonly #ends: Ends;
  #cursor = "";
  #running: AbortController | null = null;
  #line: AbortController | null = null;
  #heardAt = 0;
  /** Ends the present pause. */
  #wake = () => {};

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Begin at a cursor; empty for now. */
  start(cursor = ""): void {
    this.stop();
    this.#cursor = cursor;
    const running = new AbortController();
    this.#running = running;
    void this.#run(running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#line?.abort();
    this.#running = null;
    this.#wake();
  }

  /** Leave the present connection and open another. */
  resume(cursor = this.#cursor): void {
    this.#cursor = cursor;
    this.#line?.abort();
  }

  /** Come back at once: the machine has woken up, or has a network again. */
  hurry(): void {
    if (!this.isRunning) return;
    if (Date.now() - this.#heardAt > DOUBTFUL_MS) this.#line?.abort();
    this.#wake();
  }

  async #run(over: AbortSignal): Promise<void> {
    let failures = 0;
    while (!over.aborted) {
      const line = new AbortController();
      const begun = Date.now();
      this.#line = line;
      try {
        for await (const frame of this.#frames(line)) {
          this.#ends.take(frame);
          if (over.aborted || line.signal.aborted) break;
        }
      } catch (error) {
        if (over.aborted) return;
        if (!line.signal.aborted && this.#ends.failed(error)) return this.stop();
      } finally {
        line.abort();
      }
      if (over.aborted) return;
      if (Date.now() - begun > LASTED_MS) failures = 0;
      if (failures > 0) this.#ends.told(false);
      await this.#pause(failures++);
    }
  }

  async *#frames(line: AbortController): AsyncGenerator<Frame> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      this.#heardAt = Date.now();
      clearTimeout(silence);
      silence = setTimeout(() => line.abort(), SILENCE_MS);
    };
    heard();
    try {
      const { body } = await this.#ends.open(this.#cursor, line.signal);
      if (!body) return;
      this.#ends.told(true);
      for await (const { name, data, id } of readEvents(body.pipeThrough(listening(heard)))) {
        if (line.signal.aborted) return;
        yield { name, data: JSON.parse(data) };
        if (id) this.#cursor = id;
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #pause(failures: number): Promise<void> {
    const length = WAIT_MS[Math.min(failures, WAIT_MS.length - 1)] ?? 0;
    // Browsers that lost the same server don't come back at the same moment.
    const spread = length * (0.75 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, spread);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Calls `heard` for each piece, comments included. */
const listening = (heard: () => void) =>
  new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      heard();
      controller.enqueue(piece);
    },
  });
