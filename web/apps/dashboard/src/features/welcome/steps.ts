/** The first steps, which can be left, skipped and come back to: the address says where one is. */

export const STEPS = ["knowledge", "try", "tag"] as const;
export type Step = (typeof STEPS)[number];
/** Without a project there is none yet: the first step creates it. */
export type WelcomeSearch = { project?: string; step?: Step };

export function readSearch({ project, step }: Record<string, unknown>): WelcomeSearch {
  // What is left out here would stay as it was given.
  if (typeof project !== "string" || !project) return { project: undefined, step: undefined };
  return { project, step: STEPS.find((one) => one === step) };
}

/** An address as people write it, with its beginning; null if it can be none. */
export function addressOf(typed: string): string | null {
  const said = typed.trim();
  if (!said || /\s/.test(said)) return null;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(said) ? said : `https://${said}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  const isName = url.hostname.includes(".") || url.hostname === "localhost" || url.hostname.startsWith("[");
  return (url.protocol === "http:" || url.protocol === "https:") && isName ? url.href : null;
}

/** What a project is called after its website: "bakery.example" for https://www.bakery.example/. */
export function nameOf(address: string | null): string {
  return address && URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, "") : "";
}
