/** The conversation in this frame, kept in step with the server. */
import { Problem, type StoredMessage } from "@answerdesk/api";
import type { EventName, Values } from "@answerdesk/protocol";
import { batch, signal } from "@preact/signals";
import { nothingKept, readKept, writeKept, type Kept } from "./kept.ts";
import { Outbox } from "./outbox.ts";
import { Person } from "./person.ts";
import type { FrameSettings } from "./settings.ts";
import { merged, newest, reply, unanswered, type Entry, type Own, type Reply } from "./thread.ts";
import { VisitorClient, type Contact, type Visit } from "./visitor.ts";

const POLL_SECONDS = 20;
/** Delays between looks for an answer that was in progress when the frame was loaded. */
const EXPECTANT_SECONDS = [0.5, 1, 2, 4, 8];

export interface ChatEnds {
  /** Keep this for the next page; null to forget everything. `awaits`: a person's reply is expected. */
  keep: (kept: string | null, awaits: boolean) => void;
  unread: (count: number) => void;
  event: (name: EventName, detail?: Values) => void;
}

export class Chat {
  readonly entries = signal<readonly Entry[]>([]);
  /** Whether an answer is under way. */
  readonly isBusy = signal(false);
  readonly loading = signal<"" | "loading" | "failed">("");
  readonly connection = signal<"" | "offline" | "retrying">("");
  /** What screen readers are told, once. */
  readonly announced = signal("");
  readonly isRated = signal(false);
  /** Whether contact details were left, or are not going to be. */
  readonly isReachable = signal(false);
  readonly person: Person;
  readonly client: VisitorClient;
  /** The page that the visitor is on, if it says so. */
  page = "";
  /** What the website tells about the visitor or the page. */
  context: Values | null = null;

  readonly #ends: ChatEnds;
  readonly #outbox: Outbox;
  #kept: Kept = nothingKept();
  #ratings: Promise<void> = Promise.resolve();
  #identity: string | null = null;
  /** Incremented when results of earlier requests are of no use any more. */
  #epoch = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isVisible = true;
  #unread = 0;

  constructor(settings: FrameSettings, ends: ChatEnds) {
    this.#ends = ends;
    const where = () => ({
      ...(this.page && { page_url: this.page }),
      ...(settings.websiteToken && { website_token: settings.websiteToken }),
      ...(this.context && { context: told(this.context) }),
    });
    this.client = new VisitorClient(settings.project, where, (visit) => this.#visited(visit));
    this.person = new Person(this.client, {
      came: (message, name) => this.#came([message], name),
      sync: () => void this.sync().catch(() => {}),
      changed: () => {
        this.#keep();
        this.#poll();
      },
    });
    this.#outbox = new Outbox(this, {
      begun: (conversationId) => this.#begun(conversationId),
      answered: (entry, decision) => this.#answered(entry, decision),
      noticed: () => this.person.look(this.conversationId),
      missed: () => this.#poll(0),
    });
    document.addEventListener("visibilitychange", () => this.#poll(0));
  }

  get conversationId(): string {
    return this.#kept.conversationId;
  }

  /** Show what a website's page has kept, for the user whom the site has signed for, if any. */
  async start(kept: string | null, identity: string | null): Promise<void> {
    this.#kept = readKept(kept);
    this.#identity = identity;
    if (identity) return this.#signIn(identity);
    this.#adopt();
    await this.restore();
  }

