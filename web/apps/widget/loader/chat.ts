/** One chat on a page: its launcher, its frame, and what the page may tell it. */
import { EVENTS, isFrom, readFrameMessage, readToken, readValues, written } from "@answerdesk/protocol";
import type { EventName, FrameMessage, HostMessage, Values } from "@answerdesk/protocol";
import { fetchLook, groundOf, type Look } from "./look.ts";
import { openMemory, type Entry } from "./memory.ts";
import { currentPage, watchPage } from "./page.ts";
import { makePanel } from "./panel.ts";
import { buildParts, makeFrame } from "./parts.ts";
import type { Tag } from "./tag.ts";

export type ChatEvent = EventName | "ready" | "open" | "close" | "unread";
type Handler = (detail: Values) => void;

export interface Chat {
  open(): void;
  close(): void;
  toggle(): void;
  identify(token?: string | null): void;
  setContext(values: Values): void;
  on(name: ChatEvent, handler: Handler): void;
  off(name: ChatEvent, handler?: Handler): void;
  destroy(): void;
}

const NAMES: readonly string[] = [...EVENTS, "ready", "open", "close", "unread"];
/** A page that is refused or missing counts as loaded, too, but it says no hello. */
const GRACE_MS = 2000;
const PATIENCE_MS = 30_000;
const NOTE_MS = 8000;
/** How often it comes back to a page that throws it out. */
const MOST_RETURNS = 50;

export const warn = (text: string) => console.warn(`Answerdesk: ${text}`);

