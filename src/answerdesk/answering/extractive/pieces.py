"""The piece of a passage that an editor would quote around a sentence.

A passage is cut into segments that belong together: paragraphs, list items, code, table rows. The
piece begins with the sentence's segment and takes in what it needs to be read alone: a list whole,
if it is short or has to be followed in order; what a sentence ending in a colon announces; code
with the sentence before it. Then it grows over its neighbours as long as it stays short, because
what helps often stands next to what is recognised: the cure beside the complaint. It grows less
where no other sentence comes near.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from answerdesk.answering.extractive.forms import MARKER, Form, indent_of, is_row
from answerdesk.kit.spans import Span

MOST_WORDS: Final = 120
"""Maximum words of a piece, except for steps and a paragraph that is hardly longer."""
_HARDLY_LONGER: Final = 150
_MOST_IF_SURE: Final = 40
"""Words up to which a piece grows if one sentence is clearly the one that was looked for."""
_MOST_STEPS: Final = 300
"""Maximum words of steps that are shown whole."""
_MOST_ROWS: Final = 12

_HEADING: Final = 80
"""Longest line that may be the heading of a small section joined with others."""
_WHOLE_SENTENCE: Final = 4
"""Words from which the text under such a heading is clear without it."""

_FAULT = re.compile(
    r"\b(?:exceptions?|traceback|warnings?|fail(?:s|ed|ure)?|denied|refused|not permitted"
    r"|fehler\w*|fehlgeschlagen|verweigert|warnung\w*|erreurs?|refusée?|errore?s?|fallos?)\b",
    re.IGNORECASE,
)
"""Words of what a program says when something is wrong."""

SegmentKind = Literal["paragraph", "item", "code", "row"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Sentences `first` to `end` (exclusive) of a passage, which belong together.

    `depth` is the indentation of an item, in characters. `numbered` is an item that counts.
    `announces`: the last sentence ends with a colon. `opens`: a new subject begins here, by a
    heading of its own or a question. `is_fault`: it is, or announces, what a program says when
    something is wrong. `lengths` counts the words of each sentence that are shown.
    """

    kind: SegmentKind
    first: int
    end: int
    depth: int
    numbered: bool
    announces: bool
    opens: bool
    is_fault: bool
    lengths: tuple[int, ...]

    @property
    def words(self) -> int:
        return sum(self.lengths)


def segments_of(
    text: str, sentences: Sequence[Span], forms: Sequence[Form], hidden: Sequence[bool]
) -> tuple[Segment, ...]:
    """Cut a passage into its segments; `hidden` sentences are not shown."""
    bounds: list[tuple[SegmentKind, int, int, int]] = []
    for number, span in enumerate(sentences):
        gap = text[sentences[number - 1].end : span.start] if number else "\n"
        depth = indent_of(text, span.start)
        kind = _kind(span.of(text), forms[number])
        if bounds and _goes_on(bounds[-1], kind, gap, depth):
            last, first, _, before = bounds[-1]
            bounds[-1] = (last, first, number + 1, before)
        else:
            bounds.append((kind, number, number + 1, depth))
    return tuple(_segment(text, sentences, hidden, *bound) for bound in bounds)


def _kind(sentence: str, form: Form) -> SegmentKind:
    if form != "prose":
        return form
    return "row" if is_row(sentence) else "paragraph"


def _goes_on(
    last: tuple[SegmentKind, int, int, int], kind: SegmentKind, gap: str, depth: int
) -> bool:
    """Tell whether a sentence belongs to the segment before it."""
    before, _, _, outer = last
    if kind in ("item", "row"):
        return False
    if before == "item":
        return "\n" not in gap or (kind == "paragraph" and depth > outer)
    if kind == "code":
        return before == "code"
    return before == "paragraph" and "\n" not in gap


def _segment(
    text: str,
    sentences: Sequence[Span],
    hidden: Sequence[bool],
    kind: SegmentKind,
    first: int,
    end: int,
    depth: int,
) -> Segment:
    spans = sentences[first:end]
    said = [span.of(text) for span in spans]
    marker = MARKER.match(text, spans[0].start, spans[0].end)
    return Segment(
        kind,
        first,
        end,
        depth,
        numbered=kind == "item" and marker is not None and marker[0].strip()[:1].isdigit(),
        announces=said[-1].rstrip().endswith((":", "：")),
        opens=kind == "paragraph" and _opens(text, spans[0]),
        is_fault=any(_FAULT.search(one) for one in said),
        lengths=tuple(
            0 if is_hidden else len(one.split())
            for one, is_hidden in zip(said, hidden[first:end], strict=True)
        ),
    )