  /** Another tab had the page keep something, or forget everything. */
  keptElsewhere(text: string | null): void {
    // Who is signed for is known by that, in each tab.
    if (this.#identity) return;
    const kept = readKept(text);
    if (kept.conversationId === this.conversationId && text !== null) {
      this.#kept.resume = kept.resume || this.#kept.resume;
      void this.sync().catch(() => {});
      return;
    }
    this.#reset();
    this.#kept = kept;
    this.#adopt();
    void this.restore();
  }

  /** The site's own user logged in, was given a new token, or logged out (null). */
  async identify(token: string | null): Promise<void> {
    if (token === this.#identity) return;
    const wasSomebody = this.#identity !== null;
    this.#identity = token;
    if (token) return this.#signIn(token, wasSomebody);
    this.#reset();
    this.#kept = nothingKept();
    this.client.become({});
    this.#ends.keep(null, false);
  }

  /** Send a message, now or when there is a connection. */
  send(text: string): void {
    this.#ends.event("message", {});
    this.#outbox.send(text);
  }

  stop(): void {
    this.#outbox.stop();
  }

  retry(entry: Own | Reply): void {
    this.#outbox.retry(entry);
  }

  /** Leave this conversation; the next message begins a new one. */
  restart(): void {
    this.#reset();
    this.#kept = { ...nothingKept(), resume: this.#kept.resume };
    this.#ends.keep(this.#identity ? null : writeKept(this.#kept), false);
  }

  /** Show what was said before the frame was loaded. */
  async restore(): Promise<void> {
    if (!this.conversationId) return;
    const epoch = this.#epoch;
    this.loading.value = "loading";
    try {
      await this.sync();
    } catch {
      if (epoch === this.#epoch) this.loading.value = "failed";
      return;
    }
    if (epoch !== this.#epoch) return;
    this.loading.value = "";
    this.person.look(this.conversationId);
    const last = unanswered(this.entries.value);
    if (last?.id) await this.#expect(last);
    this.#poll();
  }

  /** Fetch new messages, whoever wrote them. */
  async sync(): Promise<void> {
    const { conversationId } = this;
    if (!conversationId) return;
    const epoch = this.#epoch;
    const hasGap = this.entries.value.some((one) => one.kind !== "notice" && !one.at);
    let stored: StoredMessage[];
    try {
      stored = await this.client.messages(conversationId, hasGap ? "" : newest(this.entries.value));
    } catch (error) {
      if (epoch === this.#epoch && this.isGone(error)) return;
      throw error;
    }
    if (epoch === this.#epoch) this.#came(stored);
  }

  /** Whether the conversation was deleted; a new one then begins with the next message. */
  isGone(error: unknown): boolean {
    if (!(error instanceof Problem) || error.code !== "conversation_not_found" || !this.conversationId) return false;
    this.#kept = { ...nothingKept(), resume: this.#kept.resume };
    this.#ends.keep(null, false);
    return true;
  }

  async rate(entry: Reply, rating: "positive" | "negative", reason?: string): Promise<void> {
    const { conversationId } = this;
    this.#rated(entry, rating);
    // One after the other: the reason belongs to the rating before it, and the last one counts.
    const told = this.#ratings.then(() => this.client.rate(conversationId, entry.id, rating, reason));
    this.#ratings = told.catch(() => {});
    try {
      await told;
    } catch (error) {
      this.#rated(entry, entry.rating);
      throw error;
    }
  }

  #rated({ key }: Reply, rating: Reply["rating"]): void {
    const change = (one: Entry) => (one.key === key && "rating" in one ? { ...one, rating } : one);
    this.entries.value = this.entries.value.map(change);
  }

  /** Rate the whole conversation; null if the visitor does not want to. */
  async rateConversation(score: number | null, comment = ""): Promise<void> {
    if (score !== null) await this.client.rateConversation(this.conversationId, score, comment);
    this.isRated.value = true;
    this.#keep();
  }

  /** Pass the conversation on to a person. */
  async askForPerson(contact: Contact, consent: string | null): Promise<void> {
    await this.client.escalate(this.conversationId, contact, consent);
    if (contact.email || contact.phone) this.#left();
    this.#ends.event("handoff", {});
    this.person.look(this.conversationId);
    await this.sync().catch(() => {});
  }

  /** Leave contact details; null if the visitor does not want to. */
  async leaveContact(contact: Contact | null, consent: string | null = null): Promise<void> {
    if (contact) await this.client.leaveContact(this.conversationId, contact, consent);
    this.#left(contact !== null);
  }

  #left(isGiven = true): void {
    this.isReachable.value = true;
    this.#keep();
    if (isGiven) this.#ends.event("lead", {});
  }

  /** Say something that is not part of the conversation. */
  note(text: string): void {
    const note: Entry = { kind: "notice", key: crypto.getRandomValues(new Uint32Array(2)).join(), id: "", at: "", text };
    this.entries.value = [...this.entries.value, note];
    this.announced.value = text;
  }

  /** Tell whether the visitor sees the conversation. */
  show(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (!isVisible) return;
    this.#count(0);
    this.#see();
  }

  /** Remember up to which message the visitor has read, for the next page. */
  #see(): void {
    const last = this.entries.value.filter(({ id }) => id).at(-1)?.id;
    if (!this.#isVisible || !last || last === this.#kept.seen) return;
    this.#kept.seen = last;
    this.#keep();
  }

  #count(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#ends.unread(unread);
  }

  async #signIn(identity: string, wasSomebody = false): Promise<void> {
    // What was said before logging in becomes the user's own; what another user said does not.
    const { resume } = this.#kept;
    const before = this.client.token ? { visitor_token: this.client.token } : resume ? { resume_token: resume } : {};
    this.#reset();
    this.#kept = nothingKept();
    this.client.become({ identity_token: identity, ...(wasSomebody ? {} : before) });
    await this.#load();
  }

  /** Show the last conversation of whoever the site has signed for. */
  async #load(): Promise<void> {
    const epoch = this.#epoch;
    this.loading.value = "loading";
    try {
      const latest = await this.client.latest();
      if (epoch !== this.#epoch) return;
      this.#kept.conversationId = latest?.id ?? "";
    } catch {
      if (epoch === this.#epoch) this.loading.value = "failed";
      return;
    }
    this.loading.value = "";
    this.#keep();
    await this.restore();
  }

  #adopt(): void {
    const { resume, isRated, isReachable } = this.#kept;
    if (resume) this.client.become({ resume_token: resume });
    batch(() => {
      this.isRated.value = isRated;
      this.isReachable.value = isReachable;
    });
  }

  #reset(): void {
    this.#epoch += 1;
    this.#outbox.clear();
    clearTimeout(this.#timer);
    this.person.leave();
    batch(() => {
      this.entries.value = [];
      this.loading.value = "";
      this.isRated.value = false;
      this.isReachable.value = false;
    });
    this.#count(0);
  }

  #visited({ resume_token }: Visit): void {
    this.#kept.resume = resume_token;
    this.#keep();
  }

  /** Nothing is kept before the first message, nor of whom the site has signed for. */
  #keep(): void {
    if (!this.conversationId) return;
    this.#kept.isRated = this.isRated.value;
    this.#kept.isReachable = this.isReachable.value;
    this.#ends.keep(this.#identity ? null : writeKept(this.#kept), this.person.isExpected);
  }

