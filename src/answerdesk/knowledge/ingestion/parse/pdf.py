"""PDFs: their lines put together again to headings, paragraphs, lists and code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.pdf_furniture import without_furniture
from answerdesk.knowledge.ingestion.parse.pdf_headings import Headings, headings_of
from answerdesk.knowledge.ingestion.parse.pdf_lines import SOFT_HYPHEN, Line, read_pdf
from answerdesk.knowledge.ingestion.parse.pdf_words import Vocabulary
from answerdesk.knowledge.ingestion.parse.titles import is_title

_BULLET = re.compile(r"(?:[•‣▪◦●○■□–—·∙⁃➢➤✓✔*]|\uf0b7|-)(?:\s+|$)")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_CONTENTS = re.compile(r"(?:[. ]{2,}\.|…{2,}|(?: \.){3,})\s*(?:\d{1,4}|[ivxlc]{1,6})$")
_SENTENCE_END: Final = (".", "!", "?", ":", "。", "！", "？", "।", "؟")
_LEADING: Final = 1.45
"""Lines of one paragraph stand at most this many times their size below each other."""
_ITEMS_APART: Final = 3.0
_SHORT_LINE: Final = 60
_SHORT_LINES: Final = 0.6
"""Lines none of which takes more of their column's width were not filled, but broken."""
_MOST_NOTES: Final = 10


Kind = Literal["paragraph", "list", "code"]


@dataclass(slots=True)
class _Run:
    """Lines that stand together and look alike: a paragraph, list items or code."""

    kind: Kind
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    page: int


_Part = _Run | _Heading


def parse_pdf(content: bytes, name: str) -> Outline:
    """Return the outline of a PDF's text layer; each block's anchor is its page ("page=3").

    Raises UnreadableDocument where it is encrypted, damaged, or has no text layer.
    """
    text = read_pdf(content, name)
    pages = without_furniture(text.pages)
    headings = headings_of(pages, text.bookmarks)
    parts: list[_Part] = []
    for index, lines in enumerate(pages):
        for number, part in enumerate(_parts(lines, index, headings)):
            before = _broken_off(parts, part) if number == 0 else None
            if before is not None and isinstance(part, _Run):
                before.lines.extend(part.lines)
            else:
                parts.append(part)
    outline = Outline(text.title if is_title(text.title) else _first_title(pages))
    layout = _Layout(pages)
    for part in parts:
        layout.put(outline, part)
    return outline


def _parts(lines: Sequence[Line], page: int, headings: Headings) -> Iterator[_Part]:
    """Part a page's lines into headings and runs."""
    run: _Run | None = None
    skip = 0
    for index, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        heading = headings.get((page, index))
        if heading is not None or _CONTENTS.search(line.text):
            if run is not None:
                yield run
                run = None
            if heading is not None:
                yield _Heading(heading[0], heading[1], page + 1)
                skip = heading[2] - 1
        elif run is not None and _belongs(run, line):
            run.lines.append(line)
        else:
            if run is not None:
                yield run
            run = _Run(_kind_of(line), [line])
    if run is not None:
        yield run


def _kind_of(line: Line) -> Kind:
    if line.mono:
        return "code"
    return "list" if _is_item(line, None) else "paragraph"


def _belongs(run: _Run, line: Line) -> bool:
    """Say whether a line goes on with what the run is."""
    last = run.lines[-1]
    down = last.base - line.base
    if (run.kind == "code") != line.mono or abs(last.size - line.size) > 1 + 0.1 * last.size:
        return False
    if down < -last.size:
        # Up again: the next column.
        return run.kind == "paragraph" and _is_unfinished(run, line)
    if run.kind == "list":
        item = next(one for one in reversed(run.lines) if _is_item(one, None))
        if _is_item(line, last):
            return down <= _ITEMS_APART * line.size
        return line.left > item.left + 2 and down <= _LEADING * max(last.size, line.size)
    if run.kind == "code":
        return down <= _ITEMS_APART * line.size
    return down <= _LEADING * max(last.size, line.size) and not _is_item(line, last)


def _is_item(line: Line, before: Line | None) -> bool:
    """Say whether a line begins a list item; a number may begin any line in a sentence."""
    if _BULLET.match(line.text):
        return True
    if not _NUMBER.match(line.text):
        return False
    return before is None or before.text.endswith((*_SENTENCE_END, ";", ",")) or _is_short(before)


def _is_short(line: Line) -> bool:
    return len(line.text) < _SHORT_LINE


def _broken_off(parts: Sequence[_Part], part: _Part) -> _Run | None:
    """Return the run of the page before that the first one of a page goes on with.

    Notes at the foot of the page, which are set smaller, stand between them.
    """
    if not isinstance(part, _Run):
        return None
    page = part.lines[0].page
    for one in reversed(parts[-_MOST_NOTES:]):
        if isinstance(one, _Heading) or one.lines[-1].page != page - 1:
            return None
        if one.kind == part.kind == "code":
            return None
        if abs(one.lines[-1].size - part.lines[0].size) <= 0.5:
            return one if part.kind == "paragraph" and _is_unfinished(one, part.lines[0]) else None
    return None


