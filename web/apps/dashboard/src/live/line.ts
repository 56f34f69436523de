/** A stream of server-sent events that comes back by itself, from where it was. */
import { Problem, readEvents } from "@answerdesk/api";

/** The server sends something at least every 15 seconds; 40 of silence mean a dead connection. */
const SILENCE_MS = 40_000;
/** After a sleep timers are late, so a line that was silent for longer than this is not trusted. */
const DOUBTFUL_MS = 20_000;
/** A connection that lasted for less counts as a failure. */
const LASTED_MS = 5000;
/** Delays before each next attempt; the last one repeats. */
const WAIT_MS = [200, 1000, 2000, 4000, 8000, 15_000];

/** `id` is where to go on after it. */
export type Piece = { name: string; data: unknown; id: string };

type Ends = {
  open: (cursor: string, signal: AbortSignal) => Promise<Response>;
  /** May call `resume` or `stop`. */
  take: (piece: Piece) => Promise<void> | void;
  told: (isConnected: boolean) => void;
  /** Returns whether to give up. */
  failed: (error: unknown) => boolean | Promise<boolean>;
};

export class Line {
  cursor = "";
  private readonly ends: Ends;
  private running: AbortController | null = null;
  private connection: AbortController | null = null;
  private heardAt = 0;
  /** Ends the present pause. */
  private wake = () => {};

  constructor(ends: Ends) {
    this.ends = ends;
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    addEventListener("online", () => this.hurry());
    // A page that comes back from the browser's cache has lost its connections.
    addEventListener("pageshow", (event) => event.persisted && this.hurry());
  }

  /** Begin at a cursor; an empty one means now. */
  start(cursor: string): void {
    this.stop();
    this.cursor = cursor;
    const running = new AbortController();
    this.running = running;
    void this.run(running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.connection?.abort();
    this.running = null;
  }

  /** Leave the present connection and open another. */
  resume(cursor = this.cursor): void {
    this.cursor = cursor;
    this.connection?.abort();
  }

  /** Come back at once: the machine has woken up, or has a network again. */
  private hurry(): void {
    if (!this.running) return;
    if (Date.now() - this.heardAt > DOUBTFUL_MS) this.connection?.abort();
    this.wake();
  }

  private async run(over: AbortSignal): Promise<void> {
    let failures = 0;
    while (!over.aborted) {
      const connection = new AbortController();
      const begun = Date.now();
      this.connection = connection;
      try {
        for await (const piece of this.pieces(connection)) {
          await this.ends.take(piece);
          if (over.aborted || connection.signal.aborted) break;
        }
      } catch (error) {
        if (over.aborted) return;
        if (!connection.signal.aborted && (await this.ends.failed(error))) return this.stop();
      } finally {
        connection.abort();
      }
      if (over.aborted) return;
      if (Date.now() - begun > LASTED_MS) failures = 0;
      if (failures > 0) this.ends.told(false);
      await this.pause(failures++);
    }
  }

  private async *pieces(connection: AbortController): AsyncGenerator<Piece> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      this.heardAt = Date.now();
      clearTimeout(silence);
      silence = setTimeout(() => connection.abort(), SILENCE_MS);
    };
    heard();
    try {
      const { body } = await this.ends.open(this.cursor, connection.signal);
      if (!body) throw new Problem("The connection was lost.", "cut_off");
      this.ends.told(true);
      for await (const { name, data, id } of readEvents(body.pipeThrough(listening(heard)))) {
        if (connection.signal.aborted) return;
        yield { name, data: JSON.parse(data), id };
        if (id) this.cursor = id;
      }
    } finally {
      clearTimeout(silence);
    }
  }

  private pause(failures: number): Promise<void> {
    const length = WAIT_MS[Math.min(failures, WAIT_MS.length - 1)] ?? 0;
    // Browsers that lost the same server don't come back at the same moment.
    const spread = length * (0.75 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, spread);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Passes bytes on and calls `heard` for each piece, comments included. */
function listening(heard: () => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(piece, controller) {
      heard();
      controller.enqueue(piece);
    },
  });
}
