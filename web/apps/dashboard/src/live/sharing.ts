/**
 * One stream a browser: a lock elects one tab, which relays its frames to the others.
 *
 * Browsers open six connections to a server at most, so a stream in each tab would block all other
 * requests. The lock and the channel are named after the person and the account, so that nothing
 * reaches a tab of somebody else.
 */
import { type Feed, type FeedEnds, PollFeed, StreamFeed } from "./feed.ts";

const ANSWER_MS = 3000;
const LOOK_MS = 30_000;

type Ends = Omit<FeedEnds, "frame"> & { frame: (name: string, data: unknown) => void };

type Leader = { cursor: string; streamId: string; isConnected: boolean; visible: boolean };
type Said = { from: string } & (
  | { kind: "bye" }
  | { kind: "look"; visible: boolean }
  | { kind: "leader"; leader: Leader }
  | { kind: "frame"; name: string; data: unknown; cursor: string }
  | { kind: "told"; isConnected: boolean }
  | { kind: "reload"; cursor: string }
);
type Saying = Said extends infer One ? (One extends Said ? Omit<One, "from"> : never) : never;

export class Sharing {
  /** The stream's id, for presence; empty while there is none. */
  streamId = "";
  private readonly ends: Ends;
  private readonly name: string;
  private readonly feed: Feed;
  private readonly channel: BroadcastChannel | null;
  private readonly tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private cursor = "";
  private isLeader = false;
  private isConnected = true;
  /** The other tabs, and whether each is visible. */
  private readonly others = new Map<string, boolean>();
  private heardAt = 0;
  /** Of the request for the lock. */
  private queued = new AbortController();

  /** `scope` names the person and the account. */
  constructor(scope: string, ends: Ends) {
    this.ends = ends;
    this.name = `answerdesk:inbox:${scope}`;
    const feedEnds: FeedEnds = {
      frame: (name, data, cursor) => this.relay(name, data, cursor),
      told: (isConnected) => this.told(isConnected),
      reload: () => this.reload(),
      over: ends.over,
    };
    const canShare = "locks" in navigator && "BroadcastChannel" in window;
    this.feed = canShare ? new StreamFeed(feedEnds) : new PollFeed(feedEnds);
    this.channel = canShare ? new BroadcastChannel(this.name) : null;
  }

  /** Begin to hear other tabs. Call it before the snapshot is taken, so that nothing is missed. */
  listen(): void {
    if (!this.channel || this.channel.onmessage) return;
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => this.hear(data);
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("pagehide", () => this.say({ kind: "bye" }));
    setInterval(() => document.hidden || this.look(), LOOK_MS);
    this.look();
  }

  /** `cursor` is the snapshot's. */
  start(cursor: string): void {
    this.cursor ||= cursor;
    if (!this.channel) return this.feed.start(this.cursor);
    this.stand(false);
  }

  /** Whether a person can see a tab of this browser. */
  get isSeen(): boolean {
    return !document.hidden || [...this.others.values()].some(Boolean);
  }

  /** Wait for the lock, or steal it from a tab that sleeps, and lead while this tab has it. */
  private stand(steal: boolean): void {
    this.queued.abort();
    const queued = new AbortController();
    this.queued = queued;
    const lead = () => {
      this.isLeader = true;
      this.feed.start(this.cursor);
      return new Promise<never>(() => {});
    };
    // A lock can't be stolen and waited for in one request.
    const options = steal ? { steal } : { signal: queued.signal };
    navigator.locks.request(this.name, options, lead).catch(() => {
      if (queued.signal.aborted && !this.isLeader) return;
      // Another tab has taken the lock because this one did not answer, as after a sleep.
      this.isLeader = false;
      this.feed.stop();
      this.stand(false);
    });
  }

  private say(said: Saying): void {
    this.channel?.postMessage({ from: this.tab, ...said });
  }

  /** Tell the others whether this tab is visible, and make sure that a leader is alive. */
  private look(): void {
    this.say({ kind: "look", visible: !document.hidden });
    if (this.isLeader || document.hidden || !this.cursor) return;
    const asked = Date.now();
    setTimeout(() => {
      if (!this.isLeader && this.heardAt < asked) this.stand(true);
    }, ANSWER_MS);
  }

  private hear(said: Said): void {
    if (said.kind === "bye") {
      this.others.delete(said.from);
      return;
    }
    if (said.kind === "look") {
      this.others.set(said.from, said.visible);
      const { cursor, streamId, isConnected } = this;
      if (this.isLeader) this.say({ kind: "leader", leader: { cursor, streamId, isConnected, visible: !document.hidden } });
      return;
    }
    this.heardAt = Date.now();
    this.follow(said);
  }

  /** What the leader says. */
  private follow(said: Exclude<Said, { kind: "bye" | "look" }>): void {
    switch (said.kind) {
      case "leader":
        this.others.set(said.from, said.leader.visible);
        this.cursor = said.leader.cursor || this.cursor;
        this.streams(said.leader.streamId);
        return this.ends.told(said.leader.isConnected);
      case "frame":
        this.cursor = said.cursor || this.cursor;
        return this.pass(said.name, said.data);
      case "told":
        return this.ends.told(said.isConnected);
      case "reload":
        this.cursor = said.cursor;
        void this.ends.reload().catch(() => this.ends.told(false));
    }
  }

  private relay(name: string, data: unknown, cursor: string): void {
    this.cursor = cursor || this.cursor;
    this.say({ kind: "frame", name, data, cursor });
    this.pass(name, data);
  }

  private pass(name: string, data: unknown): void {
    if (name === "stream") this.streams((data as { stream_id: string }).stream_id);
    else this.ends.frame(name, data);
  }

  private streams(id: string): void {
    if (!id || id === this.streamId) return;
    this.streamId = id;
    this.ends.frame("stream", { stream_id: id });
  }

  private told(isConnected: boolean): void {
    if (!isConnected) this.streamId = "";
    if (isConnected !== this.isConnected) this.say({ kind: "told", isConnected });
    this.isConnected = isConnected;
    this.ends.told(isConnected);
  }

  private async reload(): Promise<string> {
    this.cursor = await this.ends.reload();
    this.say({ kind: "reload", cursor: this.cursor });
    return this.cursor;
  }
}
