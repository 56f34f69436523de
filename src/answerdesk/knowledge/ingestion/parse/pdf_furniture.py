"""What stands on a PDF's pages beside its text: running titles and page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from answerdesk.knowledge.ingestion.parse.pdf_headings import body_size
from answerdesk.knowledge.ingestion.parse.pdf_lines import Line, Page

_BAND: Final = 0.12
"""Share of a page's height, at its top and at its foot, in which furniture stands."""
_DEEPEST: Final = 3
"""Lines at the top, and at the foot, that may be furniture."""
_FEWEST_PAGES: Final = 3
_HEADING: Final = 1.15
"""A line so many times larger than the text is no running title, unless it says just the same."""
_MOST_PAGES_SHARE: Final = 0.5
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:page|seite|p\.|s\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|sur|de|di)\s*\d{1,4})?[-–—\s]*",
    re.IGNORECASE,
)


def without_furniture(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the lines of each page without those that repeat on its neighbours.

    A line at a page's edge is furniture if it says the same, numbers apart, at the same height on
    several pages, and most pages have a line there; or if it is a page number that counts on.
    """
    kept = [list(page.lines) for page in pages]
    if len(pages) < _FEWEST_PAGES:
        return kept
    for at_top in (True, False):
        for _ in range(_DEEPEST):
            if not _drop_outermost(pages, kept, at_top=at_top):
                break
    return kept


def _drop_outermost(pages: Sequence[Page], kept: list[list[Line]], *, at_top: bool) -> bool:
    """Drop the pages' outermost lines where they are furniture; True if there were any."""
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


def _edge(page: Page, lines: Sequence[Line], *, at_top: bool) -> Line | None:
    if not lines:
        return None
    if at_top:
        line = max(lines, key=lambda one: one.base)
        return line if line.base >= page.height * (1 - _BAND) else None
    line = min(lines, key=lambda one: one.base)
    return line if line.base <= page.height * _BAND else None


def _around(line: Line) -> tuple[int, ...]:
    """Return a height's step and those beside it: the same place may round either way."""
    step = round(line.base / 3)
    return (step - 1, step, step + 1)


def _said(line: Line, text_size: float) -> Iterator[tuple[str, int]]:
    key = _key(line, text_size)
    return ((key, height) for height in _around(line))


def _key(line: Line, text_size: float) -> str:
    """Return what a line says without its numbers, which tell headings ("Step 3") apart."""
    text = line.text.casefold()
    return text if line.size > text_size * _HEADING else _DIGITS.sub("#", text)


def _counting(edges: dict[int, Line]) -> set[int]:
    """Return the pages whose outermost line is a page number: one more than on the page before."""
    numbers = {
        index: int(found[-1])
        for index, line in edges.items()
        if _NUMBER.fullmatch(line.text) and (found := _DIGITS.findall(line.text)[:1])
    }
    steps = [
        (one, other)
        for one, other in pairwise(sorted(numbers))
        if other - one == numbers[other] - numbers[one]
    ]
    return {index for step in steps for index in step} if len(steps) + 1 >= _FEWEST_PAGES else set()
