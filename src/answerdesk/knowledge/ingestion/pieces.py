"""The pieces that chunks consist of: blocks, and parts of blocks that are too long."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from answerdesk.kit.sentences import sentences
from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion.captions import is_caption
from answerdesk.knowledge.ingestion.parse.types import Block, BlockKind

_LONG_ITEM: Final = 400
"""A list item longer than this is split into sentences."""
_CODE_LINES: Final = 12
"""Maximum lines of code that count as one sentence."""
_FEWEST_WORDS: Final = 3
_WORD = re.compile(r"\w+")
# One character of these scripts carries as much as half a word: an embedder reads it as one or two
# word pieces.
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")
_ITEM = re.compile(r"(?:- |\d+\. )")
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with its sentences; `opening` is repeated before a later part that starts a chunk."""

    kind: BlockKind
    text: str
    sentences: tuple[Span, ...]
    before: str = "\n\n"
    opening: str = ""
    width: int = 0

    @property
    def room(self) -> int:
        """The width that it takes in a chunk, including what stands before it."""
        return self.width + max(len(self.before), len(self.opening) + 1 if self.opening else 0)

    @property
    def introduces(self) -> bool:
        """Say whether it introduces what follows: a paragraph that ends with a colon."""
        return self.kind == "paragraph" and self.text.endswith((":", "："))

    def under(self, heading: str) -> "Piece":
        """Return the piece with a heading on the line before it, joined to its first sentence."""
        offset = len(heading) + 1
        moved = [Span(start + offset, end + offset) for start, end in self.sentences]
        first = Span(0, moved[0].end if moved else len(heading))
        text = f"{heading}\n{self.text}"
        return replace(self, text=text, sentences=(first, *moved[1:]), width=width(text))


def width(text: str) -> int:
    """Return how much of a text an embedder reads, in characters of English."""
    return len(text) if text.isascii() else len(text) + 2 * sum(map(len, _DENSE.findall(text)))


def pieces_of(block: Block, language: str) -> list[Piece]:
    """Return the block as one piece; no piece if it has no text."""
    if not block.text.strip():
        return []
    spans = _sentences_of(block, language)
    opening = block.text.split("\n", 1)[0] if block.has_caption else ""
    return [Piece(block.kind, block.text, spans, opening=opening, width=width(block.text))]


def part(piece: Piece, most: int, target: int) -> list[Piece]:
    """Return the piece, or parts about `target` wide if it is wider than `most`."""
    if piece.width <= most:
        return [piece]
    room = target - width(piece.opening)
    units = [
        smaller for span in piece.sentences for smaller in _cut(piece.text, span, max(room, 200))
    ]
    parts: list[Piece] = []
    for start, end in _group(piece.text, units, piece.width / ceil(piece.width / target)):
        first, last = units[start], units[end - 1]
        parts.append(_slice(piece, first.start, last.end, units[start:end], again=bool(parts)))
    return parts


def join(pieces: Sequence[Piece]) -> tuple[str, tuple[Span, ...]]:
    """Return the pieces as one text, and its sentences."""
    text = ""
    spans: list[Span] = []
    for piece in pieces:
        if text:
            text += piece.before
        elif piece.opening and not piece.text.startswith(piece.opening):
            spans.append(Span(0, len(piece.opening)))
            text = piece.opening + "\n"
        spans.extend(Span(start + len(text), end + len(text)) for start, end in piece.sentences)
        text += piece.text
    return text, tuple(spans)


def _slice(piece: Piece, start: int, end: int, units: Sequence[Span], *, again: bool) -> Piece:
    line = piece.text.rfind("\n", 0, start) + 1
    if piece.kind in ("code", "list") and piece.text[line:start].isspace():
        # Keep the indentation of the first line.
        start = line
    text = piece.text[start:end]
    return replace(
        piece,
        text=text,
        sentences=tuple(Span(one.start - start, one.end - start) for one in units),
        # Parts that share a chunk again keep their original gap.
        before=_gap(piece.text, start) if again else piece.before,
        width=width(text),
    )


def _gap(text: str, start: int) -> str:
    before = start
    while before > 0 and text[before - 1].isspace():
        before -= 1
    return text[before:start]


