/** Sends the visitor's messages one after another, each once, and takes in the replies. */
import { Problem, type ChatEvent } from "@answerdesk/api";
import type { Chat } from "./chat.ts";
import { own, reply, type Entry, type Own, type Reply } from "./thread.ts";

/** Delays before what did not reach the server is sent again; the last one repeats. */
const RETRY_SECONDS = [1, 2, 5, 10, 30];
/** How often an answer whose stream broke is asked for again before the visitor has to. */
const MOST_BREAKS = 3;

export interface OutboxEnds {
  begun: (conversationId: string) => void;
  answered: (entry: Reply, decision: string) => void;
  /** The reply was a notice: somebody else has the conversation, or a limit is reached. */
  noticed: () => void;
  /** Messages came meanwhile that were not taken in. */
  missed: () => void;
}

export class Outbox {
  hasMissed = false;
  readonly #chat: Chat;
  readonly #ends: OutboxEnds;
  #line: AbortController | null = null;
  #failures = 0;
  #breaks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The animation frame that shows what came since the last one. */
  #frame = 0;

  constructor(chat: Chat, ends: OutboxEnds) {
    this.#chat = chat;
    this.#ends = ends;
    window.addEventListener("online", () => this.#pump());
    window.addEventListener("offline", () => {
      chat.connection.value = "offline";
    });
  }

  send(text: string): void {
    this.#chat.entries.value = [...this.#chat.entries.value, own(newKey(), text, "sending")];
    this.#pump();
  }

  /** Stop the answer that is under way. */
  stop(): void {
    this.#line?.abort(new Problem("Stopped.", "stopped"));
  }

  /** Forget what is not sent, and whatever comes for what is. */
  clear(): void {
    clearTimeout(this.#timer);
    const line = this.#line;
    this.#line = null;
    line?.abort(new Problem("Left.", "left"));
    cancelAnimationFrame(this.#frame);
    this.#failures = 0;
    this.#breaks = 0;
    this.hasMissed = false;
    this.#chat.isBusy.value = false;
    this.#chat.connection.value = "";
  }

  /** Send a message again, or the one that an answer belongs to. */
  retry(entry: Own | Reply): void {
    const key = entry.kind === "own" ? entry.key : entry.to;
    this.#breaks = 0;
    this.#change<Own>(key, { status: "sending", failure: "" });
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#line) return;
    const next = this.#chat.entries.value.find(
      (one): one is Own => one.kind === "own" && (one.status === "sending" || one.status === "waiting"),
    );
    if (!next) {
      this.#chat.connection.value = "";
      return;
    }
    if (navigator.onLine === false) return this.#wait(next);
    void this.#run(next);
  }

  /** The browser says when it is online again; some never do, so it is tried as well. */
  #wait(entry: Own): void {
    const { entries } = this.#chat;
    // What was written after it waits for it.
    entries.value = entries.value.map((one) =>
      one.kind === "own" && (one.key === entry.key || one.status === "sending") ? { ...one, status: "waiting" } : one,
    );
    this.#drop(entry);
    this.#chat.connection.value = navigator.onLine === false ? "offline" : "retrying";
    const seconds = RETRY_SECONDS[Math.min(this.#failures, RETRY_SECONDS.length - 1)] ?? 1;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), seconds * 1000);
  }

  async #run(question: Own): Promise<void> {
    const line = new AbortController();
    this.#line = line;
    const answer = this.#begin(question);
    this.#chat.isBusy.value = true;
    try {
      const { client, conversationId } = this.#chat;
      for await (const event of client.chat(question.text, conversationId, question.key, line.signal)) {
        if (this.#line !== line) return;
        this.#take(question, answer, event);
      }
      this.#failures = 0;
      this.#breaks = 0;
      this.#chat.connection.value = "";
    } catch (error) {
      if (this.#line !== line) return;
      this.#failed(question, answer, error);
    } finally {
      if (this.#line === line) this.#end(answer);
    }
  }

  #end(answer: Reply): void {
    this.#line = null;
    this.#show(answer);
    this.#chat.isBusy.value = false;
    if (this.hasMissed) this.#ends.missed();
    this.hasMissed = false;
    // What waits has a time of its own.
    if (!this.#chat.connection.value) this.#pump();
  }

  /** The answer's place, below its question; while a person has the conversation none is expected. */
  #begin(question: Own): Reply {
    const { entries, person } = this.#chat;
    const known = entries.value.find((one): one is Reply => "to" in one && one.to === question.key);
    const answer = { ...reply(known?.key ?? `${question.key}:answer`, question.key), id: known?.id ?? "" };
    if (known) this.#replace(answer);
    else if (!person.isExpected) {
      const place = entries.value.findIndex(({ key }) => key === question.key) + 1;
      entries.value = entries.value.toSpliced(place, 0, answer);
    }
    return answer;
  }

  #take(question: Own, answer: Reply, event: ChatEvent): void {
    switch (event.name) {
      case "accepted":
        this.#ends.begun(event.data.conversation_id);
        this.#change<Own>(question.key, { id: event.data.message_id, status: "sent", failure: "" });
        break;
      case "token":
      case "notice":
        answer.text += event.data.text;
        // Pieces come faster than the screen can show them.
        this.#frame ||= requestAnimationFrame(() => this.#show(answer));
        break;
      case "blocks":
        answer.blocks = event.data.blocks;
        break;
      case "sources":
        answer.sources = event.data.sources;
        break;
      case "certainty":
        answer.certainty = event.data;
        break;
      case "done":
        this.#done(question, answer, event.data);
        break;
      case "error":
        throw new Problem(event.data.detail, event.data.code, 500);
    }
  }

  #done(question: Own, answer: Reply, data: { message_id: string | null; decision: string | null }): void {
    answer.isWriting = false;
    if (data.message_id === null) {
      // A notice. Who talks to a person need not hear each time that they do.
      const isKnown = this.#chat.person.state.value === "human";
      this.#drop(question);
      if (!isKnown) this.#chat.note(answer.text);
      this.#ends.noticed();
      return;
    }
    answer.id = data.message_id;
    answer.abstained = data.decision === "abstain";
    this.#show(answer);
    this.#ends.answered(answer, data.decision ?? "");
  }

  #failed(question: Own, answer: Reply, error: unknown): void {
    answer.isWriting = false;
    const problem = error instanceof Problem ? error : new Problem(String(error));
    const now = this.#chat.entries.value.find((one): one is Own => one.key === question.key && one.kind === "own");
    const wasAccepted = now?.status === "sent";
    if (this.#chat.isGone(problem)) {
      // It was deleted; the message begins a new one.
      this.#change<Own>(question.key, { status: "sending" });
      this.#drop(question);
    } else if (problem.code === "stopped") {
      answer.failure = "answer.stopped";
      if (!wasAccepted) this.#change<Own>(question.key, { status: "sent" });
    } else if ((problem.isAway || problem.code === "cut_off") && this.#breaks < MOST_BREAKS) {
      // The same key brings the same reply.
      if (wasAccepted) this.#breaks += 1;
      this.#wait(question);
    } else if (wasAccepted) {
      answer.failure = "answer.failed";
    } else {
      this.#change<Own>(question.key, { status: "failed", failure: failureText(problem) });
      this.#drop(question);
    }
    if (answer.failure) this.#chat.announced.value = "";
  }

  /** Take away the answer's place, if nothing stands there. */
  #drop({ key }: Own): void {
    const { entries } = this.#chat;
    entries.value = entries.value.filter((one) => !("to" in one && one.to === key && !one.id));
  }

  #show(answer: Reply): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#replace(answer);
  }

  #replace(answer: Reply): void {
    const { entries } = this.#chat;
    entries.value = entries.value.map((one) => (one.key === answer.key ? { ...answer } : one));
  }

  #change<E extends Entry>(key: string, change: Partial<E>): void {
    const { entries } = this.#chat;
    entries.value = entries.value.map((one) => (one.key === key ? ({ ...one, ...change } as Entry) : one));
  }
}

function failureText({ status, code }: Problem): string {
  if (status === 429) return "error.limited";
  if (status === 401) return "error.signed_out";
  if (status === 403 || status === 404 || status === 503) return "error.unavailable";
  return code === "unreachable" ? "message.failed" : "error.unknown";
}

/** A name for a message that nothing else has; `randomUUID` is missing on pages without TLS. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
