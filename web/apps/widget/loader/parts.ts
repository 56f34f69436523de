/** The launcher and the panel, in a shadow root that the page's styles do not reach. */
import STYLE from "./style.css?inline";

export interface Parts {
  host: HTMLElement;
  button: HTMLButtonElement;
  /** How many messages are unread; empty for none. */
  badge: HTMLElement;
  /** Says that the chat does not open; empty otherwise. */
  note: HTMLElement;
  panel: HTMLDialogElement;
}

const SVG = "http://www.w3.org/2000/svg";
const TALK = "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8 9h8M8 13h5";
const SHUT = "m6 9 6 6 6-6";

const OVER_ALL = { all: "initial", position: "fixed", "z-index": "var(--answerdesk-z-index, 2147483000)" };

/** Strict pages refuse `<style>`, `style=` and HTML in texts; all of this they let pass. */
export function buildParts(): Parts {
  const make = <Name extends keyof HTMLElementTagNameMap>(name: Name) => document.createElement(name);
  // A name of our own, so that rules for the page's elements are not meant.
  const host = document.createElement("answerdesk-chat");
  // The page's rules for any element would win over those in the shadow root.
  for (const [name, value] of Object.entries(OVER_ALL)) host.style.setProperty(name, value, "important");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const button = make("button");
  button.type = "button";
  button.ariaHasPopup = "dialog";
  button.ariaExpanded = "false";
  const badge = make("b");
  badge.ariaHidden = "true"; // The label says it.
  button.append(makeIcon(), badge);
  const note = make("p");
  note.role = "status";
  const panel = make("dialog");
  root.append(button, note, panel);
  return { host, button, badge, note, panel };
}

/** Of two shapes; which one is seen depends on whether the chat is open. */
function makeIcon(): Element {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  for (const shape of [TALK, SHUT]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

export function makeFrame(address: string, title: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute(
    "sandbox",
    "allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts",
  );
  // Code in an answer can be copied.
  frame.allow = "clipboard-write";
  frame.src = address;
  return frame;
}