  #begun(conversationId: string): void {
    this.person.reopened();
    if (conversationId === this.conversationId) return;
    this.#kept.conversationId = conversationId;
    this.#keep();
  }

  #answered(entry: Reply, decision: string): void {
    this.#tellOf([entry]);
    this.#see();
    this.#ends.event("answer", { decision });
    // A request for a person passes the conversation on, and so may an answer.
    if (decision === "hand_off" || decision === "abstain") this.person.look(this.conversationId);
  }

  #came(stored: StoredMessage[], name = ""): void {
    const before = this.entries.value;
    const known = new Set(before.map(({ id }) => id));
    // An answer that is under way here has its own stream, and says its id at the end.
    const taken = this.isBusy.value ? stored.filter((one) => known.has(one.id) || one.author === "human") : stored;
    if (taken.length < stored.length) this.#outbox.hasMissed = true;
    if (!taken.length) return;
    const entries = merged(before, taken, name);
    this.entries.value = entries;
    const isFirst = before.length === 0;
    const news = entries.filter((one) => one.id && !known.has(one.id) && one.kind !== "own");
    if (news.some((one) => one.kind === "human")) this.person.wasThere.value = true;
    if (!isFirst) this.#tellOf(news as Reply[]);
    else if (!this.#isVisible) this.#countMissed(entries);
    this.#see();
  }

  /** Count what came since the visitor saw this conversation last, on another page. */
  #countMissed(entries: readonly Entry[]): void {
    const seen = entries.findIndex(({ id }) => id === this.#kept.seen);
    if (seen >= 0) this.#count(entries.slice(seen + 1).filter(({ kind }) => kind === "human").length);
  }

  /** Announce what is new, and count it while nobody sees it. */
  #tellOf(replies: Reply[]): void {
    if (!replies.length) return;
    this.announced.value = replies.map(({ text }) => text).join("\n");
    if (!this.#isVisible) this.#count(this.#unread + replies.length);
  }

  /** Wait for the answer to a message that was sent before the frame was loaded. */
  async #expect(question: Own): Promise<void> {
    const epoch = this.#epoch;
    const waiting = reply(`${question.key}:answer`, question.key);
    this.entries.value = [...this.entries.value, waiting];
    for (const seconds of EXPECTANT_SECONDS) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      if (epoch !== this.#epoch || this.isBusy.value) return;
      await this.sync().catch(() => {});
      if (!this.entries.value.some((one) => one.key === waiting.key && !one.id)) return;
    }
    // A person has the conversation, or the answer takes long; polling shows either one later.
    this.entries.value = this.entries.value.filter((one) => one.key !== waiting.key || one.id);
  }

  #poll(seconds = POLL_SECONDS): void {
    clearTimeout(this.#timer);
    if (document.hidden || !this.conversationId || (seconds > 0 && this.person.isFollowed)) return;
    this.#timer = setTimeout(async () => {
      await this.sync().catch(() => {});
      this.#poll();
    }, seconds * 1000);
  }
}

/** Facts by name, as people read them. */
const told = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
