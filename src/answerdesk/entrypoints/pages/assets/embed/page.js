// @ts-check
/** The page in the frame on a website. It uses no storage of the browser, which may refuse it. */

import { openDesk } from "../desk.js";
import { part } from "../text.js";
import { Visitor } from "../visitor.js";
import { joinHost } from "./host.js";
import { FrameMemory } from "./memory.js";

const { project = "", token = "", color = "", ink = "" } = part(document, "#desk").dataset;
const closeButton = part(document, "#close");
/** The page that the visitor is on, if it says so. */
let page = "";
let isOpen = true;
/** @type {import("../desk.js").Desk | null} */
let desk = null;

document.documentElement.style.setProperty("--brand", color);
document.documentElement.style.setProperty("--on-brand", ink);

const tell = joinHost((told) => {
  if (told.type !== "closed") page = String(told.page);
  if (told.type === "start") begin(told.kept);
  else isOpen = told.type === "opened";
  if (told.type === "opened") desk?.focus();
});

if (tell) {
  closeButton.hidden = false;
  closeButton.addEventListener("click", () => tell({ type: "close" }));
  document.addEventListener("keydown", ({ key, isComposing }) => {
    // An open dialog has the key for itself.
    const isFree = !isComposing && !document.querySelector("dialog[open]");
    if (key === "Escape" && isFree) tell({ type: "close" });
  });
} else {
  begin(null);
}

/** @param {unknown} kept */
function begin(kept) {
  if (desk) return;
  const memory = new FrameMemory(kept, (value) => tell?.({ type: "keep", kept: value }));
  const visitor = new Visitor(project, memory, () => ({
    ...(page && { page_url: page }),
    ...(token && { website_token: token }),
  }));
  desk = openDesk(visitor, {
    announced: (text) => {
      if (text && !isOpen) tell?.({ type: "news" });
    },
  });
  desk.refresh();
  desk.restore();
}
