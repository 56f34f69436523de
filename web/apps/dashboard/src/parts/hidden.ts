/** What a person has just removed and may still take back: lists leave it out meanwhile. */
import { useSyncExternalStore } from "react";
import { later } from "./notify.tsx";

let hidden: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

/** The ids that are hidden now. */
export const useHidden = () => useSyncExternalStore(subscribe, () => hidden);

export function hide(id: string): void {
  change(new Set([...hidden, id]));
}

export function show(id: string): void {
  change(new Set([...hidden].filter((one) => one !== id)));
}

/** Hide a thing, and do what its removal takes once "undo" can no longer be chosen. */
export function removeLater(id: string, message: string, commit: () => Promise<unknown>): void {
  hide(id);
  later({ message, commit, restore: () => show(id) });
}

function change(next: ReadonlySet<string>): void {
  hidden = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
