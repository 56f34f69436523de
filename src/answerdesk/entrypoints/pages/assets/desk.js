// @ts-check
/** Where visitors ask: wires up the question field, the conversation and the dialog. */

import { Conversation } from "./conversation.js";
import { Escalation } from "./escalation.js";
import { part } from "./text.js";

/**
 * @typedef {{refresh: () => void, restore: () => Promise<void>, focus: () => void}} Desk
 *   `refresh` shows the controls that can be used now; `restore` shows the conversation from before
 *
 * @param {import("./visitor.js").Visitor} visitor
 * @param {{isReady?: () => boolean, announced?: (text: string) => void}} [surroundings]
 *   whether there is anything to answer from yet, and who is told what is announced
 * @returns {Desk}
 */
export function openDesk(visitor, { isReady = () => true, announced = () => {} } = {}) {
  const { memory } = visitor;
  const desk = part(document, "#desk");
  const log = part(desk, "#log");
  const composer = /** @type {HTMLFormElement} */ (part(desk, "#composer"));
  const field = /** @type {HTMLTextAreaElement} */ (part(desk, "#message"));
  const sendButton = /** @type {HTMLButtonElement} */ (part(desk, "#send"));
  const stopButton = part(desk, "#stop");
  const actions = part(desk, "#actions");
  const talkButton = part(desk, "#talk");
  const anewButton = part(desk, "#begin-anew");
  const welcome = part(desk, "#welcome");
  const trouble = part(desk, "#trouble");
  const status = part(desk, "#status");

  const conversation = new Conversation(visitor, memory, desk, {
    changed: refresh,
    announce: (text) => {
      // Screen readers don't repeat an unchanged text, so clear it first.
      status.textContent = "";
      setTimeout(() => (status.textContent = text), 100);
      announced(text);
    },
    focus: () => field.focus(),
    askForPerson: () => escalation.open(),
  });

  const escalation = new Escalation(visitor, memory, (email) => {
    conversation.passedOn(email && `The team can also reply to ${email}.`).then(scrollToEnd);
  });

  function refresh() {
    const { isBusy, isEmpty } = conversation;
    const hasConversation = memory.conversationId !== "";
    sendButton.hidden = isBusy;
    sendButton.disabled = !isReady();
    stopButton.hidden = !isBusy;
    actions.hidden = isEmpty && !hasConversation;
    talkButton.hidden = !hasConversation;
    welcome.hidden = !isEmpty;
    for (const button of welcome.querySelectorAll("button")) button.disabled = !isReady();
  }

  /** @param {string} text @returns {boolean} whether the question was asked */
  function ask(text) {
    if (!text.trim() || conversation.isBusy || !isReady()) return false;
    conversation.ask(text.trim());
    scrollToEnd();
    return true;
  }

  function scrollToEnd() {
    log.scrollTop = log.scrollHeight;
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    if (ask(field.value)) field.value = "";
  });

  field.addEventListener("keydown", (event) => {
    // During IME composition Enter accepts the word; some browsers report that only by key code 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    composer.requestSubmit();
  });

  field.addEventListener("input", () => conversation.team.typed());

  for (const button of welcome.querySelectorAll(".example")) {
    button.addEventListener("click", () => {
      field.focus();
      ask(button.textContent ?? "");
    });
  }

  stopButton.addEventListener("click", () => {
    conversation.stop();
    field.focus();
  });

  anewButton.addEventListener("click", () => {
    conversation.beginAnew();
    trouble.hidden = true;
    field.focus();
  });

  talkButton.addEventListener("click", () => escalation.open());

  // Follow a growing answer unless the reader has scrolled up.
  let isAtEnd = true;
  log.addEventListener("scroll", () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  });
  const follow = new ResizeObserver(() => {
    if (isAtEnd && !conversation.isEmpty) scrollToEnd();
  });
  follow.observe(log);
  follow.observe(part(log, ".column"));

  async function restore() {
    trouble.hidden = true;
    try {
      await conversation.restore();
      scrollToEnd();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      part(trouble, "span").textContent = `Your conversation could not be loaded. ${reason}`;
      trouble.hidden = false;
    }
  }

  part(trouble, "button").addEventListener("click", restore);
  return { refresh, restore, focus: () => field.focus() };
}