def _is_unfinished(run: _Run, following: Line) -> bool:
    """Say whether the run's last sentence goes on in the line."""
    last = run.lines[-1].text
    if run.kind == "code" or last.endswith(_SENTENCE_END):
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
        if abs(line.size - largest) > 0.6:
            break
        title.append(line)
    text = " ".join(line.text for line in title)
    return text if is_title(text) else None


class _Layout:
    """How the document's lines end: which words go on, and how far right a line could reach."""

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self._words = Vocabulary(line.text for lines in pages for line in lines)
        self._edges: dict[tuple[int, int], float] = {}
        for line in (line for lines in pages for line in lines):
            for margin in _margins(line):
                self._edges[margin] = max(self._edges.get(margin, 0), line.right)

    def put(self, outline: Outline, part: _Part) -> None:
        """Add a part to the outline."""
        if isinstance(part, _Heading):
            outline.heading(part.level, part.text, None)
            outline.place = f"page={part.page}"
            return
        outline.place = f"page={part.lines[0].page}"
        if part.kind == "code":
            outline.add("code", _code(part.lines))
        elif part.kind == "list":
            outline.add("list", self._listing(part.lines))
        else:
            outline.add("paragraph", self._paragraph(part.lines))

    def _paragraph(self, lines: Sequence[Line]) -> str:
        """Join lines; one that its author ended before it was full stays a line."""
        text = lines[0].text
        for column in _columns(lines):
            edge = self._edge(column)
            for line, following in pairwise(column):
                text = self._join(text, following.text, has_room=_has_room(line, following, edge))
            if column[-1] is not lines[-1]:
                following = lines[lines.index(column[-1]) + 1]
                text = self._join(text, following.text, has_room=False)
        return text.rstrip(SOFT_HYPHEN)

    def _join(self, text: str, following: str, *, has_room: bool) -> str:
        joined = self._words.join(text, following)
        if joined is not None:
            return joined
        return f"{text}\n{following}" if has_room else f"{text} {following}"

    def _edge(self, lines: Sequence[Line]) -> float:
        """Return where lines end: as far as these do, or the page's if they are all short."""
        own = max(line.right for line in lines)
        left = min(line.left for line in lines)
        page = max((self._edges.get(margin, 0) for margin in _margins(lines[0])), default=own)
        return page if own - left < _SHORT_LINES * (page - left) else own

    def _listing(self, lines: Sequence[Line]) -> str:
        items: list[list[Line]] = []
        for index, line in enumerate(lines):
            if not items or _is_item(line, lines[index - 1] if index else None):
                items.append([])
            items[-1].append(line)
        indents: list[float] = []
        for left in sorted({item[0].left for item in items}):
            if not indents or left - indents[-1] > 6:
                indents.append(left)
        texts = []
        for item in items:
            level = sum(1 for one in indents if one <= item[0].left) - 1
            text = " ".join(self._paragraph(item).split())
            texts.append("  " * min(max(level, 0), 10) + _with_marker(text))
        return "\n".join(texts)


def _margins(line: Line) -> tuple[tuple[int, int], ...]:
    """Return a line's left margin in steps, and the one beside it that it may round to."""
    step = round(line.left / 6)
    return ((line.page, step), (line.page, step + (1 if line.left / 6 > step else -1)))


def _columns(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Part lines where they go on at the top of another column or page."""
    start = 0
    for index in range(1, len(lines)):
        before, line = lines[index - 1], lines[index]
        if line.page != before.page or line.base > before.base + before.size:
            yield lines[start:index]
            start = index
    yield lines[start:]


def _has_room(line: Line, following: Line, edge: float) -> bool:
    """Say whether the next line's first word had fitted on the line: it was broken on purpose."""
    if abs(line.base - following.base) < 2:
        return False  # Cells beside each other.
    letter = (following.right - following.left) / max(len(following.text), 1)
    first = len(following.text.split(" ", 1)[0]) + 1.5
    return line.right + letter * first < edge


def _with_marker(text: str) -> str:
    if bullet := _BULLET.match(text):
        return f"- {text[bullet.end() :].lstrip()}"
    number = _NUMBER.match(text)
    digits = number[0].strip("(). ") if number else ""
    if number and digits.isdigit():
        return f"{digits}. {text[number.end() :]}"
    return f"- {text}"


def _code(lines: Sequence[Line]) -> str:
    """Return the lines with their indentation, and with the blank lines between them."""
    margin = min(line.left for line in lines)
    letter = median((line.right - line.left) / max(len(line.text), 1) for line in lines) or 1
    texts = [lines[0].text]
    texts[0] = " " * round((lines[0].left - margin) / letter) + texts[0]
    for before, line in pairwise(lines):
        if before.base - line.base > _LEADING * max(before.size, line.size) * 1.2:
            texts.append("")
        indent = " " * min(round((line.left - margin) / letter), 80)
        texts.append(indent + line.text.rstrip(SOFT_HYPHEN))
    return "\n".join(texts)
