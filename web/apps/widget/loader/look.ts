/** How the launcher looks and what it says, which the server tells. */
import type { Tag } from "./tag.ts";

export interface Look {
  label: string;
  /** The label while messages are unread; `{count}` stands for how many. */
  unread?: string;
  /** Shown when the chat does not open. */
  unavailable?: string;
  color: string;
  ink: string;
  gradient?: { color: string; at: number }[];
  position: string;
  sharesSubdomains?: boolean;
}

/** Why there is no chat on this page. */
export interface Refusal {
  refused: string;
}

/**
 * Fetch the look. It is a module, because a page that restricts what it connects to (`connect-src`)
 * still lets scripts of ours in. `again` asks the server and not the browser's cache.
 */
export async function fetchLook(tag: Tag, again = false): Promise<Look | Refusal> {
  const query = `${tag.query}&origin=${encodeURIComponent(location.origin)}${again ? `&at=${Date.now()}` : ""}`;
  const told: { default: Look | Refusal } = await import(/* @vite-ignore */ `${tag.desk}/embed/look.js?${query}`);
  return told.default;
}

/** The launcher's ground. */
export function groundOf({ color, gradient }: Look): string {
  if (!gradient?.length) return color;
  return `linear-gradient(135deg, ${gradient.map((one) => `${one.color} ${one.at}%`).join(", ")})`;
}
