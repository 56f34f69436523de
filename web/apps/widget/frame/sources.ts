/** The numbered sources of an answer, and which of its blocks each of them supports. */
import { type Block, isPassage, saidFrom, type Source, sourceAddress } from "@answerdesk/api";

export interface Reference {
  number: number;
  title: string;
  /** Where it is: the website, and the headings above. */
  path: string;
  href: string;
}

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
    const made = reference(source, url, known.size + 1, saidFrom(place, source.quote, blocks), here);
    const one = known.get(key) ?? made;
    known.set(key, one);
    return one;
  });
  const told = blocks.map((block) => (typeof block.source === "number" ? (all[block.source] ?? null) : null));
  const marks = told.map((one, place) => (one === told[place + 1] ? null : one));
  return { listed: [...known.values()], marks };
}

function reference(source: Source, url: URL, number: number, said: string, here: string): Reference {
  // The title has the section's own heading; those above it tell more.
  const above = source.heading_path.slice(0, -1);
  return {
    number,
    title: source.title || url.host,
    path: (isPassage(url) ? above : [url.host, ...above]).join(" › "),
    href: sourceAddress(url, said, here),
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
