// @ts-check
/** The conversation on the page, kept in sync with the server. */

import { Answer } from "./answer.js";
import { ServerError } from "./server.js";
import { Team } from "./team.js";
import { fromTemplate, part } from "./text.js";

/**
 * @typedef {import("./visitor.js").StoredMessage} StoredMessage
 * @typedef {{text: string, id: string, element: HTMLElement, answer: Answer | null}} Turn
 *   a question; its id is set once the server has it, its answer once one is expected
 * @typedef {{changed: () => void, announce: (text: string) => void, focus: () => void,
 *   askForPerson: () => void}} Surroundings
 *
 * While a person is expected, the team's stream brings their messages; otherwise polling does.
 */

const POLL_SECONDS = 20;
/** Delays between polls for an answer that was in progress when the page was loaded. */
const EXPECTANT_SECONDS = [1, 2, 4, 8];

export class Conversation {
  /**
   * @param {import("./visitor.js").Visitor} visitor @param {import("./memory.js").Memory} memory
   * @param {HTMLElement} desk @param {Surroundings} surroundings
   */
  constructor(visitor, memory, desk, surroundings) {
    this.visitor = visitor;
    this.memory = memory;
    this.list = part(desk, "#messages");
    this.surroundings = surroundings;
    /** @type {Turn[]} */
    this.turns = [];
    /** Ids of the messages that are on the page. @type {Set<string>} */
    this.shown = new Set();
    /** The time of the newest message that was fetched. */
    this.since = "";
    /** @type {AbortController | null} */
    this.line = null;
    /** Incremented when results of earlier requests may be outdated. */
    this.epoch = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** Whether something came while an answer was under way, which that answer may have been. */
    this.hasMissed = false;
    this.team = new Team(visitor, memory, desk, {
      came: (message, name) => this.#came(message, name),
      sync: () => this.sync(),
      changed: () => this.#poll(),
    });
    document.addEventListener("visibilitychange", () => this.#poll(0));
  }

  get isBusy() {
    return this.line !== null;
  }

  get isEmpty() {
    return this.turns.length === 0;
  }

  /** @param {string} text */
  async ask(text) {
    const turn = this.#addQuestion(text, "");
    await this.#run(turn);
  }

  stop() {
    this.line?.abort(new ServerError("You stopped this answer."));
  }

  /** Leave this conversation; the next question begins a new one. */
  beginAnew() {
    this.epoch += 1;
    this.stop();
    this.line = null;
    clearTimeout(this.timer);
    this.team.leave();
    this.memory.begin("");
    this.turns = [];
    this.shown.clear();
    this.since = "";
    this.list.replaceChildren();
    this.surroundings.changed();
  }

  /** Show the messages from before this page was loaded. */
  async restore() {
    await this.sync();
    this.team.look();
    const last = this.turns.at(-1);
    if (last && !last.answer) await this.#expect(last);
    this.#poll();
  }

  /** Fetch new messages, whoever wrote them. */
  async sync() {
    if (!this.memory.conversationId || this.isBusy) return;
    const epoch = this.epoch;
    const hasGap = this.turns.some((turn) => !turn.answer?.complete);
    /** @type {StoredMessage[]} */
    let stored;
    try {
      stored = await this.visitor.messages(this.memory.conversationId, hasGap ? "" : this.since);
    } catch (error) {
      if (epoch !== this.epoch) return;
      if (!this.#isGone(error)) throw error;
      stored = [];
    }
    if (epoch !== this.epoch) return;
    let question = "";
    for (const message of stored) {
      if (message.author === "visitor") question = message.id;
      if (!this.shown.has(message.id)) this.#show(message, question);
      this.shown.add(message.id);
      this.since = message.created_at;
    }
    this.surroundings.changed();
  }

  /** The team has been asked; the server says so in a message. @param {string} note what it can't know */
  async passedOn(note) {
    this.team.look();
    await this.sync().catch(() => {});
    if (note) this.#addNote(note);
    this.surroundings.changed();
  }

  /** @param {string} text a notice that isn't a message of the conversation */
  #addNote(text) {
    const note = document.createElement("li");
    note.className = "message note";
    note.textContent = text;
    this.list.append(note);
    this.surroundings.announce(text);
  }

  /** @param {StoredMessage} message from the team's stream @param {string} name who has it now */
  #came(message, name) {
    if (this.shown.has(message.id)) return;
    // An answer that is under way here has its own stream, and says its id at the end.
    if (this.isBusy && message.author !== "human") {
      this.hasMissed = true;
      return;
    }
    const question = message.author === "visitor" ? message.id : (this.turns.at(-1)?.id ?? "");
    this.#show(message, question, name);
    this.shown.add(message.id);
    this.surroundings.announce(message.author === "visitor" ? "" : message.content);
    this.surroundings.changed();
  }

