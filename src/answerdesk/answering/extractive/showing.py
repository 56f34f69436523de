"""Which spans of the best passage to show as its answer, so that they read well alone."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.blocks import Block, Code, from_lines
from answerdesk.answering.extractive.forms import (
    MARKER,
    Form,
    corrects,
    forbids,
    is_row,
    leans,
    shows_below,
)
from answerdesk.answering.extractive.kinds import MANNER
from answerdesk.answering.extractive.passage import Passage
from answerdesk.answering.extractive.question import Asked
from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.kit.spans import Span, quote
from answerdesk.knowledge.types import Chunk

_SECOND_SHARE: Final = 0.08
"""Minimum chance of being the answer for a second sentence to be shown."""

_WHOLE_LIST: Final = 12
"""Maximum list items, or groups of code lines, shown together."""

_SOON: Final = 6
"""Sentences within which something announced as "below" must follow."""

_UNFIT: Final = 50.0
"""Distance in score of sentences that are unfit to be shown, such as questions."""

_HEADING: Final = 80
"""Longest line that may be the heading of a small section joined with others."""
_WHOLE_SENTENCE: Final = 4
"""Words from which the text under such a heading is clear without it."""


def spans_shown(asked: Asked, best: Ranked) -> tuple[Span, ...]:
    """Return the spans of a candidate's text that are its answer, in the order of the text."""
    chunk = best.found.chunk
    numbers = sentences_shown(asked, best)
    spans = [chunk.sentences[number] for number in numbers]
    if chunk.kind in ("qa", "table"):
        return tuple(spans)
    if not any(other == one + 1 for one, other in pairwise(numbers)):
        spans = [without_marker(chunk.text, span) for span in spans]
    return tuple(without_heading(chunk.text, span) for span in spans)


def blocks_shown(best: Ranked, spans: Sequence[Span], source: int) -> list[Block]:
    """Return spans of a candidate's text as blocks: code verbatim, the rest by lines."""
    blocks: list[Block] = []
    for is_code, run in groupby(spans, lambda span: _is_code(best, span)):
        said = quote(best.found.chunk.text, list(run))
        code = [Code(said.strip("\n"), source=source)]
        blocks.extend(code if is_code else from_lines(said, source))
    return blocks


def _is_code(best: Ranked, span: Span) -> bool:
    if best.passage is None:
        return False
    return any(
        form == "code" and sentence.start <= span.start < sentence.end
        for sentence, form in zip(best.found.chunk.sentences, best.passage.outward, strict=True)
    )


def sentences_shown(asked: Asked, best: Ranked) -> list[int]:
    """Return the numbers of a candidate's sentences that are its answer, in order."""
    chunk = best.found.chunk
    first = int(best.sentence_scores.argmax())
    if chunk.kind == "qa":
        return list(range(1, len(chunk.sentences))) or [0]
    if chunk.kind == "table" or best.passage is None:
        return [first]  # Each row names its columns.
    lines = [span.of(chunk.text) for span in chunk.sentences]
    forms = best.passage.outward
    if asked.kind == MANNER:
        steps = _steps(lines, best.passage, first)
        if steps:
            return steps
    if forms[first] == "code":
        return _with_lead_in(_run(forms, first))
    scores = best.sentence_scores
    chosen = (
        _below_item(chunk, lines, forms, first)
        or _announced(lines, forms, first)
        or [
            number
            for number in chosen_sentences(scores)
            # Code alone, or a sentence that announces something not shown, adds nothing.
            if number == first or not (forms[number] == "code" or _announces(lines[number]))
        ]
    )
    if first and scores[first - 1] > scores[first] - _UNFIT and _leans_on_last(lines, forms, first):
        chosen = sorted({first - 1, *chosen})
    following = chosen[-1] + 1
    if following < len(lines) and forms[following] == "prose":
        # For "how?", what not to do is no help; the next sentence says what to do.
        says_how = asked.kind == MANNER and len(chosen) == 1 and forbids(lines[first])
        if says_how or corrects(lines[following]):
            chosen.append(following)
    return chosen


