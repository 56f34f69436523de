/** Typed text that survives a failed request, a reload and a log-in, in this tab. */
import { useRef, useState } from "react";

/** The state of a form, kept under a name until `forget` is called. */
export function useKept<T extends object>(name: string, initial: T) {
  const key = `answerdesk.draft:${name}`;
  const [given, setGiven] = useState<T>(() => ({ ...initial, ...readKept(key) }));
  const change = (part: Partial<T>) =>
    setGiven((before) => {
      const next = { ...before, ...part };
      keep(key, next);
      return next;
    });
  const forget = () => {
    setGiven(initial);
    keep(key, null);
  };
  return { given, change, forget };
}

/**
 * An idempotency key for what a form sends. It stays the same while the content does, because a
 * request without an answer may have been done; call `answered` after any answer.
 */
export function useOnce() {
  const sent = useRef({ content: "", key: "" });
  return {
    keyFor: (content: object) => {
      const written = JSON.stringify(content);
      if (sent.current.content !== written) sent.current = { content: written, key: newKey() };
      return sent.current.key;
    },
    answered: () => {
      sent.current = { content: "", key: "" };
    },
  };
}

function newKey(): string {
  // Not `randomUUID`, which exists only behind https.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What this tab has kept under a key; empty if nothing, or if the browser stores nothing. */
export function readKept(key: string): object {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Keep a value in this tab; null forgets it. */
export function keep(key: string, value: object | null): void {
  try {
    if (value) sessionStorage.setItem(key, JSON.stringify(value));
    else sessionStorage.removeItem(key);
  } catch {
    // Then it lives as long as the page.
  }
}