def _group(text: str, units: Sequence[Span], aim: float) -> Iterator[tuple[int, int]]:
    """Yield ranges of units, each about as wide as `aim`."""
    start, size = 0, 0
    for index, unit in enumerate(units):
        # Includes the white space before it, which can be most of a line of code.
        more = width(text[units[index - 1].end if index else unit.start : unit.end])
        if index > start and abs(size - aim) <= abs(size + more - aim):
            yield start, index
            start, size = index, 0
        size += more
    yield start, len(units)


def _cut(text: str, span: Span, most: int) -> Iterator[Span]:
    """Yield the span, or its parts, cut at lines or spaces, if it is wider than `most`."""
    start = span.start
    if width(span.of(text)) <= most:
        yield span
        return
    while start < span.end:
        end = min(start + _fitting(text, start, span.end, most), span.end)
        if end < span.end:
            line = text.rfind("\n", start + 1, end + 1)
            space = max(line, text.rfind(" ", start + 1, end + 1))
            end = next((one for one in (line, space) if one > start + most // 4), end)
        yield Span(start, end)
        start = end
        while start < span.end and text[start].isspace():
            start += 1


def _fitting(text: str, start: int, end: int, most: int) -> int:
    """Return how many characters from `start` have a total width of at most `most`."""
    count = most
    while width(text[start : min(start + count, end)]) > most:
        count = count * 3 // 4
    return max(count, 1)


def _sentences_of(block: Block, language: str) -> tuple[Span, ...]:
    if block.is_caption or (block.kind in ("paragraph", "quote") and is_caption(block.text)):
        return ()
    if block.kind == "code":
        found = list(_code_groups(block.text))
    elif block.kind == "table":
        found = list(_lines(block.text))
    elif block.kind == "list":
        found = [
            one
            for item in _items(block.text)
            for one in _item_sentences(block.text, item, language)
        ]
    elif block.kind == "qa":
        return tuple(_question_and_answer(block.text, language))
    else:
        found = sentences(block.text, language)
    if block.kind in ("table", "code"):
        return tuple(found)
    return tuple(_without_fragments(block.text, found))


def _question_and_answer(text: str, language: str) -> Iterator[Span]:
    """Yield the question, which is the first line, and the sentences of its answer."""
    question, _, answer = text.partition("\n")
    yield Span(0, len(question))
    offset = len(question) + 1
    for one in sentences(answer, language):
        yield Span(one.start + offset, one.end + offset)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            first = start + line.index(stripped[0])
            yield Span(first, first + len(stripped))
        start += len(line) + 1


def _items(text: str) -> Iterator[Span]:
    """Yield the outermost items of a list, each with its continuation lines."""
    item: Span | None = None
    for line in _lines(text):
        if item is not None and not _ITEM.match(text, line.start):
            item = Span(item.start, line.end)
            continue
        if item is not None:
            yield item
        item = line
    if item is not None:
        yield item


def _item_sentences(text: str, item: Span, language: str) -> list[Span]:
    if item.end - item.start <= _LONG_ITEM:
        return [item]
    return [
        Span(item.start + one.start, item.start + one.end)
        for one in sentences(item.of(text), language)
    ]


def _code_groups(text: str) -> Iterator[Span]:
    """Yield groups of code lines: up to a blank line or a maximum number of lines."""
    start = 0
    for gap in [*_BLANK_LINES.finditer(text), None]:
        end = gap.start() if gap is not None else len(text)
        lines = list(_lines(text[start:end]))
        for index in range(0, len(lines), _CODE_LINES):
            group = lines[index : index + _CODE_LINES]
            yield Span(start + group[0].start, start + group[-1].end)
        start = gap.end() if gap is not None else end


def _without_fragments(text: str, found: Sequence[Span]) -> list[Span]:
    """Join sentences of fewer than three words to a neighbour: alone they say nothing."""
    joined: list[Span] = []
    for span in found:
        if joined and (_is_fragment(text, span) or _is_fragment(text, joined[-1])):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _is_fragment(text: str, span: Span) -> bool:
    sentence = span.of(text)
    return len(_WORD.findall(sentence)) < _FEWEST_WORDS and not _DENSE.search(sentence)
