"""PDFs: reassembles their lines into headings, paragraphs, lists and code."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from answerdesk.knowledge.ingestion.parse.outline import Outline, is_title
from answerdesk.knowledge.ingestion.parse.pdf_headings import (
    Headings,
    body_size,
    headings_of,
    same_heading,
)
from answerdesk.knowledge.ingestion.parse.pdf_layout import (
    SENTENCE_END,
    TICKS,
    Heading,
    Kind,
    Layout,
    Part,
    Run,
    is_bullet,
    is_item,
    leading_of,
)
from answerdesk.knowledge.ingestion.parse.pdf_letters import SOFT_HYPHEN
from answerdesk.knowledge.ingestion.parse.pdf_lines import Line, PdfPage, read_pdf

_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]")
_BESIDE: Final = 60.0
"""Maximum points between a marker and its item."""


def with_markers(lines: Sequence[Line]) -> list[Line]:
    """Return a page's lines with each list marker joined to its item.

    Some programs draw all markers of a page after its text. Bullets without an item are dropped,
    apart from ticks.
    """
    markers: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if is_bullet(line.text) or _NUMBER.fullmatch(line.text):
            markers[round(line.base)].append(line)
    if not markers:
        return list(lines)
    found: list[Line] = []
    used: set[int] = set()
    for line in lines:
        step = round(line.base)
        nearby = [one for at in (step - 1, step, step + 1) for one in markers.get(at, ())]
        before = [one for one in nearby if one is not line and 0 < line.left - one.left <= _BESIDE]
        if before and not any(one is line for one in nearby):
            marker = max(before, key=lambda one: one.left)
            used.add(id(marker))
            line = replace(line, text=f"{marker.text} {line.text}", left=marker.left)  # noqa: PLW2901
        found.append(line)
    return [
        one
        for one in found
        if id(one) not in used and (one.text in TICKS or not is_bullet(one.text))
    ]


_BAND: Final = 0.12
"""Share of a page's height, at its top and bottom, in which furniture can be."""
_DEEPEST: Final = 3
"""Maximum lines of furniture at the top and at the bottom."""
_FEWEST_PAGES: Final = 3
_HEADING: Final = 1.15
"""A line this many times larger than the text is no running title unless it repeats exactly."""
_MOST_PAGES_SHARE: Final = 0.5
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:page|seite|p\.|s\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|sur|de|di)\s*\d{1,4})?[-–—\s]*",
    re.IGNORECASE,
)


def without_furniture(pages: Sequence[PdfPage]) -> list[list[Line]]:
    """Return the lines of each page without its furniture.

    A line at a page's edge is furniture if it repeats, apart from numbers, at the same height on
    several pages, and most pages have a line there; or if it is a page number that counts up.
    """
    kept = [list(page.lines) for page in pages]
    if len(pages) < _FEWEST_PAGES:
        return kept
    for at_top in (True, False):
        for _ in range(_DEEPEST):
            if not _drop_outermost(pages, kept, at_top=at_top):
                break
    return kept


def _drop_outermost(pages: Sequence[PdfPage], kept: list[list[Line]], *, at_top: bool) -> bool:
    """Drop the pages' outermost lines that are furniture; return whether there were any."""
    edges = {
        index: line
        for index, (page, lines) in enumerate(zip(pages, kept, strict=True))
        if (line := _edge(page, lines, at_top=at_top)) is not None
    }
    filled = sum(1 for lines in kept if lines)
    text_size = body_size(line for lines in kept for line in lines)
    heights = Counter(height for line in edges.values() for height in _around(line))
    repeated = Counter(said for line in edges.values() for said in _said(line, text_size))
    counting = _counting(edges)
    gone = [
        index
        for index, line in edges.items()
        if index in counting
        or (
            heights[round(line.base / 3)] >= _MOST_PAGES_SHARE * filled
            and repeated[_key(line, text_size), round(line.base / 3)] >= _FEWEST_PAGES
        )
    ]
    for index in gone:
        kept[index].remove(edges[index])
    return bool(gone)


def _edge(page: PdfPage, lines: Sequence[Line], *, at_top: bool) -> Line | None:
    if not lines:
        return None
    if at_top:
        line = max(lines, key=lambda one: one.base)
        return line if line.base >= page.height * (1 - _BAND) else None
    line = min(lines, key=lambda one: one.base)
    return line if line.base <= page.height * _BAND else None


def _around(line: Line) -> tuple[int, ...]:
    """Return a height's step and both neighbours: the same height may round either way."""
    step = round(line.base / 3)
    return (step - 1, step, step + 1)


def _said(line: Line, text_size: float) -> Iterator[tuple[str, int]]:
    key = _key(line, text_size)
    return ((key, height) for height in _around(line))


def _key(line: Line, text_size: float) -> str:
    """Return a line's text without numbers; a heading keeps its own ("Step 3" isn't "Step 4")."""
    text = line.text.casefold()
    return text if line.size > text_size * _HEADING else _DIGITS.sub("#", text)