def captions_of(
    text: str, sentences: Sequence[Span], segments: Sequence[Segment]
) -> tuple[int | None, ...]:
    """Return, for each sentence, which one is the caption of the table that it is a row of.

    A caption is a line before the rows, and no sentence: "Monthly plans". The first row may stand
    in the caption's own sentence.
    """
    captions: list[int | None] = [None] * len(sentences)
    caption: int | None = None
    for segment in segments:
        last = segment.end - 1
        line, _, row = sentences[last].of(text).partition("\n")
        if segment.kind == "row":
            captions[segment.first] = caption
        elif segment.kind == "paragraph" and _is_caption(line) and (not row or is_row(row)):
            caption = last
        else:
            caption = None
    return tuple(captions)


def _is_caption(line: str) -> bool:
    return len(line) <= _HEADING and not line.rstrip().endswith((".", ",", ";", "!", "?"))


def _opens(text: str, first: Span) -> bool:
    """Tell whether a paragraph begins with a question or with a heading on a line of its own."""
    block = text[first.start : first.end + _HEADING].partition("\n\n")[0]
    return first.of(text).endswith(("?", "？", "؟")) or _has_heading(block)


def piece_around(
    segments: Sequence[Segment], sentence: int, *, sure: bool = False, all_rows: bool = False
) -> range:
    """Return the sentences of the piece around one.

    `sure` if no other sentence comes near, `all_rows` if rows are to be compared.
    """
    place = next(
        at for at, segment in enumerate(segments) if segment.first <= sentence < segment.end
    )
    first, last = _core(segments, place, sure=sure, all_rows=all_rows)
    if first == last and segments[place].words > _HARDLY_LONGER:
        return _window(segments[place], sentence)
    core = segments[first : last + 1]
    if (
        first < last
        and core[-1].kind in ("code", "paragraph")
        and any(one.is_fault for one in core)
    ):
        last = _explained(segments, first, last)
    # Several segments are complete by themselves.
    elif first == last and (segments[place].kind == "paragraph" or not sure):
        first, last = _grown(segments, first, last, _MOST_IF_SURE if sure else MOST_WORDS)
    return range(segments[first].first, segments[last].end)


