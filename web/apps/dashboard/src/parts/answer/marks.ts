/** Where the marks of a block stand in its texts. */

export type Marks = { marked?: readonly string[]; unsupported?: readonly string[] };
export type Span = { said: string; kind: "" | "marked" | "unsupported" };

/** For each text the marks that stand in it: each in the first text equal to it, else in the first that has it. */
export function shared(texts: readonly string[], { marked = [], unsupported = [] }: Marks): Required<Marks>[] {
  const [ours, theirs] = [placed(texts, marked), placed(texts, unsupported)];
  return texts.map((_, place) => ({ marked: ours[place] ?? [], unsupported: theirs[place] ?? [] }));
}

/** The same for a table's cells; a mark may also be a whole row, which is marked as one. */
export function sharedInRows(rows: readonly string[][], marks: Marks): { isMarked: boolean; cells: Required<Marks>[] }[] {
  const names = rows.map((row) => row.join(" | "));
  const { marked = [] } = marks;
  const parts = shared(rows.flat(), { ...marks, marked: marked.filter((part) => !names.includes(part)) });
  // Of equal rows the first is meant.
  const whole = new Set(marked.map((part) => names.indexOf(part)));
  return rows.map((row, place) => ({ isMarked: whole.has(place), cells: parts.splice(0, row.length) }));
}

function placed(texts: readonly string[], parts: readonly string[]): string[][] {
  const found: string[][] = texts.map(() => []);
  for (const part of parts.filter((one) => one.trim())) {
    const equal = texts.indexOf(part);
    found[equal < 0 ? texts.findIndex((text) => text.includes(part)) : equal]?.push(part);
  }
  return found;
}

/** A text in pieces, each mark at the first place where its text stands. */
export function spans(text: string, { marked = [], unsupported = [] }: Marks): Span[] {
  const places = [
    ...unsupported.map((said) => ({ said, kind: "unsupported" as const, start: text.indexOf(said) })),
    ...marked.map((said) => ({ said, kind: "marked" as const, start: text.indexOf(said) })),
  ];
  const found = places.filter(({ start, said }) => start >= 0 && said).sort((one, other) => one.start - other.start);
  const made: Span[] = [];
  let at = 0;
  for (const { said, kind, start } of found) {
    if (start < at) continue;
    if (start > at) made.push({ said: text.slice(at, start), kind: "" });
    made.push({ said, kind });
    at = start + said.length;
  }
  if (at < text.length) made.push({ said: text.slice(at), kind: "" });
  return made;
}
