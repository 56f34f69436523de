/** The chat in its frame on a website. It uses no storage of the browser, which may refuse it. */
import { render } from "preact";
import { Chat } from "./chat.ts";
import { joinHost, type Host } from "./host.ts";
import { dress } from "./look.ts";
import { readSettings, type FrameSettings } from "./settings.ts";
import "./style/frame.css";
import "./style/conversation.css";
import "./style/writing.css";
import { App } from "./view/app.tsx";

const settings = readSettings();
if (settings) open(settings);
else awaitPreview();

function open(settings: FrameSettings): void {
  let host: Host | null = null;
  let focus = () => {};
  const chat = new Chat(settings, {
    keep: (kept, awaits) => host?.tell({ type: "keep", kept, awaits }),
    unread: (count) => host?.tell({ type: "unread", count }),
    event: (name, detail = {}) => host?.tell({ type: "event", name, detail }),
  });
  host = joinHost((message) => {
    if ("page" in message) chat.page = message.page;
    if (message.type === "start") {
      chat.context = message.context;
      chat.show(message.visible);
      void chat.start(message.kept, message.identity);
    } else if (message.type === "opened") {
      chat.show(true);
      if (message.focus) focus();
    } else if (message.type === "closed") chat.show(false);
    else if (message.type === "context") chat.context = message.values;
    else if (message.type === "identify") void chat.identify(message.token);
    else if (message.type === "kept") chat.keptElsewhere(message.kept);
    else if (message.type === "viewport") {
      document.documentElement.style.setProperty("--seen", `${message.height}px`);
    }
  });
  dress(settings);
  document.addEventListener("keydown", ({ key, isComposing }) => {
    // An open dialog has the key for itself.
    if (key === "Escape" && !isComposing && !document.querySelector("dialog[open]")) host?.tell({ type: "close" });
  });
  const ready = (put: () => void) => {
    focus = put;
  };
  render(<App settings={settings} chat={chat} host={host} ready={ready} />, document.body);
}

/** On the page for previews a page of ours, and no other, says what to show. Nothing is sent from it. */
function awaitPreview(): void {
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || origin !== location.origin || data?.type !== "preview") return;
    const shown: FrameSettings = data.settings;
    dress(shown);
    const chat = new Chat(shown, { keep: () => {}, unread: () => {}, event: () => {} });
    // The page's policy would refuse it, and it would be tried again and again.
    chat.send = () => {};
    render(<App key={JSON.stringify(shown)} settings={shown} chat={chat} host={null} ready={() => {}} />, document.body);
  });
  window.parent.postMessage({ type: "preview-ready" }, location.origin);
}