def _core(
    segments: Sequence[Segment], place: int, *, sure: bool, all_rows: bool
) -> tuple[int, int]:
    """Return the first and the last segment without which the one at `place` can't be read."""
    segment = segments[place]
    match segment.kind:
        case "item":
            return _list(segments, place, whole=not sure)
        case "row":
            first, last = _run(segments, place)
            if all_rows:
                first = max(first, min(place - _MOST_ROWS // 2, last + 1 - _MOST_ROWS))
                return first, min(last, first + _MOST_ROWS - 1)
            return place, place
        case "code":
            first, last = _run(segments, place)
            return max(first - 1, 0), last
        case "paragraph":
            first = place - 1 if place and segments[place - 1].announces else place
            following = place + 1
            if following == len(segments):
                return first, place
            if segments[following].kind == "code" or segment.announces:
                return first, _end_of_announced(segments, following)
            return first, place


def _run(segments: Sequence[Segment], place: int) -> tuple[int, int]:
    """Return the first and the last of the adjacent segments of one kind."""
    first = last = place
    while first and segments[first - 1].kind == segments[place].kind:
        first -= 1
    while last + 1 < len(segments) and segments[last + 1].kind == segments[place].kind:
        last += 1
    return first, last


def _end_of_announced(segments: Sequence[Segment], following: int) -> int:
    """Return the last segment of what the segment before `following` announces."""
    if segments[following].kind == "paragraph":
        return _end_of_examples(segments, following)
    _, last = _run(segments, following)
    most = _MOST_STEPS if segments[following].numbered else _HARDLY_LONGER
    while last > following and _words(segments, following, last) > most:
        last -= 1
    return last


def _announces_in_prose(segment: Segment) -> bool:
    return segment.kind == "paragraph" and segment.announces


def _end_of_examples(segments: Sequence[Segment], first: int) -> int:
    """Return the last segment of a paragraph and, if it announces, of its example and the next."""
    last = place = first
    while place + 1 < len(segments) and _announces_in_prose(segments[place]):
        following = place + 1
        is_prose = segments[following].kind == "paragraph"
        end = following if is_prose else _end_of_announced(segments, following)
        if place > first and _words(segments, first, end) > MOST_WORDS:
            break
        last, place = end, following if is_prose else end + 1
    return last


def _list(segments: Sequence[Segment], place: int, *, whole: bool) -> tuple[int, int]:
    """Return an item's list, if it is steps or `whole` and short; else the item with its own."""
    first, last = _run(segments, place)
    announced = first > 0 and _announces_in_prose(segments[first - 1])
    start = first - 1 if announced else first
    words = _words(segments, start, last)
    if (whole and words <= MOST_WORDS) or (segments[place].numbered and words <= _MOST_STEPS):
        return start, last
    end = place
    while end < last and segments[end + 1].depth > segments[place].depth:
        end += 1
    return place, end


def _words(segments: Sequence[Segment], first: int, last: int) -> int:
    return sum(segment.words for segment in segments[first : last + 1])


def _grown(segments: Sequence[Segment], first: int, last: int, most: int) -> tuple[int, int]:
    """Add neighbours, what follows before what precedes, up to `most` words."""
    words = _words(segments, first, last)
    grows = True
    while grows:
        grows = False
        after = segments[last + 1] if last + 1 < len(segments) else None
        if after is not None and not after.opens and words + after.words <= most:
            last, words, grows = last + 1, words + after.words, True
        if first and not segments[first].opens:
            start, room = _before(segments, first, most)
            more = _words(segments, start, first - 1)
            if words + more <= room:
                first, words, grows = start, words + more, True
    return first, last


def _before(segments: Sequence[Segment], first: int, most: int) -> tuple[int, int]:
    """Return where what precedes `first` begins, and the words that a piece may have with it.

    Steps are shown from their first one, or not at all: "That is it" follows them.
    """
    if not segments[first - 1].numbered:
        return first - 1, most
    start, _ = _run(segments, first - 1)
    return start, _MOST_STEPS if segments[first].kind == "paragraph" else most


def _explained(segments: Sequence[Segment], first: int, last: int) -> int:
    """Return the last of the paragraphs that say more of an announced error, up to `MOST_WORDS`.

    Whoever asks with the words of an error has it before them: what helps follows it.
    """
    for following in range(last + 1, len(segments)):
        segment = segments[following]
        ends = segment.kind != "paragraph" or segment.opens or segment.announces
        if ends or _words(segments, first, following) > MOST_WORDS:
            return following - 1
    return len(segments) - 1


def _window(segment: Segment, sentence: int) -> range:
    """Return as many sentences of a long segment around one as fit, those after it first."""
    lengths = segment.lengths
    first, end = sentence - segment.first, sentence - segment.first + 1
    words = lengths[first]
    while end < len(lengths) and words + lengths[end] <= MOST_WORDS:
        words += lengths[end]
        end += 1
    while first and words + lengths[first - 1] <= MOST_WORDS:
        first -= 1
        words += lengths[first]
    return range(segment.first + first, segment.first + end)


def without_heading(text: str, span: Span) -> Span:
    """Return a sentence without the heading line before it, if it is clear alone."""
    sentence = span.of(text)
    _, _, rest = sentence.partition("\n")
    rest = rest.lstrip()
    clear = rest.endswith((".", "!")) and len(rest.split()) >= _WHOLE_SENTENCE
    if not _has_heading(sentence) or not clear or "\n" in rest:
        return span
    return Span(span.end - len(rest), span.end)


def _has_heading(sentence: str) -> bool:
    """Tell whether a sentence begins with the heading of a small section joined with others."""
    heading, line, rest = sentence.partition("\n")
    begins = rest.lstrip()[:1]
    return (
        bool(line)
        and len(heading) <= _HEADING
        and not heading.rstrip().endswith((".", ":", ",", ";", "!", "?"))
        and (begins.isupper() or begins.isdigit())
    )
