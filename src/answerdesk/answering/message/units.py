"""Takes a message apart into its sentences, each without what is said around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from answerdesk.answering.message.social import EVERY_LANGUAGE, Phrase, is_name
from answerdesk.kit.abbreviations import before_number, either, introducing
from answerdesk.kit.sentences import sentences
from answerdesk.kit.spans import Span

_MOST: Final = 120
"""Sentences to read. Of more, the first and the last third, and of the questions between them, the
first and the last sixth: so no question is lost in a pasted text."""

_SIGNATURE: Final = 60
"""Characters of the longest line of a signature."""

# People who chat write no capitals, so a stop before a small letter may end a sentence.
_CARELESS_STOP: Final = re.compile(r"[^\W\d_]{2}[.…]\s(?=[^\W\d_])")
_SIGNED: Final[frozenset[Phrase]] = frozenset({"closing", "thanks", "bye"})
_ASKS: Final = frozenset("?？؟")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence: its `body` says something, the `phrases` before it don't."""

    body: Span
    phrases: tuple[Phrase, ...]
    marked: bool

    @property
    def says(self) -> bool:
        return self.body.start < self.body.end


def units_of(text: str, plain: str, language: str) -> list[Unit]:
    """Return the sentences of `text`; `plain` is the same in lower case."""
    spans = list(_sentences(text, language))
    if len(spans) > _MOST:
        ends, some = _MOST // 3, _MOST // 6
        asks = [one for one in spans if text[one.end - 1] in _ASKS]
        spans = sorted({*spans[:ends], *spans[-ends:], *asks[:some], *asks[-some:]})
    found = [_unit(text, plain, span, only=len(spans) == 1) for span in spans]
    return _unsigned(text, found)


def _sentences(text: str, language: str) -> Iterator[Span]:
    for span in sentences(text, language):
        begin = span.start
        for stop in _CARELESS_STOP.finditer(text, span.start, span.end):
            word = text[begin : stop.end() - 2].rsplit(maxsplit=1)
            last = word[-1].lower() if word else ""
            if last in introducing(language) or either(last) or before_number(last):
                continue
            yield Span(begin, stop.end() - 1)
            begin = stop.end()
        yield Span(begin, span.end)


def _unit(text: str, plain: str, span: Span, *, only: bool) -> Unit:
    lead = EVERY_LANGUAGE.lead(text, plain, span, only=only)
    body = Span(lead.end, span.end)
    tail = plain[_last_letter(plain, body) : span.end]
    marked = not _ASKS.isdisjoint(tail)
    if not any(one.isalnum() for one in body.of(plain)):
        return Unit(Span(span.end, span.end), lead.phrases, marked)
    return Unit(Span(body.start, EVERY_LANGUAGE.without_please(plain, body)), lead.phrases, marked)


def _last_letter(plain: str, body: Span) -> int:
    end = body.end
    while end > body.start and not plain[end - 1].isalnum():
        end -= 1
    return end


def _unsigned(text: str, found: list[Unit]) -> list[Unit]:
    """Return the sentences, those without a body that belong to a signature."""
    signing = named = False
    without: list[Unit] = []
    for unit in found:
        said = unit.body.of(text)
        if unit.says and not unit.marked and _signs(said, signing=signing, named=named):
            without.append(Unit(Span(unit.body.end, unit.body.end), unit.phrases, marked=False))
            continue
        without.append(unit)
        if unit.says:
            signing = named = False
        else:
            signing = signing or "closing" in unit.phrases
            named = not _SIGNED.isdisjoint(unit.phrases) or (
                "hello" in unit.phrases and len(found) > 2
            )
    return without


def _signs(said: str, *, signing: bool, named: bool) -> bool:
    if signing and len(said) <= _SIGNATURE:
        return True
    return named and is_name(said)
