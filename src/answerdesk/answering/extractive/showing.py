"""Which part of the best passage to show as its answer; as blocks, with marks on what answers."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import dedent
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.blocks import (
    Block,
    Code,
    Heading,
    Paragraph,
    Table,
    from_lines,
    row_text,
)
from answerdesk.answering.extractive.forms import MARKER, indent_of
from answerdesk.answering.extractive.kinds import MANNER
from answerdesk.answering.extractive.pieces import piece_around, without_heading
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.kit.spans import Span, quote
from answerdesk.knowledge.types import Chunk

_SECOND_SHARE: Final = 0.08
"""Minimum chance of being the answer for a second sentence to be marked."""

_SURE_SHARE: Final = 0.7
"""Chance of being the answer from which no other sentence of the passage comes near."""

_AS_GOOD_ROW: Final = 1.0
"""Distance in score from the best row of a table within which others are shown with it."""


def sentences_shown(asked: Asked, best: Ranked) -> list[int]:
    """Return the numbers of a candidate's sentences that are its answer, in order."""
    chunk, passage = best.found.chunk, best.passage
    first = int(best.sentence_scores.argmax())
    if chunk.kind == "qa":
        return list(range(1, len(chunk.sentences))) or [0]
    if passage is None:
        return [first]
    # How something is done, and how several things compare, is seldom said in one sentence.
    is_told = asked.kind == MANNER and passage.outward[first] == "prose"
    takes_more = asked.compares or is_told
    sure = not takes_more and _shares(best.sentence_scores).max() >= _SURE_SHARE
    piece = piece_around(passage.segments, first, sure=sure, all_rows=asked.compares)
    rows = {segment.first for segment in passage.segments if segment.kind == "row"}
    if first in rows and not asked.compares:
        return _rows_shown(best, sorted(rows))
    shown = [number for number in piece if number == first or not passage.hidden[number]]
    while passage.asks[shown[0]] and len(shown) > 1:
        shown = shown[1:]  # The question that the rest answers.
    return shown


def _rows_shown(best: Ranked, rows: Sequence[int]) -> list[int]:
    """Return the best row, and those near it that no other of them meets the question better than.

    Beside the single room with sea view, that with garden view says nothing that was asked.
    """
    least = best.sentence_scores[rows].max() - _AS_GOOD_ROW
    near = [row for row in rows if best.sentence_scores[row] >= least]
    if best.evidence is None:
        return near
    met = best.evidence.matched
    return [row for row in near if not any(_is_better(met[:, one], met[:, row]) for one in near)]


def _is_better(met: NDArray[np.float32], than: NDArray[np.float32]) -> bool:
    return bool((met >= than).all() and (met > than).any())


def spans_shown(asked: Asked, best: Ranked) -> tuple[Span, ...]:
    """Return the spans of a candidate's text that are its answer, in the order of the text."""
    chunk = best.found.chunk
    spans = [chunk.sentences[number] for number in sentences_shown(asked, best)]
    if chunk.kind == "qa":
        return tuple(spans)
    if len(spans) == 1:
        spans = [without_marker(chunk.text, spans[0])]
    return (without_heading(chunk.text, spans[0]), *spans[1:])


def blocks_shown(best: Ranked, spans: Sequence[Span], source: int) -> list[Block]:
    """Return spans of a candidate's text as blocks, under their heading."""
    chunk = best.found.chunk
    blocks: list[Block] = []
    heading = _caption(best, spans[0]) or _heading(chunk, spans[0])
    if heading:
        blocks.append(Heading(heading, source))
    marked = _marked(best, spans)
    for kind, run in groupby(spans, lambda span: _kind(best, span)):
        of_kind = list(run)
        said = quote(chunk.text, of_kind)
        if kind == "code":
            said = " " * indent_of(chunk.text, of_kind[0].start) + said
            blocks.append(Code(dedent(said).strip("\n"), source=source))
        elif kind == "row":
            blocks.extend(_tables([span.of(chunk.text) for span in of_kind], source))
        else:
            blocks.extend(from_lines(said, source))
    return [_with_marks(block, marked) for block in blocks]


