/** Who has the conversation, live while a person is expected. */
import { Problem, type State, type StoredMessage } from "@answerdesk/api";
import { batch, signal } from "@preact/signals";
import { Live, type Frame } from "./live.ts";
import type { VisitorClient } from "./visitor.ts";

/** How often people are told that the visitor types, and how long they are believed to type. */
const TYPING_MS = 3000;
const TYPED_MS = 6500;
/** A tab that nobody sees gives its connection back after this; browsers have few for one server. */
const UNSEEN_MS = 15_000;

export interface PersonEnds {
  came: (message: StoredMessage, name: string) => void;
  /** Fetch what may have been missed. */
  sync: () => void;
  /** Who has it, or whether the stream is followed, has changed. */
  changed: () => void;
}

export class Person {
  readonly state = signal<State | "">("");
  readonly name = signal("");
  /** Who types: a name, empty if it is not known; null if nobody does. */
  readonly typing = signal<string | null>(null);
  /** Whether a person has had the conversation since it is shown, or wrote before. */
  readonly wasThere = signal(false);

  readonly #client: VisitorClient;
  readonly #ends: PersonEnds;
  readonly #live: Live;
  #conversationId = "";
  #isConnected = false;
  #typedAt = 0;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #unseenTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the stream rests because nobody sees the tab. */
  #rests = false;

  constructor(client: VisitorClient, ends: PersonEnds) {
    this.#client = client;
    this.#ends = ends;
    this.#live = new Live({
      open: (cursor, line) => client.stream(this.#conversationId, cursor, line),
      take: (frame) => this.#take(frame),
      told: (isConnected) => this.#told(isConnected),
      failed: (error) => this.#failed(error),
    });
    document.addEventListener("visibilitychange", () => this.#seen());
    window.addEventListener("online", () => this.#live.hurry());
    // A page that comes back from the browser's cache has lost its connections.
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#live.hurry());
  }

  /** Whether new messages come by themselves. */
  get isFollowed(): boolean {
    return this.#live.isRunning && this.#isConnected;
  }

  get isExpected(): boolean {
    return this.state.value === "waiting" || this.state.value === "human";
  }

  /** Find out who has the conversation, and stay if it is a person, or will be one. */
  look(conversationId: string): void {
    if (!conversationId || (this.#live.isRunning && conversationId === this.#conversationId)) return;
    this.#conversationId = conversationId;
    this.#live.start();
  }

  /** Forget the conversation. */
  leave(): void {
    this.#live.stop();
    this.#told(false);
    clearTimeout(this.#typingTimer);
    batch(() => {
      this.state.value = "";
      this.name.value = "";
      this.typing.value = null;
      this.wasThere.value = false;
    });
  }

  /** The visitor types; people see it. */
  typed(): void {
    if (!this.isExpected || Date.now() - this.#typedAt < TYPING_MS) return;
    this.#typedAt = Date.now();
    this.#client.typing(this.#conversationId).catch(() => {});
  }

  /** The visitor writes, which opens a closed conversation again. */
  reopened(): void {
    if (this.state.value === "closed") this.state.value = "";
  }

  #told(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    // What was written before the stream began is fetched once.
    if (isConnected) this.#ends.sync();
    this.#ends.changed();
  }

  #failed(error: unknown): boolean {
    const isRefused = error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
    if (isRefused) this.#told(false);
    return isRefused;
  }

  #seen(): void {
    clearTimeout(this.#unseenTimer);
    if (document.hidden) {
      this.#unseenTimer = setTimeout(() => {
        this.#rests = this.#live.isRunning;
        this.#live.stop();
        this.#told(false);
      }, UNSEEN_MS);
    } else if (this.#rests) {
      this.#rests = false;
      this.#live.start();
    } else {
      this.#live.hurry();
    }
  }

  #take({ name, data }: Frame): void {
    if (name === "state") this.#turned(data.state as State, String(data.name ?? ""));
    else if (name === "message") this.#came(data as unknown as StoredMessage);
    else if (name === "typing") this.#types(String(data.name ?? "") || this.name.value);
    else if (name === "reload") {
      this.#live.resume("");
      this.#ends.sync();
    } else if (name === "ended" && data.code !== "visitor_token_expired") this.#live.stop();
    else if (name === "ended") this.#live.resume();
  }

  #turned(state: State, name: string): void {
    batch(() => {
      this.state.value = state;
      this.name.value = name;
      this.wasThere.value ||= state === "human";
      if (state !== "human") this.typing.value = null;
    });
    if (!this.isExpected) {
      // The assistant's answers have streams of their own; it comes back when a person is wanted.
      this.#live.stop();
      this.#told(false);
      // What was said along with the change has not come yet.
      this.#ends.sync();
    }
    this.#ends.changed();
  }

  #came(message: StoredMessage): void {
    if (message.author === "human") {
      this.wasThere.value = true;
      this.#types(null);
    }
    this.#ends.came(message, message.author === "human" ? this.name.value : "");
  }

  #types(name: string | null): void {
    clearTimeout(this.#typingTimer);
    this.typing.value = name;
    if (name !== null) this.#typingTimer = setTimeout(() => this.#types(null), TYPED_MS);
  }
}
