/**
 * Deleting with "undo": what is deleted disappears from the lists at once and is deleted some
 * seconds later, also if the page is left meanwhile.
 */
import { useSyncExternalStore } from "react";
import { authorised } from "../session/session.ts";
import { later } from "./notify.tsx";

let gone: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

type Removal = {
  id: string;
  /** Of the call with `DELETE`. */
  path: string;
  message: string;
  /** Called when it is deleted for good. */
  done?: () => void;
};

export function removeLater({ id, path, message, done }: Removal): void {
  change(new Set([...gone, id]));
  later({
    message,
    commit: async () => {
      await authorised(path, { method: "DELETE", keepalive: true });
      done?.();
    },
    restore: () => change(new Set([...gone].filter((one) => one !== id))),
  });
}

/** The ids that lists leave out. */
export const useGone = () => useSyncExternalStore(subscribe, () => gone);

function change(next: ReadonlySet<string>): void {
  gone = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
