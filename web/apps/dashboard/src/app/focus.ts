/**
 * The focus stays on the page. What had it may go: a row is deleted, a button gives way to another,
 * the opener of a dialog is drawn anew. Browsers then begin at the top of the window again, where
 * nobody was, and who hears a page read out is lost.
 */

/** Dialogs give the focus back by themselves, and pages lead it on; what they have done counts. */
const PATIENCE_MS = 100;
const REACHABLE = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex^="-"])';

/** An element with what stood beside it, from itself outwards. */
type Way = { element: Element; next: Element | null; previous: Element | null }[];

let way: Way = [];
/** The last of the page itself: where a dialog was opened. */
let below: Way = [];
let timer = 0;

/** Begin to watch; returns how to end it. */
export function keepFocus(): () => void {
  const observer = new MutationObserver(() => isLost() && wait());
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  addEventListener("focusin", remember);
  addEventListener("focusout", forget);
  return () => {
    observer.disconnect();
    removeEventListener("focusin", remember);
    removeEventListener("focusout", forget);
    clearTimeout(timer);
  };
}

const content = () => document.getElementById("content");

const isLost = () => way.length > 0 && document.activeElement === document.body;

function remember({ target }: FocusEvent): void {
  if (!(target instanceof Element)) return;
  way = wayOf(target);
  if (content()?.contains(target)) below = way;
}

/** Who leaves what is still there, by a click beside it or by Escape, wanted to: nothing leads back. */
function forget({ target, relatedTarget }: FocusEvent): void {
  if (relatedTarget || !(target instanceof Element)) return;
  setTimeout(() => {
    if (!isLost() || !isUsable(target)) return;
    if (below === way) below = [];
    way = [];
  });
}

function wait(): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (isLost()) goOn();
  }, PATIENCE_MS);
}

function goOn(): void {
  const from = way[0]?.element;
  // It waits for an answer, and is back afterwards.
  if (from?.isConnected && from.matches(":disabled")) return;
  // A dialog, or news at the edge, has gone: on where it was opened.
  const hasClosed = way !== below && !standing(way)?.closest('[role="dialog"]');
  const to = (hasClosed && nearest(below)) || nearest(way);
  (to ?? content())?.focus({ preventScroll: true });
}

/** What is left of a way, from the inside. */
const standing = (some: Way): Element | undefined => some.find(({ element }) => element.isConnected)?.element;

/** The element itself, else what is now in its place: what came after it, before it, around it. */
function nearest(some: Way): HTMLElement | null {
  const [first] = some;
  if (first && isUsable(first.element)) return first.element as HTMLElement;
  for (const { element, next, previous } of some) {
    if (element === content()) return null;
    if (element.isConnected) return within(element);
    const found = within(next) ?? within(previous);
    if (found) return found;
  }
  return null;
}

function within(element: Element | null): HTMLElement | null {
  if (!element?.isConnected) return null;
  return [element, ...element.querySelectorAll(REACHABLE)].find((one): one is HTMLElement => one.matches(REACHABLE) && isUsable(one)) ?? null;
}

const isUsable = (one: Element) => one.isConnected && !one.matches(":disabled") && one.checkVisibility({ visibilityProperty: true });

function wayOf(target: Element): Way {
  const found: Way = [];
  for (let one: Element | null = target; one && one !== document.body; one = one.parentElement) {
    found.push({ element: one, next: one.nextElementSibling, previous: one.previousElementSibling });
  }
  return found;
}
