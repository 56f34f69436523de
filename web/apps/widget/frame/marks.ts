/** Where the marked parts of a block stand in its texts. */

/** A half-open range of a text's characters. */
export type Span = [start: number, end: number];

/** For each text its spans, in order and apart: a part is in the first text equal to it, else in the first that has it. */
export function placesOf(texts: string[], marked: string[]): Span[][] {
  const found: Span[][] = texts.map(() => []);
  for (const part of marked.filter((one) => one.trim())) {
    const equal = texts.indexOf(part);
    const place = equal < 0 ? texts.findIndex((text) => text.includes(part)) : equal;
    const start = texts[place]?.indexOf(part) ?? -1;
    if (start >= 0) found[place]?.push([start, start + part.length]);
  }
  return found.map(apart);
}

/** The same for a table's cells, where a part may also be a whole row: its cells joined with " | ". */
export function placesInRows(rows: string[][], marked: string[]): Span[][][] {
  const names = rows.map((row) => row.join(" | "));
  const whole = new Set(marked.map((part) => names.indexOf(part)));
  const cells = placesOf(
    rows.flat(),
    marked.filter((part) => !names.includes(part)),
  );
  return rows.map((row, place) => {
    const own = cells.splice(0, row.length);
    return whole.has(place) ? row.map((cell): Span[] => [[0, cell.length]]) : own;
  });
}

function apart(spans: Span[]): Span[] {
  const kept: Span[] = [];
  for (const [start, end] of spans.sort((one, other) => one[0] - other[0])) {
    const last = kept.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else kept.push([start, end]);
  }
  return kept;
}
