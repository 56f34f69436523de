/** The inbox's frames, by a stream or by polling. */
import { Problem } from "@answerdesk/api";
import { renew } from "../session/session.ts";
import * as calls from "./calls.ts";
import { Line, type Piece } from "./line.ts";

const POLL_MS = 5000;
const POLL_HIDDEN_MS = 10_000;

export type FeedEnds = {
  frame: (name: string, data: unknown, cursor: string) => void;
  told: (isConnected: boolean) => void;
  /** Takes a new snapshot and returns its cursor. */
  reload: () => Promise<string>;
  /** Access has ended. */
  over: (reason: string) => void;
};

export type Feed = { start: (cursor: string) => void; stop: () => void };

/** Pass a frame on. A mistake of ours in showing it is reported, and the next frames are shown. */
function pass(ends: FeedEnds, name: string, data: unknown, cursor: string): void {
  try {
    ends.frame(name, data, cursor);
  } catch (error) {
    reportError(error);
  }
}

const isLoggedOut = (error: unknown) => error instanceof Problem && error.status === 401;

export class StreamFeed implements Feed {
  private readonly ends: FeedEnds;
  private readonly line: Line;

  constructor(ends: FeedEnds) {
    this.ends = ends;
    this.line = new Line({
      open: calls.stream,
      take: (piece) => this.take(piece),
      told: ends.told,
      failed: (error) => this.failed(error),
    });
  }

  start(cursor: string): void {
    this.line.start(cursor);
  }

  stop(): void {
    this.line.stop();
  }

  private async take({ name, data, id }: Piece): Promise<void> {
    if (name === "reload") this.line.resume(await this.ends.reload());
    else if (name === "ended") await this.ended((data as { code: string }).code);
    else pass(this.ends, name, data, id);
  }

  private async ended(code: string): Promise<void> {
    if (code === "access_token_expired") await renew();
    // Other projects can be seen now. All else is told by the response to the next request.
    if (code === "access_changed") this.line.resume(await this.ends.reload());
    else this.line.resume();
  }

  /** Returns whether to give up. */
  private async failed(error: unknown): Promise<boolean> {
    if (isLoggedOut(error)) return true;
    if (!(error instanceof Problem)) return false;
    // The server does not know the cursor: it is of another database, or older than what is kept.
    if (error.status === 422 || error.status === 400) {
      this.line.cursor = await this.ends.reload().catch(() => this.line.cursor);
      return false;
    }
    if (error.status !== 403 && error.status !== 404) return false;
    this.ends.over(error.message);
    return true;
  }
}

/** For browsers in which tabs can't share a stream: six streams block all other requests. */
export class PollFeed implements Feed {
  private readonly ends: FeedEnds;
  private cursor = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOn = false;

  constructor(ends: FeedEnds) {
    this.ends = ends;
    const now = () => document.hidden || (this.isOn && this.later(0));
    document.addEventListener("visibilitychange", now);
    addEventListener("online", now);
  }

  start(cursor: string): void {
    this.cursor = cursor;
    this.isOn = true;
    this.later(0);
  }

  stop(): void {
    this.isOn = false;
    clearTimeout(this.timer);
  }

  private later(length = document.hidden ? POLL_HIDDEN_MS : POLL_MS): void {
    clearTimeout(this.timer);
    if (this.isOn) this.timer = setTimeout(() => void this.look(), length);
  }

  private async look(): Promise<void> {
    let isMore = false;
    try {
      const { frames, cursor, more } = await calls.poll(this.cursor);
      this.cursor = cursor;
      isMore = more;
      this.ends.told(true);
      for (const { event, data } of frames) {
        if (event === "reload") this.cursor = await this.ends.reload();
        else pass(this.ends, event, data, cursor);
      }
    } catch (error) {
      if (isLoggedOut(error)) return;
      if (error instanceof Problem && (error.status === 403 || error.status === 404)) return this.ends.over(error.message);
      this.ends.told(false);
    }
    this.later(isMore ? 0 : undefined);
  }
}
