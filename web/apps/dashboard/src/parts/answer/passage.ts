/** Where a source is opened: our own page of a passage marks what an answer took from it. */
import type { Schemas } from "../../api/client.ts";
import { harmless } from "../outside.tsx";

export type Block = Schemas["RecordedMessageOut"]["blocks"][number];
export type Source = Schemas["CitedSource"];

const OURS = /^\/passages\/proj_[0-9a-f]{32}\/psg_[0-9a-f]{32}$/;
/** The longest quote that is marked there. */
const MARKED = 400;

/** The address to link, null if it must not be. `said` is what the answer says from the source. */
export function addressOf(source: Source, said: string): string | null {
  const href = harmless(source.url);
  if (href === null) return null;
  const { pathname } = new URL(href);
  // On this page's origin, even if the server's public address is another one.
  return OURS.test(pathname) ? location.origin + pathname + quoting(said) : href;
}

/** For each source what is marked on its page: what the answer took from it. */
export function saidFrom(sources: readonly Source[], blocks: readonly Block[] = []): string[] {
  return sources.map(({ quote }, place) => {
    const first = blocks.find((block) => block.source === place && block.type !== "heading");
    // A model's own words are no quotation; its input may be the whole passage, too long to mark.
    return first ? beginning(first) : quote.length > MARKED ? "" : quote;
  });
}

/** Its first marked words, or its first. */
function beginning(block: Block): string {
  if (block.type === "table") return block.header.join(" ");
  if (block.type !== "code" && block.type !== "heading" && block.marked?.[0]) return block.marked[0];
  return block.type === "list" || block.type === "steps" ? (block.items[0] ?? "") : block.text;
}

/** Query and fragment that have the page mark it and scroll there. */
function quoting(said: string): string {
  // An ellipsis joins sentences that are apart in the passage; only the first is marked.
  const words = (said.split(" … ")[0] ?? "").replace(/\s+/g, " ").trim();
  if (!words) return "";
  const quote = words.length > MARKED ? words.slice(0, words.lastIndexOf(" ", MARKED)) : words;
  return `?${new URLSearchParams({ quote })}#quote`;
}