  /** @param {Turn} turn @returns {Promise<void>} */
  async #run(turn) {
    this.epoch += 1;
    const epoch = this.epoch;
    const answer = this.#answerOf(turn);
    answer.start();
    const line = new AbortController();
    this.line = line;
    this.surroundings.changed();
    try {
      const { conversationId } = this.memory;
      for await (const event of this.visitor.chat(turn.text, conversationId, line.signal)) {
        if (epoch !== this.epoch) return;
        this.#take(turn, answer, event);
      }
      this.surroundings.announce(answer.text);
    } catch (error) {
      if (epoch !== this.epoch) return;
      if (this.#isGone(error)) return await this.#run(turn);
      const reason = error instanceof Error ? error.message : String(error);
      answer.fail(reason, () => this.#retry(turn));
      this.surroundings.announce(reason);
    } finally {
      if (epoch === this.epoch) {
        this.line = null;
        this.surroundings.changed();
        this.#poll(this.hasMissed ? 0 : undefined);
        this.hasMissed = false;
      }
    }
  }

  /** @param {unknown} error @returns {boolean} whether it was deleted; a new one can then begin */
  #isGone(error) {
    const { conversationId } = this.memory;
    const isGone = error instanceof ServerError && error.code === "conversation_not_found";
    if (isGone) this.memory.begin("");
    return isGone && conversationId !== "";
  }

  /**
   * @param {Turn} turn @param {Answer} answer
   * @param {import("./visitor.js").ChatEvent} event
   */
  #take(turn, answer, { name, data }) {
    if (name === "accepted") {
      this.memory.begin(data.conversation_id);
      turn.id = data.message_id;
      this.shown.add(turn.id);
      this.team.reopened();
    } else if (name === "token" || name === "notice") {
      answer.append(data.text);
    } else if (name === "blocks") {
      answer.blocks = data.blocks;
    } else if (name === "sources") {
      answer.sources = data.sources;
    } else if (name === "certainty") {
      answer.certainty = data;
    } else if (name === "done" && data.message_id !== null) {
      this.shown.add(data.message_id);
      answer.finish(data.message_id, data.decision === "abstain");
      // A request for a person passes the conversation on, and so may an answer.
      if (data.decision === "hand_off" || data.decision === "abstain") this.team.look();
    } else if (name === "done") {
      this.#noticed(turn, answer);
    }
  }

  /** @param {Turn} turn @param {Answer} answer a notice that is the whole reply */
  #noticed(turn, answer) {
    if (this.team.state === "human") {
      // Who talks to a person need not hear each time that they do.
      answer.element.remove();
      turn.answer = null;
      return;
    }
    answer.finishNotice();
    this.team.look();
  }

  /** @param {Turn} turn */
  async #retry(turn) {
    if (this.isBusy) return;
    this.surroundings.focus();
    // The server may have answered without our receiving it; asking again would duplicate the turn.
    if (turn.id) await this.sync().catch(() => {});
    if (!turn.answer?.complete && !this.isBusy) await this.#run(turn);
  }

  /** @param {string} text @param {string} id @returns {Turn} */
  #addQuestion(text, id) {
    const element = fromTemplate("question-template");
    part(element, ".message-text").textContent = text;
    this.list.append(element);
    const turn = { text, id, element, answer: null };
    this.turns.push(turn);
    return turn;
  }

  /** @param {Turn} turn @returns {Answer} the turn's answer, created if missing */
  #answerOf(turn) {
    if (!turn.answer) {
      turn.answer = new Answer(this.visitor, this.memory, this.surroundings.askForPerson);
      turn.element.after(turn.answer.element);
    }
    return turn.answer;
  }

  /**
   * @param {StoredMessage} message @param {string} question id of the preceding question
   * @param {string} [name] the person who wrote it, if known
   */
  #show(message, question, name = "") {
    if (message.author === "visitor") {
      const unsent = this.turns.find((turn) => !turn.id && turn.text === message.content);
      if (unsent) unsent.id = message.id;
      else this.#addQuestion(message.content, message.id);
      return;
    }
    const turn = this.turns.find((one) => one.id === question && !one.answer?.complete);
    const answer = turn ? this.#answerOf(turn) : new Answer(this.visitor, this.memory, () => {});
    if (!turn) this.list.append(answer.element);
    answer.showStored(message);
    // What is said about who has the conversation is no answer to rate.
    const isAnswer = message.abstained || message.sources.length > 0;
    if (!isAnswer) part(answer.element, ".message-foot").hidden = true;
    if (message.author === "human") {
      if (name) part(answer.element, ".message-author").textContent = name;
      this.team.wrote();
    }
    if (this.since && !name) this.surroundings.announce(answer.text);
  }

  /** @param {Turn} turn a question whose answer may be in progress */
  async #expect(turn) {
    const { element } = this.#answerOf(turn);
    const epoch = this.epoch;
    for (const seconds of EXPECTANT_SECONDS) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      if (epoch !== this.epoch) return;
      await this.sync().catch(() => {});
      if (turn.answer?.complete) return;
    }
    // A person has the conversation, or the answer takes long; polling shows either one later.
    element.remove();
    turn.answer = null;
  }

  /** @param {number} [seconds] */
  #poll(seconds = POLL_SECONDS) {
    clearTimeout(this.timer);
    if (document.hidden || !this.memory.conversationId || (seconds > 0 && this.team.isFollowed)) return;
    this.timer = setTimeout(async () => {
      await this.sync().catch(() => {});
      this.#poll();
    }, seconds * 1000);
  }
}
