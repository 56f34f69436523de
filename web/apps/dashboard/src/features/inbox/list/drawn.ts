/**
 * Which rows of the list are drawn: those near what is seen, and those that have to stay.
 *
 * Drawn rows stand in the page as they are, whatever their height; the first behind a gap has the
 * gap's height as its margin. What is seen keeps its place when rows above it come or go.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** The height of rows before any was drawn. */
const USUAL = 86;
/** How many rows are drawn before it is known how many are seen. */
const AT_FIRST = 24;
/** How many rows are drawn beyond those that are seen, and how many of them have to be left. */
const BEYOND = 12;
const LEFT = 4;

export type Drawn = {
  index: number;
  /** The height of what is not drawn before it and, if it is the last, behind it. */
  before: number;
  after: number;
};

type Span = { key: string; first: number; last: number };

type Given = {
  box: RefObject<HTMLElement | null>;
  list: RefObject<HTMLElement | null>;
  ids: readonly string[];
  /** Which list it is; another one is shown from its beginning. */
  key: string;
  /** A row that stays wherever it is. */
  stays: string | undefined;
};

/** `reveal` has a row drawn that may be anywhere. */
export function useDrawn({ box, list, ids, key, stays }: Given): { drawn: Drawn[]; reveal: (id: string) => void } {
  const heights = useRef(new Heights()).current;
  const [given, setSpan] = useState<Span>(beginning(key));
  const [revealed, reveal] = useState("");
  const span = given.key === key ? given : beginning(key);
  const seen = useRef<Seen>({ key, rows: new Map() });

  /** The rows that have to be drawn, if others are. */
  const wanted = (): Span | undefined => {
    if (!box.current?.clientHeight || !list.current) return undefined;
    const top = box.current.scrollTop - list.current.offsetTop;
    const { first, last } = heights.between(ids, top, top + box.current.clientHeight);
    if (span.first <= Math.max(0, first - LEFT) && Math.min(ids.length - 1, last + LEFT) <= span.last) return undefined;
    return { key, first: Math.max(0, first - BEYOND), last: last + BEYOND };
  };
  const note = () => {
    seen.current = { key, rows: inSight(box.current, list.current) };
  };
  const scrolled = () => {
    note();
    const next = wanted();
    // At once: whoever jumps would see a gap until the next frame.
    if (next) flushSync(() => setSpan(next));
  };
  const latest = useRef(scrolled);
  useLayoutEffect(() => {
    latest.current = scrolled;
    if (seen.current.key === key) keepInPlace(box.current, seen.current.rows);
    else box.current?.scrollTo({ top: 0 });
    note();
    heights.measure(list.current);
    const next = wanted();
    if (next) setSpan(next);
  });
  useEffect(() => {
    const here = box.current;
    if (!here) return;
    const scroll = () => latest.current();
    const resized = new ResizeObserver(() => {
      heights.fit(here.clientWidth, list.current);
      // Drawn again in any case: the gaps have the heights of before.
      setSpan((before) => ({ ...before }));
    });
    here.addEventListener("scroll", scroll, { passive: true });
    resized.observe(here);
    return () => {
      here.removeEventListener("scroll", scroll);
      resized.disconnect();
    };
  }, [box, list, heights]);

  // What is in sight stays for its place to be kept, and who has the focus keeps it.
  const focused = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row;
  const inPlace = seen.current.key === key ? seen.current.rows.keys() : [];
  return {
    drawn: heights.around(ids, span, new Set([focused, revealed, stays, ...inPlace])),
    reveal: (id) => flushSync(() => reveal(id)),
  };
}

const beginning = (key: string): Span => ({ key, first: 0, last: AT_FIRST });

/** The rows in sight of one list, and where they stand in it. */
type Seen = { key: string; rows: ReadonlyMap<string, number> };

const rowsOf = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];

function inSight(box: HTMLElement | null, list: HTMLElement | null): Seen["rows"] {
  if (!box?.clientHeight) return new Map();
  const top = box.scrollTop;
  const bottom = top + box.clientHeight;
  const rows = rowsOf(list).filter((one) => one.offsetTop < bottom && one.offsetTop + one.offsetHeight > top);
  return new Map(rows.map((one) => [one.dataset.row ?? "", one.offsetTop]));
}

/** Scroll as far as most of what was in sight has moved. At the very top, what is new is to be seen. */
function keepInPlace(box: HTMLElement | null, rows: Seen["rows"]): void {
  if (!box?.clientHeight || box.scrollTop === 0) return;
  const moves = rowsOf(box).flatMap((one) => {
    const at = rows.get(one.dataset.row ?? "");
    return at === undefined ? [] : [one.offsetTop - at];
  });
  const most = moves.sort((one, other) => one - other)[Math.floor(moves.length / 2)];
  if (most) box.scrollTop += most;
}

/** How high the rows are that were drawn once, and where that puts the others. */
class Heights {
  private readonly known = new Map<string, number>();
  private usual = USUAL;
  private width = 0;

  /** Rows of another width have other heights. */
  fit(width: number, list: HTMLElement | null): void {
    if (width === 0 || width === this.width) return;
    this.width = width;
    this.known.clear();
    this.measure(list);
  }

  measure(list: HTMLElement | null): void {
    const rows = rowsOf(list);
    const sizes = rows.map((row) => row.getBoundingClientRect().height);
    // Where the list is not shown, as on a phone behind a conversation, rows have no height.
    if (!sizes[0]) return;
    if (this.known.size === 0) this.usual = sizes.reduce((sum, one) => sum + one, 0) / sizes.length;
    rows.forEach((row, place) => this.known.set(row.dataset.row ?? "", sizes[place] ?? this.usual));
  }

  /** The first and last row that are in sight from `top` to `bottom`. */
  between(ids: readonly string[], top: number, bottom: number): { first: number; last: number } {
    let end = 0;
    let first = -1;
    for (const [place, id] of ids.entries()) {
      end += this.of(id);
      if (first < 0 && end > top) first = place;
      if (end >= bottom) return { first: Math.max(0, first), last: place };
    }
    const last = Math.max(0, ids.length - 1);
    return { first: first < 0 ? last : first, last };
  }

  around(ids: readonly string[], { first, last }: Span, kept: ReadonlySet<string | undefined>): Drawn[] {
    const drawn: Drawn[] = [];
    let gap = 0;
    for (const [index, id] of ids.entries()) {
      if ((first <= index && index <= last) || kept.has(id)) {
        drawn.push({ index, before: gap, after: 0 });
        gap = 0;
      } else gap += this.of(id);
    }
    const end = drawn.at(-1);
    if (end) end.after = gap;
    return drawn;
  }

  private of(id: string): number {
    return this.known.get(id) ?? this.usual;
  }
}
