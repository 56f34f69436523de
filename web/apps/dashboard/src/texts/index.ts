/**
 * Texts in the person's language. Each feature has its own in `texts.ts`:
 *
 *     export const texts = inLanguages({ en: { title: "Leads" }, de: { title: "Kontakte" } });
 *     const t = useTexts(texts);
 *
 * A text with a number or a name in it is a function. German has all that English has: the types
 * see to it.
 */
import { useSyncExternalStore } from "react";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

type Text = string | ((...parts: never[]) => string) | { readonly [key: string]: Text };
type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...parts: infer P) => string ? (...parts: P) => string : Same<T[K]> };

export function inLanguages<const T extends { readonly [key: string]: Text }>(texts: { en: T; de: Same<T> }): Record<Language, Same<T>> {
  return texts as unknown as Record<Language, Same<T>>;
}

const KEPT = "answerdesk:language";
const listeners = new Set<() => void>();
let current: Language = initial();

export const language = () => current;

export function speak(next: Language): void {
  current = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // It stays for as long as the page is open.
  }
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

export function useTexts<T>(texts: Record<Language, T>): T {
  return texts[useLanguage()];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function initial(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // The browser's language decides.
  }
  const wanted = kept ?? navigator.language.slice(0, 2);
  return wanted === "de" ? "de" : "en";
}
