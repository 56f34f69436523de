/** Showing and hiding the panel: beside the page, or over it on a phone, with the page behind at rest. */
import { placePanel } from "./viewport.ts";
import type { Parts } from "./parts.ts";

/** Where the chat fills the screen: a phone, upright or not, or a page enlarged as far. */
const SMALL = "(max-width: 480px), (max-height: 420px)";

export interface Panel {
  isOpen(): boolean;
  show(takesFocus: boolean): void;
  hide(): void;
}

/**
 * Return the panel, closed. `fitted` is told how much of it can be seen, and `closed` that the
 * browser closed it by itself.
 */
export function makePanel(
  { host, button, panel }: Parts,
  fitted: (height: number) => void,
  closed: () => void,
  signal: AbortSignal,
): Panel {
  const small = matchMedia(SMALL);
  // The page's own styles stay as they are.
  const still = new CSSStyleSheet();
  still.replaceSync("html { overflow: hidden !important }");
  let isOpen = false;
  let before: Element | null = null;

  function enter(takesFocus: boolean) {
    const isFull = small.matches;
    panel.classList.toggle("full", isFull);
    // `show()` would move the focus, and the page might jump.
    if (isFull) panel.showModal();
    else panel.open = true;
    if (isFull) document.adoptedStyleSheets.push(still);
    fit();
    if (takesFocus || isFull) panel.querySelector("iframe")?.focus({ preventScroll: true });
  }

  function leave() {
    panel.close();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== still);
  }

  function fit() {
    const height = document.scrollingElement?.clientHeight ?? innerHeight;
    const place = visualViewport ? placePanel(visualViewport, height, small.matches) : {};
    for (const name of ["top", "bottom", "height", "maxHeight"] as const) {
      panel.style[name] = name in place ? `${place[name]}px` : "";
    }
    fitted(panel.clientHeight);
  }

  const hasFocus = () => host.shadowRoot?.activeElement?.parentNode === panel;

  function hide() {
    if (!isOpen) return;
    isOpen = false;
    // Whoever went on to use the page keeps the focus there.
    const returns = hasFocus() || document.activeElement === document.body;
    leave();
    button.ariaExpanded = "false";
    // What had it before may be gone, or never took it.
    if (returns) for (const one of [button, before as HTMLElement]) one?.focus({ preventScroll: true });
  }

  small.addEventListener(
    "change",
    () => {
      if (!isOpen) return;
      const hadFocus = hasFocus();
      leave();
      enter(hadFocus);
    },
    { signal },
  );
  for (const event of ["resize", "scroll"]) {
    visualViewport?.addEventListener(event, () => isOpen && fit(), { signal });
  }
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    closed();
  });
  panel.addEventListener("close", () => {
    if (isOpen && !panel.open) closed();
  });
  return {
    isOpen: () => isOpen,
    show(takesFocus) {
      before = document.activeElement;
      isOpen = true;
      button.ariaExpanded = "true";
      enter(takesFocus);
    },
    hide,
  };
}
