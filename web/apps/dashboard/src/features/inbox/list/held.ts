/** Keeps the rows where they are while somebody is about to point at one. */
import { type PointerEvent, useEffect, useRef, useState } from "react";
import type { Entry } from "../../../live/shapes.ts";

/** A pointer that rests for longer is not about to choose. */
const RESTS_MS = 2500;

/** `key` says which list it is; another one is shown at once. */
export function useHeld(entries: readonly Entry[], key: string) {
  const [isAiming, setAiming] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shown = useRef({ key, entries });
  useEffect(() => () => clearTimeout(timer.current), []);
  const release = () => {
    clearTimeout(timer.current);
    setAiming(false);
  };
  const isHeld = isAiming && shown.current.key === key;
  const now = isHeld ? hold(shown.current.entries, entries) : entries;
  shown.current = { key, entries: now };
  const known = new Set(now.map(({ id }) => id));
  return {
    shown: now,
    /** How many rows would come or go. */
    pending: isHeld ? entries.filter(({ id }) => !known.has(id)).length : 0,
    release,
    aim: ({ pointerType }: PointerEvent) => {
      if (pointerType !== "mouse") return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setAiming(false), RESTS_MS);
      setAiming(true);
    },
  };
}

/** The same rows in the same order, with what they say now; what comes at the end may come. */
function hold(before: readonly Entry[], now: readonly Entry[]): Entry[] {
  const latest = new Map(now.map((one) => [one.id, one]));
  const kept = before.map((one) => latest.get(one.id) ?? one);
  const known = new Set(before.map(({ id }) => id));
  const last = now.findLastIndex(({ id }) => known.has(id));
  return [...kept, ...now.slice(last + 1).filter(({ id }) => !known.has(id))];
}
