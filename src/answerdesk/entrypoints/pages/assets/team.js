// @ts-check
/** The team's side of the ask page: who has the conversation, live while a person is expected. */

import { Live } from "./live.js";
import { ServerError } from "./server.js";
import { fromTemplate, part } from "./text.js";

const TYPING_MS = 3000;
const TYPED_MS = 6500;

/**
 * @typedef {import("./visitor.js").StoredMessage} StoredMessage
 * @typedef {"" | "ai" | "waiting" | "human" | "closed"} State
 * @typedef {{came: (message: StoredMessage, name: string) => void, sync: () => Promise<void>,
 *   changed: () => void}} Ends
 *   `changed`: whether the stream is followed, or who has the conversation, has changed
 */

export class Team {
  /**
   * @param {import("./visitor.js").Visitor} visitor @param {import("./memory.js").Memory} memory
   * @param {HTMLElement} desk @param {Ends} ends
   */
  constructor(visitor, memory, desk, ends) {
    this.visitor = visitor;
    this.memory = memory;
    this.ends = ends;
    this.line = part(desk, "#team-line");
    this.place = part(desk, "#satisfaction");
    /** @type {State} */
    this.state = "";
    this.name = "";
    /** Whether a person has had it since this page was opened, or wrote before. */
    this.hadPerson = false;
    this.isConnected = false;
    this.typedAt = 0;
    this.typingTimer = 0;
    this.conversationId = "";
    this.live = new Live({
      open: (cursor, signal) => this.visitor.stream(this.conversationId, cursor, signal),
      take: (frame) => this.#take(frame),
      told: (isConnected) => this.#told(isConnected),
      failed: (error) => this.#failed(error),
    });
  }

  /** Whether new messages come by themselves, so that nobody needs to ask for them. */
  get isFollowed() {
    return this.live.isRunning && this.isConnected;
  }

  /** Find out who has the conversation, and stay if it is a person, or will be one. */
  look() {
    const { conversationId } = this.memory;
    if (!conversationId || (this.live.isRunning && conversationId === this.conversationId)) return;
    this.conversationId = conversationId;
    this.live.start("");
  }

  /** Forget the conversation. */
  leave() {
    this.live.stop();
    this.#told(false);
    this.state = "";
    this.hadPerson = false;
    this.line.textContent = "";
    this.place.replaceChildren();
  }

  /** A person has written: they have the conversation, or had it. */
  wrote() {
    this.hadPerson = true;
    if (this.state !== "closed") this.look();
  }

  /** The visitor types; the team sees it. */
  typed() {
    if (!this.#isExpected || Date.now() - this.typedAt < TYPING_MS) return;
    this.typedAt = Date.now();
    this.visitor.typing(this.conversationId).catch(() => {});
  }

  /** The visitor writes, which opens a closed conversation again. */
  reopened() {
    if (this.state !== "closed") return;
    this.state = "";
    this.line.textContent = "";
    this.place.replaceChildren();
  }

  get #isExpected() {
    return this.state === "waiting" || this.state === "human";
  }

  /** @param {boolean} isConnected */
  #told(isConnected) {
    if (isConnected === this.isConnected) return;
    this.isConnected = isConnected;
    // What was written before the stream began is fetched once.
    if (isConnected) this.ends.sync().catch(() => {});
    this.ends.changed();
  }

  /** @param {unknown} error @returns {boolean} whether to give up, and poll */
  #failed(error) {
    const isRefused = error instanceof ServerError && error.status >= 400 && error.status < 500 && error.status !== 429;
    if (isRefused) this.#told(false);
    return isRefused;
  }

  /** @param {import("./live.js").Frame} frame */
  #take({ name, data }) {
    if (name === "state") this.#turned(data);
    else if (name === "message") this.#came(data);
    else if (name === "typing") this.#types(data.name);
    else if (name === "reload") this.#again();
    else if (name === "ended" && data.code !== "visitor_token_expired") this.live.stop();
    else if (name === "ended") this.live.resume();
  }

  #again() {
    this.live.resume("");
    this.ends.sync().catch(() => {});
  }

  /** @param {{state: State, name: string | null}} told */
  #turned({ state, name }) {
    this.state = state;
    this.name = name ?? "";
    this.hadPerson ||= state === "human";
    this.#say();
    if (state === "closed") this.#askForRating();
    else this.place.replaceChildren();
    if (!this.#isExpected) this.#part();
    this.ends.changed();
  }

  /** The assistant's answers have streams of their own; come back when a person is wanted. */
  #part() {
    this.live.stop();
    this.#told(false);
    // What was said along with the change has not come yet.
    this.ends.sync().catch(() => {});
  }

  /** @param {StoredMessage} message */
  #came(message) {
    if (message.author === "human") {
      this.hadPerson = true;
      clearTimeout(this.typingTimer);
      this.#say();
    }
    this.ends.came(message, this.name);
  }

  /** @param {string | null} name */
  #types(name) {
    clearTimeout(this.typingTimer);
    this.line.textContent = `${name || this.name || "The team"} is typing…`;
    this.typingTimer = setTimeout(() => this.#say(), TYPED_MS);
  }

  #say() {
    /** @type {Record<string, string>} */
    const said = {
      waiting: "The team has this conversation. Somebody replies here as soon as they are free.",
      human: this.name ? `${this.name} answers you now.` : "A member of the team answers you now.",
      closed: this.hadPerson ? "This conversation is closed. Write to open it again." : "",
    };
    const text = said[this.state] ?? "";
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  #askForRating() {
    if (!this.hadPerson || this.memory.isRated || this.place.childElementCount) return;
    const form = /** @type {HTMLFormElement} */ (fromTemplate("satisfaction-template"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rate(form);
    });
    part(form, "[type=button]").addEventListener("click", () => this.#rated(form, ""));
    this.place.replaceChildren(form);
    form.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLFormElement} form */
  async #rate(form) {
    const given = new FormData(form);
    const button = /** @type {HTMLButtonElement} */ (part(form, "[type=submit]"));
    const failure = part(form, ".failure");
    button.disabled = true;
    failure.hidden = true;
    try {
      const comment = String(given.get("comment") ?? "").trim();
      await this.visitor.rateConversation(this.conversationId, Number(given.get("score")), comment);
      this.#rated(form, "Thank you for your rating.");
    } catch (error) {
      failure.textContent = error instanceof Error ? error.message : String(error);
      failure.hidden = false;
      button.disabled = false;
    }
  }

  /** @param {HTMLFormElement} form @param {string} thanks */
  #rated(form, thanks) {
    this.memory.noteConversationRating();
    form.remove();
    if (thanks) this.line.textContent = thanks;
  }
}
