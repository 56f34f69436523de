"""The parts of a PDF's text, and how their lines are joined into text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.pdf_letters import SOFT_HYPHEN
from answerdesk.knowledge.ingestion.parse.pdf_lines import Line

_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST = re.compile(r"(\w+(?:-\w+)*)[-‐\xad]$")
_FIRST = re.compile(r"\w+")
_LONGEST_WORD: Final = 200
_HYPHENS: Final = ("-", "‐", SOFT_HYPHEN)
_AFTER_SHARED_PART: Final = frozenset(
    {"und", "oder", "bzw", "sowie", "and", "or", "to", "y", "o", "e", "et", "ou", "en", "of", "og"}
)
"""Words after a hyphen that stands for a part shared with a later word: "Haus- und Gartentür"."""


class Vocabulary:
    """The words of a document, which show how a word split at a line's end is written."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        for line in lines:
            self._words.update(word.casefold() for word in _WORD.findall(line))

    def join(self, text: str, following: str) -> str | None:
        """Return both joined if a word continues across the line's end; otherwise None."""
        if text.endswith("/") and "://" in text.rsplit(" ", 1)[-1]:
            return text + following
        if not text.endswith(_HYPHENS):
            return None
        first = _FIRST.match(following)
        before = _LAST.search(text, max(0, len(text) - _LONGEST_WORD))
        if first is None or before is None or not following[:1].isalnum():
            return text.rstrip(SOFT_HYPHEN) + " " + following
        if first[0].casefold() in _AFTER_SHARED_PART:
            return text.rstrip(SOFT_HYPHEN + "-") + "- " + following
        head = text[:-1]
        joined = f"{before[1]}{first[0]}".casefold()
        hyphenated = f"{before[1]}-{first[0]}".casefold()
        if joined in self._words:
            return head + following
        if hyphenated in self._words or not following[0].islower() or not head[-1].isalpha():
            return f"{head}-{following}"
        return head + following


LEADING: Final = 1.45
"""Minimum for the largest line spacing within a paragraph, as a multiple of the font size."""
_WIDEST_LEADING: Final = 2.6
_LONG_LINE: Final = 40
SENTENCE_END: Final = (".", "!", "?", ":", "。", "！", "？", "।", "؟")

_BULLET = re.compile(r"(?:[•‣▪◦●○■□–—·∙⁃➢➤✓✔*]|\uf0b7|-)(?:\s+|$)")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_SHORT_LINE: Final = 60
_SHORT_LINES: Final = 0.6
"""Lines that all take less of their column's width than this were broken on purpose."""

TICKS: Final = ("✓", "✔")
"""Bullets that say something where they stand alone, as in a table."""

Kind = Literal["paragraph", "list", "code"]


@dataclass(slots=True)
class Run:
    """Adjacent lines of one style: a paragraph, list items or code."""

    kind: Kind
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its level from 1, and its page number."""

    level: int
    text: str
    page: int


Part = Run | Heading


def is_bullet(text: str) -> bool:
    """Say whether a text is only a list marker."""
    return _BULLET.fullmatch(text) is not None


def is_item(line: Line, before: Line | None) -> bool:
    """Say whether a line begins a list item; a number may also begin a line within a sentence."""
    if _BULLET.match(line.text):
        return line.text not in TICKS
    if not _NUMBER.match(line.text):
        return False
    return before is None or before.text.endswith((*SENTENCE_END, ";", ",")) or _is_short(before)


def leading_of(pages: Sequence[Sequence[Line]]) -> float:
    """Return the maximum line spacing within a paragraph, as a multiple of the font size.

    Measured between long lines that don't end a sentence and the lines after them.
    """
    steps: Counter[float] = Counter()
    for line, following in (pair for lines in pages for pair in pairwise(lines)):
        step = (line.base - following.base) / max(line.size, 1)
        if (
            len(line.text) >= _LONG_LINE
            and not line.text.endswith(SENTENCE_END)
            and abs(line.size - following.size) < 0.6
            and 0 < step <= _WIDEST_LEADING
        ):
            steps[round(step, 1)] += 1
    usual = max(steps, key=lambda step: (steps[step], -step), default=0.0)
    return max(LEADING, min(usual * 1.15, _WIDEST_LEADING))


def _is_short(line: Line) -> bool:
    return len(line.text) < _SHORT_LINE


class Layout:
    """How the document's lines end: which words continue, and how far right lines reach."""

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self._words = Vocabulary(line.text for lines in pages for line in lines)
        self._edges: dict[tuple[int, int], float] = {}
        for line in (line for lines in pages for line in lines):
            for margin in _margins(line):
                self._edges[margin] = max(self._edges.get(margin, 0), line.right)

    def put(self, outline: Outline, part: Part) -> None:
        if isinstance(part, Heading):
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
        """Join lines; keep the break after a line that its author ended early."""
        text = lines[0].text
        done = 0
        for column in _columns(lines):
            done += len(column)
            edge = self._edge(column)
            for line, following in pairwise(column):
                text = self._join(text, following.text, has_room=_has_room(line, following, edge))
            if done < len(lines):
                text = self._join(text, lines[done].text, has_room=False)
        return text.rstrip(SOFT_HYPHEN)

    def _join(self, text: str, following: str, *, has_room: bool) -> str:
        joined = self._words.join(text, following)
        if joined is not None:
            return joined
        return f"{text}\n{following}" if has_room else f"{text} {following}"

    def _edge(self, lines: Sequence[Line]) -> float:
        """Return the right edge: as far as these lines reach, or the page's if all are short."""
        own = max(line.right for line in lines)
        left = min(line.left for line in lines)
        page = max((self._edges.get(margin, 0) for margin in _margins(lines[0])), default=own)
        return page if own - left < _SHORT_LINES * (page - left) else own

    def _listing(self, lines: Sequence[Line]) -> str:
        items: list[list[Line]] = []
        for index, line in enumerate(lines):
            if not items or is_item(line, lines[index - 1] if index else None):
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
    """Return a line's left margin in steps, and the neighbouring step that it may round to."""
    step = round(line.left / 6)
    return ((line.page, step), (line.page, step + (1 if line.left / 6 > step else -1)))


def _columns(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Split lines where they continue at the top of another column or page."""
    start = 0
    for index in range(1, len(lines)):
        before, line = lines[index - 1], lines[index]
        if line.page != before.page or line.base > before.base + before.size:
            yield lines[start:index]
            start = index
    yield lines[start:]


def _has_room(line: Line, following: Line, edge: float) -> bool:
    """Say whether the next line's first word would have fitted: the line was broken on purpose."""
    if abs(line.base - following.base) < 2:
        return False  # Cells side by side.
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
    """Return the lines with their indentation and the blank lines between them."""
    margin = min(line.left for line in lines)
    letter = median((line.right - line.left) / max(len(line.text), 1) for line in lines) or 1
    texts = [lines[0].text]
    texts[0] = " " * round((lines[0].left - margin) / letter) + texts[0]
    for before, line in pairwise(lines):
        if before.base - line.base > LEADING * max(before.size, line.size) * 1.2:
            texts.append("")
        indent = " " * min(round((line.left - margin) / letter), 80)
        texts.append(indent + line.text.rstrip(SOFT_HYPHEN))
    return "\n".join(texts)
