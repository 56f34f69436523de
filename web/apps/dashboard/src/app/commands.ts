/**
 * What can be done on the present page, with its key: listed by ⌘K, and done by the key itself.
 *
 * Keys are plain letters (`r`, `?`) or two in a row (`g i`). They sleep in fields and behind open
 * dialogs, and can be switched off (WCAG 2.1.4).
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export type Command = {
  id: string;
  label: string;
  /** Under which heading ⌘K lists it. */
  group: string;
  keys?: string;
  run: () => void;
};

const SWITCH = "answerdesk:keys";
/** The second letter has to come within this time. */
const SEQUENCE_MS = 1200;

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

/** Offer these commands while the component is shown; the last one offered wins a key. */
export function useCommands(offered: readonly Command[]): void {
  const latest = useRef(offered);
  latest.current = offered;
  const known = offered.map(({ id, label, keys }) => `${id}\u0000${label}\u0000${keys}`).join("\n");
  useEffect(() => {
    // The ones offered may close over older values; what runs is always the latest.
    const mine = latest.current.map((one) => ({ ...one, run: () => latest.current.find(({ id }) => id === one.id)?.run() }));
    change([...commands, ...mine]);
    return () => change(commands.filter((one) => !mine.includes(one)));
  }, [known]);
}

export const useOffered = () => useSyncExternalStore(subscribe, () => commands);

export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

export function switchKeys(on: boolean): void {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // Then they are on again the next time.
  }
}

let first = "";
let firstAt = 0;

/** Runs the command of a pressed key. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!areKeysOn() || isTyping(event.target) || document.querySelector('[role="dialog"][aria-modal="true"]')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isSecond = first !== "" && event.timeStamp - firstAt < SEQUENCE_MS;
  const found = (isSecond && withKeys(`${first} ${key}`)) || withKeys(key);
  const begins = !found && commands.some(({ keys }) => keys?.startsWith(`${key} `));
  first = begins ? key : "";
  firstAt = event.timeStamp;
  if (!found) return;
  event.preventDefault();
  found.run();
}

const withKeys = (keys: string) => commands.findLast((one) => one.keys === keys);

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function change(next: readonly Command[]): void {
  commands = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