def _counting(edges: dict[int, Line]) -> set[int]:
    """Return the pages whose outermost line is a page number that counts up."""
    numbers = {
        index: int(found[-1])
        for index, line in edges.items()
        if _PAGE_NUMBER.fullmatch(line.text) and (found := _DIGITS.findall(line.text)[:1])
    }
    steps = [
        (one, other)
        for one, other in pairwise(sorted(numbers))
        if other - one == numbers[other] - numbers[one]
    ]
    return {index for step in steps for index in step} if len(steps) + 1 >= _FEWEST_PAGES else set()


_CONTENTS = re.compile(r"(?:(?<![. ])[. ]{2,}\.|(?<!…)…{2,})\s*(?:\d{1,4}|[ivxlc]{1,6})$")
_LONGEST_LEADER: Final = 200
_ITEMS_APART: Final = 3.0
_MOST_NOTES: Final = 10


def parse_pdf(content: bytes, name: str) -> Outline:
    """Return the outline of a PDF's text layer; each block's anchor is its page ("page=3").

    Raises UnreadableDocument if the PDF is encrypted, damaged, or has no text layer.
    """
    text = read_pdf(content, name)
    pages = [with_markers(lines) for lines in without_furniture(text.pages)]
    leading = leading_of(pages)
    headings = headings_of(pages, text.bookmarks)
    parts: list[Part] = []
    for index, lines in enumerate(pages):
        for number, part in enumerate(_parts(lines, index, headings, leading)):
            before = _broken_off(parts, part) if number == 0 else None
            if before is not None and isinstance(part, Run):
                before.lines.extend(part.lines)
            else:
                parts.append(part)
    outline = Outline(text.title if is_title(text.title) else _first_title(pages))
    layout = Layout(pages)
    for part in parts:
        layout.put(outline, part)
    return outline


def _parts(lines: Sequence[Line], page: int, headings: Headings, leading: float) -> Iterator[Part]:
    run: Run | None = None
    skip = 0
    for index, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        heading = headings.get((page, index))
        if heading is not None or _is_of_contents(line.text):
            if run is not None:
                yield run
                run = None
            if heading is not None:
                yield Heading(heading[0], heading[1], page + 1)
                skip = heading[2] - 1
        elif run is not None and _belongs(run, line, leading):
            run.lines.append(line)
        else:
            if run is not None:
                yield run
            run = Run(_kind_of(line), [line])
    if run is not None:
        yield run


def _is_of_contents(text: str) -> bool:
    dotted = ".." in text or ". ." in text or "…" in text
    return dotted and bool(_CONTENTS.search(text[-_LONGEST_LEADER:]))


def _kind_of(line: Line) -> Kind:
    if line.mono:
        return "code"
    return "list" if is_item(line, None) else "paragraph"


def _belongs(run: Run, line: Line, leading: float) -> bool:
    """Say whether a line continues the run."""
    last = run.lines[-1]
    down = last.base - line.base
    if (run.kind == "code") != line.mono or abs(last.size - line.size) > 1 + 0.1 * last.size:
        return False
    if down < -last.size:
        # Higher on the page: the next column.
        return run.kind == "paragraph" and _is_unfinished(run, line)
    if run.kind == "list":
        item = next(one for one in reversed(run.lines) if is_item(one, None))
        if is_item(line, last):
            return down <= _ITEMS_APART * line.size
        return line.left > item.left + 2 and down <= leading * max(last.size, line.size)
    if run.kind == "code":
        return down <= _ITEMS_APART * line.size
    return down <= leading * max(last.size, line.size) and not is_item(line, last)


def _broken_off(parts: Sequence[Part], part: Part) -> Run | None:
    """Return the run of the previous page that a page's first run continues.

    Footnotes, which are smaller, may stand between the two.
    """
    if not isinstance(part, Run):
        return None
    page = part.lines[0].page
    for one in reversed(parts[-_MOST_NOTES:]):
        if isinstance(one, Heading) or one.lines[-1].page != page - 1:
            return None
        if one.kind == part.kind == "code":
            return None
        if abs(one.lines[-1].size - part.lines[0].size) <= 0.5:
            return one if part.kind == "paragraph" and _is_unfinished(one, part.lines[0]) else None
    return None


def _is_unfinished(run: Run, following: Line) -> bool:
    """Say whether the run's last sentence continues in the line."""
    last = run.lines[-1].text
    if run.kind == "code" or last.endswith(SENTENCE_END):
        return False
    return following.text[:1].islower() or last.endswith(("-", SOFT_HYPHEN, ","))


def _first_title(pages: Sequence[Sequence[Line]]) -> str | None:
    """Return the largest text of the first page if it is clearly larger than the rest."""
    lines = [line for line in (pages[0] if pages else ()) if not (line.mono or line.vertical)]
    if not lines:
        return None
    largest = max(line.size for line in lines)
    body = sorted(line.size for page in pages for line in page)
    if largest < body[len(body) // 2] * 1.3:
        return None
    first = next(index for index, line in enumerate(lines) if line.size == largest)
    title = [lines[first]]
    for line in lines[first + 1 : first + 3]:
        if not same_heading(title[-1], line):
            break
        title.append(line)
    text = " ".join(line.text for line in title)
    return text if is_title(text) else None
