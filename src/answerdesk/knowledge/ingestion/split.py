"""Splits a document's blocks into chunks: units that are searched, embedded and cited.

A chunk stays within one section. Blocks that fit stay whole; others are split where their kind
allows: between sentences, items, rows or lines, with a table's caption repeated. A short section
becomes one chunk, a long section several chunks of about equal size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final

from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion.parse.types import Block, BlockKind, ParsedDocument
from answerdesk.knowledge.ingestion.pieces import Piece, join, part, pieces_of, width

WHOLE: Final = 1_500
"""A section up to this width is one chunk: an ordinary encyclopaedic paragraph fits."""
TARGET: Final = 950
"""Target width of a longer section's chunks, about 180 word pieces."""
MOST: Final = 1_600
"""Maximum width of a chunk."""

_TINY: Final = 120
"""Sections up to this width may share a chunk with a sibling."""
_TINY_TOGETHER: Final = 600
_LONGEST_PREFIX: Final = 200


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """A chunk before it is stored; `sentences` are spans of `text`, in order.

    A list item, a table row and a group of code lines each count as one sentence.
    """

    ordinal: int
    kind: BlockKind
    text: str
    heading_path: tuple[str, ...]
    anchor: str | None
    sentences: tuple[Span, ...]


@dataclass(slots=True)
class _Section:
    """Blocks under the same heading, or under tiny adjacent headings."""

    heading_path: tuple[str, ...]
    anchor: str | None
    pieces: list[Piece]

    @property
    def width(self) -> int:
        return sum(piece.width for piece in self.pieces)


def split(document: ParsedDocument) -> list[ChunkDraft]:
    """Return the document's chunks in order; every character of its blocks is in one of them."""
    drafts: list[ChunkDraft] = []
    for section in _join_tiny(_sections(document)):
        for group in _pack(section.pieces):
            text, spans = join(group)
            # A section of nothing but captions is found by them.
            spans = spans or (Span(0, len(text)),)
            drafts.append(
                ChunkDraft(
                    ordinal=len(drafts),
                    kind=_kind_of(group),
                    text=text,
                    heading_path=section.heading_path,
                    anchor=section.anchor,
                    sentences=spans,
                )
            )
    return drafts


def embedding_text(draft: ChunkDraft, title: str) -> tuple[str, tuple[Span, ...]]:
    """Return what the embedder reads of a chunk, and its sentences as spans of that text.

    The text begins with a line "Title > Heading > Heading", so that a chunk is also found by a
    subject that only its headings name.
    """
    prefix = " > ".join(one for one in (title, *draft.heading_path) if one)
    if len(prefix) > _LONGEST_PREFIX:
        prefix = prefix[: _LONGEST_PREFIX - 1] + "…"
    if not prefix:
        return draft.text, draft.sentences
    offset = len(prefix) + 1
    shifted = tuple(Span(start + offset, end + offset) for start, end in draft.sentences)
    return f"{prefix}\n{draft.text}", shifted


def _sections(document: ParsedDocument) -> Iterator[_Section]:
    def place(numbered: tuple[int, Block]) -> tuple[tuple[str, ...], str | None, int]:
        number, block = numbered
        # A question with its answer is its own section, like an item.
        return block.heading_path, block.anchor, number if block.kind == "qa" else -1

    for (path, anchor, _), found in groupby(enumerate(document.blocks), key=place):
        blocks = [block for _, block in found]
        pieces = [piece for block in blocks for piece in pieces_of(block, document.language)]
        if pieces:
            yield _Section(path, anchor, pieces)


def _join_tiny(sections: Iterator[_Section]) -> Iterator[_Section]:
    """Join sections of one parent that are too small alone; their headings become lines.

    A question with its answer stays alone, however small.
    """
    waiting: list[_Section] = []
    for section in sections:
        if waiting and not _may_join(waiting, section):
            yield _joined(waiting)
            waiting = []
        waiting.append(section)
    if waiting:
        yield _joined(waiting)


def _may_join(waiting: Sequence[_Section], section: _Section) -> bool:
    parent = waiting[0].heading_path[:-1]
    return (
        all(_is_tiny(one) for one in (waiting[-1], section))
        and section.heading_path[:-1] == parent
        and sum(one.width for one in (*waiting, section)) <= _TINY_TOGETHER
    )


def _is_tiny(section: _Section) -> bool:
    return (
        bool(section.heading_path)
        and section.pieces[0].kind != "qa"
        and section.width <= _TINY
        and not section.heading_path[-1].rstrip().endswith(("?", "？", "؟"))
    )


def _joined(sections: Sequence[_Section]) -> _Section:
    if len(sections) == 1:
        return sections[0]
    pieces: list[Piece] = []
    for section in sections:
        heading = section.heading_path[-1]
        first, *others = section.pieces
        # A heading and its text are one statement: "Price: $20".
        pieces.append(first.under(heading))
        pieces.extend(others)
    return _Section(sections[0].heading_path[:-1], sections[0].anchor, pieces)


def _pack(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield groups of pieces; each group becomes one chunk."""
    total = sum(piece.room for piece in pieces)
    if total <= WHOLE:
        yield list(pieces)
        return
    parts = [smaller for piece in pieces for smaller in part(piece, WHOLE, TARGET)]
    aim = total / ceil(total / TARGET)
    group: list[Piece] = []
    size = 0
    for piece in parts:
        if group and _is_full(size, piece, aim):
            carried = _carried(group, piece)
            yield group
            group, size = carried, sum(one.room for one in carried)
        group.append(piece)
        size += piece.room
    if group:
        yield group


def _is_full(size: int, piece: Piece, aim: float) -> bool:
    # Stop if the size is closer to the aim without the piece than with it.
    return size + piece.room > MOST or abs(size - aim) <= abs(size + piece.room - aim)


def _carried(group: list[Piece], piece: Piece) -> list[Piece]:
    """Remove the end of a group if it introduces the piece that begins the next group."""
    if len(group) > 1 and group[-1].introduces and group[-1].room + piece.room <= WHOLE:
        return [group.pop()]
    return []


def _kind_of(group: Sequence[Piece]) -> BlockKind:
    """Return the kind of most of the chunk's text."""
    widths: dict[BlockKind, int] = {}
    for piece in group:
        widths[piece.kind] = widths.get(piece.kind, 0) + width(piece.text)
    return max(widths, key=widths.__getitem__)
