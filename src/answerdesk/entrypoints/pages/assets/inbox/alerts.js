// @ts-check
/** Makes itself heard: a number in the title, a sound, a notification of the browser. */

import { byId, tell } from "../dom.js";
import { announce } from "./announce.js";
import { nameOf } from "./list.js";

const SOUND = "answerdesk:inbox:sound";
const SOUNDED = "answerdesk:inbox:sounded";
/** Tabs of one browser that hear the same news sound once. */
const ONCE_MS = 1500;

/** @type {Record<string, string>} */
const TITLES = {
  waiting: "A visitor waits",
  assigned: "A conversation was assigned to you",
  reply: "A visitor replied to you",
  lead: "A visitor left their contact",
  sla: "A reply is overdue",
};

export class Alerts {
  /** @param {import("./store.js").Store} store @param {() => boolean} isSeen whether a tab is visible */
  constructor(store, isSeen) {
    this.store = store;
    this.isSeen = isSeen;
    /** @type {AudioContext | null} */
    this.audio = null;
    /** News from before the page was opened makes no sound. */
    this.begun = Date.now();
    this.#wireSound();
    this.#wireNotifications();
    for (const topic of /** @type {const} */ (["counts", "entry", "own", "all"])) store.on(topic, () => this.#title());
    store.on("entry", (entry, before) => this.#changed(entry, before));
    store.on("message", (message) => this.#message(message));
  }

  #title() {
    const { wanting } = this.store;
    const title = wanting ? `(${wanting.toLocaleString()}) Inbox` : "Inbox";
    if (document.title !== title) document.title = title;
  }

  /** @param {import("./shapes.js").Entry} entry @param {import("./shapes.js").Entry | undefined} before */
  #changed(entry, before) {
    const isNew = new Date(entry.updated_at).getTime() > this.begun - 2000;
    if (isNew && entry.state === "waiting" && before?.state !== "waiting") {
      this.#sound();
      announce("A visitor waits for a person.");
    }
  }

  /** @param {import("./shapes.js").Message} message */
  #message({ author, conversation_id: id = "", created_at: at }) {
    const entry = this.store.entries.get(id);
    const isMine = this.store.me !== null && entry?.assignee_id === this.store.me.id;
    if (author === "visitor" && isMine && new Date(at).getTime() > this.begun) this.#sound();
  }

  /** @param {import("./shapes.js").Notice} notice the server's: by the person's rules and quiet hours */
  notice({ id, kind, conversation_id: conversation, text }) {
    if (!("Notification" in window) || Notification.permission !== "granted" || this.isSeen()) return;
    const entry = conversation ? this.store.entries.get(conversation) : undefined;
    const title = TITLES[kind] ?? "Inbox";
    // The tag has other tabs replace it rather than add another.
    const shown = new Notification(title, { body: entry ? `${nameOf(entry)}. ${text}` : text, tag: conversation ?? id, icon: "/assets/icon.svg" });
    shown.addEventListener("click", () => {
      window.focus();
      if (conversation) location.hash = `#/conversation/${conversation}`;
      shown.close();
    });
  }

  #wireSound() {
    const box = byId("sound");
    box.checked = read(SOUND) === "on";
    box.addEventListener("change", () => {
      write(SOUND, box.checked ? "on" : "off");
      if (box.checked) this.#beep();
    });
    // Browsers allow sound only after somebody has used the page.
    const unlock = () => {
      if (box.checked) this.#context();
    };
    document.addEventListener("pointerdown", unlock, { once: true });
    document.addEventListener("keydown", unlock, { once: true });
  }

  #sound() {
    if (!byId("sound").checked || Date.now() - Number(read(SOUNDED) ?? 0) < ONCE_MS) return;
    write(SOUNDED, String(Date.now()));
    this.#beep();
  }

  #context() {
    this.audio ??= "AudioContext" in window ? new AudioContext() : null;
    this.audio?.resume().catch(() => {});
    return this.audio;
  }

  /** Two short tones. */
  #beep() {
    const audio = this.#context();
    if (!audio || audio.state === "closed") return;
    [660, 880].forEach((pitch, place) => {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      const at = audio.currentTime + place * 0.16;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.16);
    });
  }

  #wireNotifications() {
    const ask = byId("allow-notices");
    const show = () => {
      ask.hidden = !("Notification" in window) || Notification.permission !== "default";
    };
    ask.addEventListener("click", async () => {
      const answer = await Notification.requestPermission();
      show();
      if (answer === "granted") tell("Your browser shows notices while this page is in the background.");
      else tell("Your browser shows no notices. You can allow them in the browser's settings for this site.");
    });
    show();
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that stores nothing forgets the choice.
  }
}
