/** Makes the inbox heard while nobody looks at it: a sound, a notification of the browser. */
import { language } from "../texts/index.ts";
import type { InboxLive } from "./inbox.ts";
import type { Notice } from "./shapes.ts";
import { texts } from "./texts.ts";

const SOUND = "answerdesk:inbox:sound";
const SOUNDED = "answerdesk:inbox:sounded";
/** Tabs of one browser that hear the same news sound once. */
const ONCE_MS = 1500;

export const isSoundOn = () => kept(SOUND) === "on";

export function switchSound(isOn: boolean): void {
  keep(SOUND, isOn ? "on" : "off");
  if (isOn) beep();
}

/** Whether the browser has not been asked yet whether notices may be shown. */
export const canAsk = () => "Notification" in window && Notification.permission === "default";

/** Opens a conversation. */
type Open = (conversation: string) => void;

/** Follow what happens from here on. */
export function startAlerts(live: InboxLive, open: Open): void {
  const { store } = live;
  /** What a list tells from before the page was opened makes no sound. */
  const begun = Date.now();
  store.on("entry", ({ entry, before, isTold }) => {
    const isNew = isTold || new Date(entry.updated_at).getTime() > begun;
    if (isNew && entry.state === "waiting" && before?.state !== "waiting") sound();
  });
  store.on("message", ({ author, conversation_id: id }) => {
    const isMine = store.me !== null && store.entries.get(id)?.assignee_id === store.me.id;
    if (author === "visitor" && isMine) sound();
  });
  live.noticed = (notice) => notify(live, notice, open);
  // Browsers allow sound only after somebody has used the page.
  const unlock = () => void (isSoundOn() && context());
  document.addEventListener("pointerdown", unlock, { once: true });
  document.addEventListener("keydown", unlock, { once: true });
}

/** The server has decided by the person's rules and quiet hours. */
function notify(live: InboxLive, { id, kind, conversation_id: conversation, text }: Notice, open: Open): void {
  if (!("Notification" in window) || Notification.permission !== "granted" || live.isSeen) return;
  const t = texts[language()];
  const entry = conversation ? live.store.entries.get(conversation) : undefined;
  const name = entry?.visitor?.name || entry?.visitor?.email || t.visitor;
  // The tag has other tabs replace it rather than add another.
  const shown = new Notification(t[kind], { body: entry ? `${name}. ${text}` : text, tag: conversation ?? id, icon: "/assets/icon.svg" });
  shown.addEventListener("click", () => {
    window.focus();
    if (conversation) open(conversation);
    shown.close();
  });
}

let audio: AudioContext | null = null;

function context(): AudioContext | null {
  audio ??= "AudioContext" in window ? new AudioContext() : null;
  audio?.resume().catch(() => {});
  return audio;
}

function sound(): void {
  if (!isSoundOn() || Date.now() - Number(kept(SOUNDED) ?? 0) < ONCE_MS) return;
  keep(SOUNDED, String(Date.now()));
  beep();
}

/** Two short tones. */
function beep(): void {
  const here = context();
  if (!here || here.state === "closed") return;
  [660, 880].forEach((pitch, place) => {
    const tone = here.createOscillator();
    const gain = here.createGain();
    const at = here.currentTime + place * 0.16;
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
    tone.connect(gain).connect(here.destination);
    tone.start(at);
    tone.stop(at + 0.16);
  });
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that stores nothing forgets the choice.
  }
}