def _steps(lines: list[str], passage: Passage, first: int) -> list[int]:
    """Return the list, or the commands with their introductions, that a sentence is part of."""
    forms = passage.outward
    if forms[first] == "item":
        is_step = lines[first].lstrip()[:1].isdigit() or passage.instructs[first]
        return _with_lead_in(_run(forms, first)) if is_step else []
    announces = [
        form == "prose"
        and number + 1 < len(forms)
        and forms[number + 1] != "prose"
        and (_announces(lines[number]) or forms[number + 1] == "code")
        for number, form in enumerate(forms)
    ]
    if forms[first] != "code" and not announces[first]:
        return []
    parts = tuple[Form, ...](
        "code" if form != "prose" or announces[number] else "prose"
        for number, form in enumerate(forms)
    )
    return _run(parts, first)


def _announces(sentence: str) -> bool:
    return sentence.endswith((":", "："))


def _below_item(chunk: Chunk, lines: list[str], forms: tuple[Form, ...], number: int) -> list[int]:
    """Return an item that announces the items nested in it, with those; nothing for any other."""
    if forms[number] != "item" or not _announces(lines[number]):
        return []
    depth = _indent(chunk, number)
    end = number + 1
    while end < len(lines) and forms[end] == "item" and _indent(chunk, end) > depth:
        end += 1
    return list(range(number, min(end, number + _WHOLE_LIST)))


def _indent(chunk: Chunk, number: int) -> int:
    """Return how far in a sentence's line begins, in characters."""
    start = chunk.sentences[number].start
    line = chunk.text[chunk.text.rfind("\n", 0, start) + 1 : start]
    return len(line) if not line.strip() else 0


def _announced(lines: list[str], forms: tuple[Form, ...], number: int) -> list[int]:
    """Return a sentence and what it announces; nothing if it announces nothing."""
    following = number + 1
    if _announces(lines[number]) and following < len(lines):
        return [number, *([following] if forms[following] == "prose" else _run(forms, following))]
    if not shows_below(lines[number]):
        return []
    parts = tuple[Form, ...](
        "item" if form == "prose" and is_row(line) else form
        for form, line in zip(forms, lines, strict=True)
    )
    soon = range(following, min(following + _SOON, len(lines)))
    below = next((one for one in soon if parts[one] != "prose"), None)
    return [] if below is None else [number, *_run(parts, below)]


def _leans_on_last(lines: list[str], forms: tuple[Form, ...], number: int) -> bool:
    before = lines[number - 1]
    return (
        forms[number] == "prose" == forms[number - 1]
        and leans(lines[number])
        and len(before.split()) >= _WHOLE_SENTENCE
    )


def _run(forms: tuple[Form, ...], number: int) -> list[int]:
    """Return the adjacent sentences of the same form around a sentence, up to the maximum shown."""
    start, end = number, number + 1
    while start and forms[start - 1] == forms[number]:
        start -= 1
    while end < len(forms) and forms[end] == forms[number]:
        end += 1
    start = max(start, min(number - _WHOLE_LIST // 2, end - _WHOLE_LIST))
    return list(range(start, min(end, start + _WHOLE_LIST)))


def _with_lead_in(run: list[int]) -> list[int]:
    """Add the sentence before a list or code, which says what it is for."""
    return [run[0] - 1, *run] if run[0] else run


def without_marker(text: str, span: Span) -> Span:
    """Return a list item without its marker."""
    marker = MARKER.match(text, span.start, span.end)
    return span if marker is None or marker.end() == span.end else Span(marker.end(), span.end)


def without_heading(text: str, span: Span) -> Span:
    """Return a sentence without the heading line before it, if it is clear alone."""
    heading, line, rest = span.of(text).partition("\n")
    rest = rest.lstrip()
    if (
        not line
        or len(heading) > _HEADING
        or heading.rstrip().endswith((".", ":", ",", ";", "!", "?"))
        or not rest[:1].isupper()
        or not rest.endswith((".", "!"))
        or len(rest.split()) < _WHOLE_SENTENCE
        or "\n" in rest
    ):
        return span
    return Span(span.end - len(rest), span.end)


def chosen_sentences(scores: NDArray[np.float32]) -> list[int]:
    """Return the one or two sentences to show, in the order of the text."""
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")
    shown = [int(order[0])]
    if len(order) > 1 and shares[order[1]] >= _SECOND_SHARE:
        shown.append(int(order[1]))
    return sorted(shown)
