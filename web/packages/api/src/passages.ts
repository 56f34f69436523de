/** Where a source is opened: the server's own page of a passage marks what an answer took from it. */

/** A block of an answer, as far as it is quoted. */
export interface Said {
  type: string;
  source?: number | null;
  text?: string;
  items?: readonly string[];
  header?: readonly string[];
  marked?: readonly string[];
}

const OURS = /^\/passages\/proj_[0-9a-f]{32}\/psg_[0-9a-f]{32}$/;
/** The longest quote that is marked there. */
const LONGEST_QUOTE = 400;

export const isPassage = ({ pathname }: URL): boolean => OURS.test(pathname);

/** What an answer says from its source at `place`, whose passage is `quote`. */
export function saidFrom(place: number, quote: string, blocks: readonly Said[]): string {
  const first = blocks.find((block) => block.source === place && block.type !== "heading");
  // A model's own words are no quotation; what it was given may be too long to mark.
  return first ? beginning(first) : quote.length > LONGEST_QUOTE ? "" : quote;
}

/** The address of a source, where `said` is marked if it is a passage of ours: those are on the server `here`, whatever address it believes to have. */
export const sourceAddress = (url: URL, said: string, here: string): string =>
  isPassage(url) ? here + url.pathname + quoting(said) : url.href;

/** The first marked words of a block, or its first. */
function beginning({ type, text = "", items = [], header = [], marked = [] }: Said): string {
  if (type === "table") return header.join(" ");
  return marked[0] || (type === "list" || type === "steps" ? (items[0] ?? "") : text);
}

/** Query and fragment that have the page mark the words and scroll there. */
function quoting(said: string): string {
  // An ellipsis joins sentences that are apart in the passage; only the first is marked.
  const words = (said.split(" … ")[0] ?? "").replace(/\s+/g, " ").trim();
  if (!words) return "";
  const quote = words.length > LONGEST_QUOTE ? words.slice(0, words.lastIndexOf(" ", LONGEST_QUOTE)) : words;
  return `?${new URLSearchParams({ quote })}#quote`;
}
