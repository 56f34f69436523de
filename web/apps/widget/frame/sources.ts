/** The numbered sources of an answer, and which of its blocks each of them supports. */
import type { Block, Source } from "@answerdesk/api";

export interface Reference {
  number: number;
  title: string;
  /** Where it is: the website, and the headings above. */
  path: string;
  href: string;
}

const OURS = /^\/passages\/proj_[0-9a-f]{32}\/psg_[0-9a-f]{32}$/;
/** The longest quote that is highlighted on a passage's page. */
const LONGEST_QUOTE = 400;

export interface References {
  listed: Reference[];
  /** For each block the reference to put at its end, if any. */
  marks: (Reference | null)[];
}

/** Number the sources: two passages of one place share a number, and no other address than of the web is linked. */
export function refer(sources: Source[], blocks: Block[], here: string): References {
  const known = new Map<string, Reference>();
  const all = sources.map((source, place) => {
    const url = webAddress(source.url, here);
    if (!url) return null;
    const key = JSON.stringify([url.href, source.heading_path]);
    const first = blocks.find((block) => block.source === place && block.type !== "heading");
    // A model's own words are no quotation; what it was given may be too long to highlight.
    const given = source.quote.length > LONGEST_QUOTE ? "" : source.quote;
    const made = reference(source, url, known.size + 1, first ? beginning(first) : given, here);
    const one = known.get(key) ?? made;
    known.set(key, one);
    return one;
  });
  const told = blocks.map((block) => (typeof block.source === "number" ? (all[block.source] ?? null) : null));
  const marks = told.map((one, place) => (one === told[place + 1] ? null : one));
  return { listed: [...known.values()], marks };
}

function reference(source: Source, url: URL, number: number, quote: string, here: string): Reference {
  const isOurs = OURS.test(url.pathname);
  // The title has the section's own heading; those above it tell more.
  const above = source.heading_path.slice(0, -1);
  return {
    number,
    title: source.title || url.host,
    path: (isOurs ? above : [url.host, ...above]).join(" › "),
    // Our own passages are on this server, whatever address it believes to have.
    href: isOurs ? here + url.pathname + quoting(quote) : url.href,
  };
}

/** An address that may be linked; null for any other. */
export function webAddress(address: string, here: string): URL | null {
  try {
    const url = new URL(address, here);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** The first marked words of a block, or its first. */
function beginning(block: Block): string {
  const marked = "marked" in block ? block.marked : [];
  if (block.type === "table") return block.header.join(" ");
  if (marked[0]) return marked[0];
  return block.type === "list" || block.type === "steps" ? (block.items[0] ?? "") : block.text;
}

/** Query and fragment that make a passage's page highlight the words. */
function quoting(said: string): string {
  // An ellipsis joins sentences that are apart in the passage; only the first is highlighted.
  const words = (said.split(" … ")[0] ?? "").replace(/\s+/g, " ").trim();
  if (!words) return "";
  const quote = words.length > LONGEST_QUOTE ? words.slice(0, words.lastIndexOf(" ", LONGEST_QUOTE)) : words;
  return `?${new URLSearchParams({ quote })}#quote`;
}