def _caption(best: Ranked, first: Span) -> str:
    """Return the line that names the table of a row."""
    sentences = best.found.chunk.sentences
    if best.passage is None or first not in sentences:
        return ""
    caption = best.passage.captions[sentences.index(first)]
    return (
        "" if caption is None else sentences[caption].of(best.found.chunk.text).partition("\n")[0]
    )


def _heading(chunk: Chunk, first: Span) -> str:
    """Return the heading under which a piece stands: its small section's own, else the chunk's."""
    if chunk.kind == "qa":
        return ""
    sentence = _whole(chunk, first)
    if first not in (sentence, without_marker(chunk.text, sentence)):
        return chunk.text[sentence.start : first.start].strip()
    return chunk.heading_path[-1] if chunk.heading_path else ""


def _kind(best: Ranked, span: Span) -> str:
    if best.passage is None:
        return "paragraph"
    sentences = best.found.chunk.sentences
    for segment in best.passage.segments:
        start, end = sentences[segment.first].start, sentences[segment.end - 1].end
        if start <= span.start < end:
            return segment.kind if segment.kind in ("code", "row") else "text"
    return "text"


def _tables(rows: Sequence[str], source: int) -> list[Block]:
    """Return rows as ingestion writes them, each with its columns' names, as tables."""
    tables: list[Block] = []
    for row in rows:
        cells = [cell.partition(": ") for cell in row.split(" | ")]
        header, values = tuple(cell[0] for cell in cells), tuple(cell[2] for cell in cells)
        last = tables[-1] if tables else None
        if isinstance(last, Table) and last.header == header:
            tables[-1] = replace(last, rows=(*last.rows, values))
        else:
            tables.append(Table(header, (values,), source))
    return tables


def _marked(best: Ranked, spans: Sequence[Span]) -> list[str]:
    """Return the sentences that answer, if more than they is shown."""
    chunk = best.found.chunk
    if chunk.kind == "qa" or not len(best.sentence_scores):
        return []
    answering = {chunk.sentences[number] for number in chosen_sentences(best.sentence_scores)}
    starts = {span.end: span for span in spans}
    if answering.issuperset({_whole(chunk, span) for span in spans}):
        return []
    return [starts[span.end].of(chunk.text) for span in sorted(answering) if span.end in starts]


def _whole(chunk: Chunk, shown: Span) -> Span:
    """Return the sentence that a shown span is the end of."""
    return next((one for one in chunk.sentences if one.end == shown.end), shown)


def _with_marks(block: Block, marked: Sequence[str]) -> Block:
    if isinstance(block, Code | Heading) or not marked:
        return block
    if isinstance(block, Table):
        plain = {row_text(row): _as_row(block.header, row) for row in block.rows}
        found = tuple(text for text, said in plain.items() if said in marked)
    else:
        texts = (block.text,) if isinstance(block, Paragraph) else block.items
        found = tuple(
            one for one in map(_without_mark, marked) if any(one in text for text in texts)
        )
    return replace(block, marked=found) if found else block


def _as_row(header: Sequence[str], row: Sequence[str]) -> str:
    return " | ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True))


def _without_mark(sentence: str) -> str:
    marker = MARKER.match(sentence)
    return sentence if marker is None else sentence[marker.end() :].rstrip()


def without_marker(text: str, span: Span) -> Span:
    """Return a list item without its marker."""
    marker = MARKER.match(text, span.start, span.end)
    return span if marker is None or marker.end() == span.end else Span(marker.end(), span.end)


def chosen_sentences(scores: NDArray[np.float32]) -> list[int]:
    """Return the one or two sentences that answer best, in the order of the text."""
    shares = _shares(scores)
    order = np.argsort(-shares, kind="stable")
    shown = [int(order[0])]
    if len(order) > 1 and shares[order[1]] >= _SECOND_SHARE:
        shown.append(int(order[1]))
    return sorted(shown)


def _shares(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    odds: NDArray[np.float32] = np.exp(scores - scores.max())
    shares: NDArray[np.float32] = odds / odds.sum()
    return shares
