/** What was asked on this page since the tab was opened. */
import { useSyncExternalStore } from "react";
import type { PlaygroundSearch } from "./search.ts";

const MOST = 20;
const listeners = new Set<() => void>();
const known = new Map<string, readonly PlaygroundSearch[]>();

const keyOf = (projectId: string) => `answerdesk:asked:${projectId}`;

export function remember(projectId: string, asked: PlaygroundSearch): void {
  const written = JSON.stringify(asked);
  const others = recall(projectId).filter((one) => JSON.stringify(one) !== written);
  const all = [asked, ...others].slice(0, MOST);
  known.set(projectId, all);
  try {
    sessionStorage.setItem(keyOf(projectId), JSON.stringify(all));
  } catch {
    // Then it lasts until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

export const useAsked = (projectId: string) => useSyncExternalStore(subscribe, () => recall(projectId));

function recall(projectId: string): readonly PlaygroundSearch[] {
  const found = known.get(projectId) ?? read(projectId);
  known.set(projectId, found);
  return found;
}

function read(projectId: string): readonly PlaygroundSearch[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(projectId)) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
