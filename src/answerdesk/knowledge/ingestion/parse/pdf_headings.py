"""Finds a PDF's headings: by its outline, otherwise by font size and weight."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.pdf_lines import Bookmark, Line

Place = tuple[int, int]
"""A line: the index of its page, and its index on that page."""
Headings = Mapping[Place, tuple[int, str, int]]
"""Where headings begin, with each one's level, text and number of lines."""

_LONGEST: Final = 120
_MOST_LINES: Final = 3
_LARGER: Final = 1.15
_MOST_LEVELS: Final = 4
_MOST_OF_TEXT: Final = 0.2
"""Headings are a small part of a text; if there are more, the style means something else."""
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"(?:\d+\.)*\d+\.?|[A-Z]\.|[IVX]+\.")
_BEGINS_NUMBERED = re.compile(r"\d+\.\s|\d+(?:\.\d+)+\s")
_ENDS_SENTENCE: Final = (".", ",", ";", ":", "!", "…")
_FEWEST_MATCHED: Final = 0.5
"""If fewer entries of an outline are found, it belongs to another text, such as a poor scan."""


def headings_of(pages: Sequence[Sequence[Line]], bookmarks: Sequence[Bookmark]) -> Headings:
    """Return the headings that the PDF's outline names, otherwise lines that look like headings."""
    by_outline, wanted = _by_outline(pages, bookmarks)
    if wanted >= _MOST_LINES and len(by_outline) >= _FEWEST_MATCHED * wanted:
        return by_outline
    return _by_size(pages)


def body_size(lines: Iterable[Line]) -> float:
    """Return the font size of most of the text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if not line.mono:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _by_outline(
    pages: Sequence[Sequence[Line]], bookmarks: Sequence[Bookmark]
) -> tuple[dict[Place, tuple[int, str, int]], int]:
    found: dict[Place, tuple[int, str, int]] = {}
    wanted = 0
    for mark in bookmarks:
        if mark.page is None or not 1 <= mark.page <= len(pages):
            continue
        wanted += 1
        page = mark.page - 1
        place = _find(pages[page], _plain(mark.title), found, page)
        if place is not None:
            start, count = place
            text = " ".join(line.text for line in pages[page][start : start + count])
            found[page, start] = (mark.level, text, count)
    return found, wanted


def _find(
    lines: Sequence[Line], title: str, taken: Mapping[Place, object], page: int
) -> tuple[int, int] | None:
    """Return where the lines match the title, and how many lines it takes."""
    if not title:
        return None
    for start, line in enumerate(lines):
        text = _plain(line.text)
        if (page, start) in taken or not text:
            continue
        for count in range(1, _MOST_LINES + 1):
            if _is_title(text, title):
                return start, count
            if start + count >= len(lines) or not _goes_on(text, title):
                break
            text += _plain(lines[start + count].text)
    return None


def _goes_on(text: str, title: str) -> bool:
    return title.startswith(text) or _without_number(text) in title or text in title


def _is_title(text: str, title: str) -> bool:
    """Compare letters and digits, and ignore a number that only one of them has."""
    return text == title or _without_number(text) == _without_number(title)


def _without_number(text: str) -> str:
    return re.sub(r"^(?:chapter|kapitel|appendix|section)?[\d]{1,6}", "", text) or text


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _by_size(pages: Sequence[Sequence[Line]]) -> dict[Place, tuple[int, str, int]]:
    """Find lines that are clearly larger than the text, or bold and alone on their line."""
    every = [line for lines in pages for line in lines]
    body = body_size(every)
    runs = list(_runs(pages, body))
    total = sum(len(line.text) for line in every)
    if sum(len(text) for _, _, text, _ in runs) > _MOST_OF_TEXT * total:
        runs = [run for run in runs if run[3] > 0]
    if sum(len(text) for _, _, text, _ in runs) > _MOST_OF_TEXT * total:
        return {}
    sizes = sorted({size for _, _, _, size in runs if size}, reverse=True)
    levels: dict[float, int] = defaultdict(lambda: min(len(sizes), _MOST_LEVELS) + 1)
    levels |= {size: min(index, _MOST_LEVELS) for index, size in enumerate(sizes, start=1)}
    return {place: (levels[size], text, count) for place, count, text, size in runs}


def _runs(pages: Sequence[Sequence[Line]], body: float) -> Iterable[tuple[Place, int, str, float]]:
    """Yield lines of one style that may be a heading: place, number of lines, text and size.

    The size is 0 for lines that are bold but no larger than the text.
    """
    for page, lines in enumerate(pages):
        start = 0
        while start < len(lines):
            size = _stands_out(lines, start, body)
            count = 1
            if size is None:
                start += 1
                continue
            while (
                size > 0
                and start + count < len(lines)
                and same_heading(lines[start + count - 1], lines[start + count])
            ):
                count += 1
            text = " ".join(line.text for line in lines[start : start + count])
            if count <= _MOST_LINES and _reads_like_one(text, larger=size > 0):
                yield (page, start), count, text, size
            start += count


def _stands_out(lines: Sequence[Line], index: int, body: float) -> float | None:
    line = lines[index]
    if line.mono or line.vertical:
        return None
    if line.size >= body * _LARGER:
        return round(line.size * 2) / 2
    if not line.bold or line.size < body * 0.95:
        return None
    above = lines[index - 1] if index else None
    below = lines[index + 1] if index + 1 < len(lines) else None
    apart = above is None or not 0 <= above.base - line.base < line.size * 1.45
    # A bold line is a heading only if it stands apart from the line above and regular text follows.
    return 0.0 if apart and below is not None and not below.bold else None


def same_heading(line: Line, following: Line) -> bool:
    """Say whether a heading continues in the next line: same style, and no number."""
    return (
        abs(following.size - line.size) < 0.6
        and following.bold == line.bold
        and 0 < line.base - following.base < line.size * 1.6
        and not _BEGINS_NUMBERED.match(following.text)
    )


def _reads_like_one(text: str, *, larger: bool) -> bool:
    letters = sum(1 for one in text if one.isalpha())
    if letters < 2 or len(text) > (_LONGEST * 2 if larger else _LONGEST):
        return False
    return not text.endswith(_ENDS_SENTENCE) or bool(_NUMBERED.fullmatch(text))