/** Begin a chat. `lift` is how far above the corner it stands, and `gone` is called when it ends. */
export function startChat(tag: Tag, lift: number, gone: () => void): Chat {
  const life = new AbortController();
  const { signal } = life;
  const parts = buildParts();
  const { host, button, badge, note } = parts;
  let handlers: [string, Handler][] = [];
  const panel = makePanel(parts, (height) => tell({ type: "viewport", height }), close, signal);
  const memory = openMemory(tag.id, ({ kept }) => tell({ type: "kept", kept }), signal);
  let look: Look | null = null;
  let frame: HTMLIFrameElement | null = null;
  /** The frame has said hello; it is ready once the look is known, too. */
  let hasGreeted = false;
  let isReady = false;
  let isWanted = false;
  let takesFocus = false;
  let identity: string | null = null;
  let context: Values | null = null;
  let unread = 0;
  let returns = 0;

  function after(ms: number, act: () => void) {
    const timer = setTimeout(act, ms);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  function attach() {
    if (!document.body) {
      document.addEventListener("DOMContentLoaded", attach, { once: true, signal });
      return;
    }
    // Behind the body: websites that replace theirs, or list its children, do not meet us.
    document.documentElement.append(host);
    const stays = new MutationObserver(() => {
      if (host.isConnected || ++returns > MOST_RETURNS) return;
      isReady = hasGreeted = false; // A frame that moves begins anew.
      panel.hide();
      document.documentElement.append(host);
    });
    stays.observe(document.documentElement, { childList: true });
    signal.addEventListener("abort", () => stays.disconnect());
  }

  /** Ask the server how the launcher looks; while it does not answer, there is none. */
  async function ask(again = false) {
    const told = await fetchLook(tag, again).catch(() => null);
    if (signal.aborted) return null;
    if (told && "refused" in told) {
      console.error(`Answerdesk: ${told.refused}`);
      withdraw();
    } else if (told) {
      dress((look = told));
    }
    button.hidden = tag.hasOwnButton || !look;
    return told;
  }

  function dress(look: Look) {
    host.style.setProperty("--ground", groundOf(look));
    host.style.setProperty("--ink", look.ink);
    if (look.sharesSubdomains) memory.share();
    place(tag.position ?? look.position);
    showLabel();
    if (memory.read().awaits) load();
  }

  /** Take everything off the page but the commands, which its scripts may still call. */
  function withdraw() {
    panel.hide();
    life.abort();
    host.remove();
    frame = null;
    isReady = false;
  }

  function place(where: string | undefined) {
    const isLeft = where?.replace("_", "-") === "bottom-left";
    for (const one of [button, note, parts.panel]) one.classList.toggle("left", isLeft);
    host.style.setProperty("--lift", `${lift}px`);
  }

  function showLabel() {
    const label = look?.label ?? "Chat";
    const told = unread && look?.unread ? look.unread.replace("{count}", String(unread)) : label;
    button.ariaLabel = told;
    parts.panel.ariaLabel = label;
    badge.textContent = unread ? String(Math.min(unread, 99)) : "";
    if (frame) frame.title = label;
  }

  function load() {
    if (frame || signal.aborted) return;
    const here = encodeURIComponent(location.origin);
    const made = makeFrame(`${tag.desk}/embed?${tag.query}#${here}`, parts.panel.ariaLabel ?? "");
    frame = made;
    isReady = hasGreeted = false;
    // Where the page moves it, it begins anew, in another window.
    const check = (ms: number, isWell: () => boolean) => {
      const view = made.contentWindow;
      after(ms, () => isWell() || view !== frame?.contentWindow || fail());
    };
    made.addEventListener("load", () => check(GRACE_MS, () => hasGreeted), { signal });
    parts.panel.append(made);
    check(PATIENCE_MS, () => isReady);
  }

  /** The frame said nothing: ask the server why, and be ready for another try. */
  async function fail() {
    const wasWanted = isWanted;
    isWanted = false;
    frame?.remove();
    frame = null;
    button.ariaBusy = null;
    const told = await ask(true);
    if (signal.aborted) return;
    warn(told ? `the chat did not open. Does this page have "frame-src ${tag.desk}"?` : `${tag.desk} cannot be reached.`);
    if (wasWanted) note.textContent = look?.unavailable ?? "";
    after(NOTE_MS, () => note.replaceChildren());
  }

  function open() {
    if (signal.aborted) return;
    isWanted = true;
    // A page that opens the chat by itself must not lose its reader's place.
    takesFocus = navigator.userActivation?.isActive ?? true;
    note.replaceChildren();
    if (!look) ask(true);
    load();
    if (isReady) show();
    else button.ariaBusy = "true";
  }

  function show() {
    if (panel.isOpen()) return;
    button.ariaBusy = null;
    panel.show(takesFocus);
    tell({ type: "opened", page: currentPage(), focus: takesFocus });
    emit("open", {});
  }

  function close() {
    isWanted = false;
    button.ariaBusy = null;
    if (!panel.isOpen()) return;
    panel.hide();
    tell({ type: "closed" });
    emit("close", {});
  }

  const toggle = () => (panel.isOpen() ? close() : open());

  function tell(message: HostMessage) {
    if (isReady) frame?.contentWindow?.postMessage(written(message), tag.desk);
  }

  function greet() {
    isReady = true;
    const page = currentPage();
    const { kept } = memory.read();
    tell({ type: "start", kept, page, identity, context, visible: isWanted });
    emit("ready", {});
    if (isWanted) show();
  }

  function take(message: FrameMessage) {
    switch (message.type) {
      case "hello":
        hasGreeted = true;
        // The look says where the memory is.
        return looked.then(greet);
      case "keep":
        return keep(message);
      case "unread":
        unread = message.count;
        showLabel();
        return emit("unread", { count: unread });
      case "close":
        return close();
      case "event":
        tellTabs();
        emit(message.name, message.detail);
    }
  }

  function keep({ kept, awaits }: Entry) {
    const known = memory.read();
    // Another tab that was told of this has it keep the same.
    if (kept !== known.kept || awaits !== known.awaits) memory.write({ kept, awaits });
  }

  /** Something was said: other tabs with this conversation fetch it. */
  function tellTabs() {
    const entry = memory.read();
    if (entry.kept) memory.write(entry);
  }

  function emit(name: ChatEvent, detail: Values) {
    for (const [wanted, handler] of handlers) if (wanted === name) call(handler, detail);
  }

  /** A focused element must not be hidden under the launcher. */
  function stepAside(event: FocusEvent) {
    button.classList.remove("aside");
    const { left, top, width, height } = (event.target as Element).getBoundingClientRect();
    const isBehind = document.elementFromPoint(left + width / 2, top + height / 2) === host;
    button.classList.toggle("aside", isBehind && event.target !== host);
  }

  function escape({ key, isComposing, defaultPrevented }: KeyboardEvent) {
    const isTheirs = isComposing || defaultPrevented || document.querySelector("dialog:modal");
    if (key === "Escape" && !isTheirs) close();
  }

  showLabel();
  place(tag.position);
  button.hidden = tag.hasOwnButton;
  button.addEventListener("click", toggle);
  addEventListener(
    "message",
    (event) => {
      if (!frame || !isFrom(event, frame.contentWindow, tag.desk)) return;
      const message = readFrameMessage(event.data);
      if (message) take(message);
    },
    { signal },
  );
  document.addEventListener("keydown", escape, { signal });
  document.addEventListener("focusin", stepAside, { signal });
  addEventListener("online", () => look || ask(true), { signal });
  watchPage((page) => tell({ type: "page", page }), panel.isOpen, signal);
  attach();
  const looked = ask();

  return {
    open,
    close,
    toggle,
    identify(given) {
      const token = readToken(given || null);
      if (token === undefined) return warn("this is no identity token.");
      if (token === identity) return;
      identity = token;
      tell({ type: "identify", token });
    },
    setContext(given) {
      const values = readValues(given);
      if (!values) return warn("a context has at most 20 short texts, numbers or flags by name.");
      context = values;
      tell({ type: "context", values });
    },
    on(name, handler) {
      if (!NAMES.includes(name)) return warn(`there is no event "${name}".`);
      handlers.push([name, handler]);
      if (name === "ready" && isReady) call(handler, {});
    },
    off(name, handler) {
      handlers = handlers.filter(([known, one]) => known !== name || (handler && one !== handler));
    },
    destroy() {
      withdraw();
      handlers = [];
      gone();
    },
  };
}

/** Soon, so that its errors are the page's own and stop nothing here. */
const call = (handler: Handler, detail: Values) => queueMicrotask(() => handler(detail));
