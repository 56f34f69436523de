/**
 * The live view of the inbox: one for the tab, begun by the shell, followed by the pages.
 *
 * Pages read their lists themselves and keep them in the store. Where it is not known what has
 * changed meanwhile (`reload`), whoever shows something reads it again by `refresher`.
 */
import { type Frame, type Me, type Notice } from "./shapes.ts";
import * as calls from "./calls.ts";
import { Sharing } from "./sharing.ts";
import { Store } from "./store.ts";

/** Nobody is worried by a line that is lost for a moment. */
const PATIENCE_MS = 1000;

/** Reads again, and returns what shows it. */
type Refresher = () => Promise<() => void>;

export type Line = { kind: "on" } | { kind: "lost" } | { kind: "over"; reason: string };

export class InboxLive {
  readonly store: Store;
  line: Line = { kind: "on" };
  /** Called when the stream has a new id: presence has to be told again. */
  streamed = () => {};
  noticed: (notice: Notice) => void = () => {};
  private readonly sharing: Sharing;
  private readonly refreshers = new Set<Refresher>();
  private readonly watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ready: Promise<void> | null = null;

  /** `scope` names the person and the account. */
  constructor(me: Me, scope: string) {
    this.store = new Store(me);
    this.sharing = new Sharing(scope, {
      frame: (name, data) => this.take({ name, data } as Frame),
      told: (isConnected) => this.told(isConnected),
      reload: () => this.begin(true),
      over: (reason) => this.show({ kind: "over", reason }),
    });
    this.store.on("stranger", () => void calls.snapshot().then(({ people }) => this.store.meet(people), () => {}));
  }

  /** Take the snapshot and follow what happens; callers share one beginning, and a failed one is begun again. */
  start(): Promise<void> {
    this.ready ??= this.run().catch((error: unknown) => {
      this.ready = null;
      throw error;
    });
    return this.ready;
  }

  /** Whether a person can see Answerdesk in any tab of this browser. */
  get isSeen(): boolean {
    return this.sharing.isSeen;
  }

  /** Tell colleagues which conversation is open here. */
  present(conversationId: string | null): void {
    const { streamId } = this.sharing;
    if (this.store.me && streamId) void calls.present(streamId, conversationId).catch(() => {});
  }

  /** Returns what ends it. */
  refresher(one: Refresher): () => void {
    this.refreshers.add(one);
    return () => void this.refreshers.delete(one);
  }

  /** Be told when the line is lost or back. */
  watch(one: () => void): () => void {
    this.watchers.add(one);
    return () => void this.watchers.delete(one);
  }

  private async run(): Promise<void> {
    this.sharing.listen();
    this.sharing.start(await this.begin(false));
  }

  private async begin(isAgain: boolean): Promise<string> {
    const [snapshot, mine, ...shows] = await Promise.all([
      calls.snapshot(),
      this.store.me ? calls.unread() : [],
      ...(isAgain ? [...this.refreshers].map((one) => one()) : []),
    ]);
    if (isAgain) this.store.forget();
    this.store.begin(snapshot);
    this.store.keep(mine);
    for (const show of shows) show();
    return snapshot.cursor;
  }

  private take(frame: Frame): void {
    if (frame.name === "notice") this.noticed(frame.data);
    else if (frame.name === "stream") this.streamed();
    else this.store.take(frame);
  }

  private told(isConnected: boolean): void {
    clearTimeout(this.timer);
    if (isConnected) this.show({ kind: "on" });
    else this.timer = setTimeout(() => this.show({ kind: "lost" }), PATIENCE_MS);
  }

  private show(line: Line): void {
    if (this.line.kind === line.kind) return;
    this.line = line;
    for (const one of this.watchers) one();
  }
}
