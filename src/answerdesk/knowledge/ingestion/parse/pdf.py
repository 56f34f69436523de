"""PDFs: their lines put together again to headings, paragraphs, lists and code."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.pdf_furniture import without_furniture
from answerdesk.knowledge.ingestion.parse.pdf_headings import Headings, headings_of, same_heading
from answerdesk.knowledge.ingestion.parse.pdf_layout import (
    SENTENCE_END,
    Heading,
    Kind,
    Layout,
    Part,
    Run,
    is_item,
    leading_of,
)
from answerdesk.knowledge.ingestion.parse.pdf_lines import SOFT_HYPHEN, Line, read_pdf
from answerdesk.knowledge.ingestion.parse.pdf_markers import with_markers
from answerdesk.knowledge.ingestion.parse.titles import is_title

_CONTENTS = re.compile(r"(?:(?<![. ])[. ]{2,}\.|(?<!…)…{2,})\s*(?:\d{1,4}|[ivxlc]{1,6})$")
_LONGEST_LEADER: Final = 200
_ITEMS_APART: Final = 3.0
_MOST_NOTES: Final = 10


def parse_pdf(content: bytes, name: str) -> Outline:
    """Return the outline of a PDF's text layer; each block's anchor is its page ("page=3").

    Raises UnreadableDocument where it is encrypted, damaged, or has no text layer.
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
    """Part a page's lines into headings and runs."""
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
    """Say whether a line goes on with what the run is."""
    last = run.lines[-1]
    down = last.base - line.base
    if (run.kind == "code") != line.mono or abs(last.size - line.size) > 1 + 0.1 * last.size:
        return False
    if down < -last.size:
        # Up again: the next column.
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
    """Return the run of the page before that the first one of a page goes on with.

    Notes at the foot of the page, which are set smaller, stand between them.
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
    """Say whether the run's last sentence goes on in the line."""
    last = run.lines[-1].text
    if run.kind == "code" or last.endswith(SENTENCE_END):
        return False
    return following.text[:1].islower() or last.endswith(("-", SOFT_HYPHEN, ","))


def _first_title(pages: Sequence[Sequence[Line]]) -> str | None:
    """Return the largest text of the first page, if it is clearly larger than what follows."""
    lines = [line for line in (pages[0] if pages else ()) if not line.mono]
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
