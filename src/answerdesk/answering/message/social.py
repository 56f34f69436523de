"""Finds what is said around a question: greeting, thanks, pleasantries, signature."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from answerdesk.answering.message.manners import MANNERS
from answerdesk.answering.message.manners.words import Manners
from answerdesk.kit.spans import Span

Phrase = Literal[
    "who_are_you",
    "how_are_you",
    "offering",
    "thanks",
    "pleasantry",
    "closing",
    "bye",
    "hello",
    "ok",
]

# In this order, since "good" is a sign of agreement and "good morning" a greeting.
_PHRASES: Final[tuple[Phrase, ...]] = (
    "who_are_you",
    "how_are_you",
    "offering",
    "thanks",
    "pleasantry",
    "closing",
    "bye",
    "hello",
    "ok",
)
_NAMED: Final[frozenset[str]] = frozenset({"hello", "thanks", "closing", "bye", "ok", "pleasantry"})
"""Phrases that may be said to somebody, or signed, by name."""

_SIGNED: Final[frozenset[str]] = frozenset({"thanks", "closing", "bye"})

_ENDS_WORD: Final = r"(?!['-]?\w)"
_MOST_PLEAS: Final = 3
_MOST_WORDS: Final = 5
"""Words of the longest politeness at the end of a sentence."""

_UNSPACED: Final = frozenset({"ja"})
_FIRST_UNSPACED: Final = "\u3000"

# Marks and pictures between phrases. An opening mark of what follows isn't one of them.
GAP: Final = re.compile(
    r"(?:[\s,.!…–—、。！،؛~*-]|[:;]-?[)(dp3]|[:;]|<3"
    r"|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d])*+"
)
_OPENERS: Final = frozenset("¡¿")
_AND: Final = re.compile(r"(?:and|but|und|et|y|e|en|i|so|also|&|\+) ")
_TITLE: Final = (
    r"(?:(?:Mrs?|Ms|Dr|Prof|Herr|Frau|Hr|Fr|Mme|M|Mlle|Sig|Sr|Sra|Dhr|Mevr|Pan|Pani)\.? )?"
)
_NAME: Final = re.compile(
    rf"{_TITLE}[A-ZÀ-ÖØ-ÞĀ-ž][\w'’.-]{{0,30}}(?: (?:(?:van|von|de|der|di|da|del|la|el|zu) ){{0,2}}"
    r"[A-ZÀ-ÖØ-ÞĀ-ž][\w'’.-]{0,30}){0,3}"
)
_NOES: Final = frozenset({"no", "nein", "non", "não", "nee", "nie"})
_MARKS: Final = frozenset(",!:;–")
# "hi john, …": a name in lower case counts only after a greeting and before a comma.
_LOWER_NAME: Final = re.compile(r"[^\W\d_]{2,15}(?=,)")


@dataclass(frozen=True, slots=True)
class Lead:
    """The phrases that a sentence begins with, and where what they lead to begins."""

    end: int
    phrases: tuple[Phrase, ...]


class Vocabulary:
    """The phrases of some languages."""

    def __init__(self, languages: Iterable[str]) -> None:
        spaced = [MANNERS[one] for one in languages if one not in _UNSPACED]
        unspaced = [MANNERS[one] for one in languages if one in _UNSPACED]
        # One pattern each: a union of named groups takes twice the time of them all.
        self._spaced = _patterns(spaced, _ENDS_WORD)
        self._unspaced = _patterns(unspaced, "")
        every = [*spaced, *unspaced]
        self._addressee = re.compile(f"(?:{_either(every, 'addressee')}){_ENDS_WORD}")
        self._opening = re.compile(
            f"(?:{_either(every, 'opening')}|{_either(every, 'asking')}){_ENDS_WORD}"
        )
        self._please = re.compile(_either(every, "please"))

    def lead(self, text: str, plain: str, sentence: Span, *, only: bool) -> Lead:
        """Return the phrases that a sentence of `text` begins with.

        `plain` is the text in lower case with plain apostrophes. `only` tells that the message has
        no other sentence: then a name that ends it might be what is asked for.
        """
        phrases: list[Phrase] = []
        place = GAP.match(plain, sentence.start, sentence.end).end()  # type: ignore[union-attr]
        reached = place
        while place < sentence.end:
            found = self._phrase(plain, place, sentence.end)
            if found is None:
                break
            phrase, end = found
            spoken_to = self._named(text, plain, Span(end, sentence.end), phrase, only=only)
            if not self._may_end(plain, spoken_to, sentence.end, phrase):
                break
            phrases.append(phrase)
            reached = place = GAP.match(plain, spoken_to, sentence.end).end()  # type: ignore[union-attr]
            joined = _AND.match(plain, place, sentence.end)
            if joined is not None and self._phrase(plain, joined.end(), sentence.end):
                place = joined.end()
        return Lead(reached, tuple(phrases))

    def without_please(self, plain: str, body: Span) -> int:
        """Return where a sentence ends without the politeness at its end."""
        end = body.end
        for _ in range(_MOST_PLEAS):
            shorter = self._before_please(plain, body.start, end)
            if shorter is None:
                break
            end = shorter
        return end

    def _before_please(self, plain: str, start: int, end: int) -> int | None:
        last = begin = _last_word_end(plain, start, end)
        for _ in range(_MOST_WORDS):
            begin = plain.rfind(" ", start, begin)
            if begin <= start:
                return None
            if self._please.fullmatch(plain, begin + 1, last):
                return len(plain[start:begin].rstrip(" ,;:–-")) + start
        return None

    def _phrase(self, plain: str, place: int, end: int) -> tuple[Phrase, int] | None:
        if plain[place : place + 1] in _OPENERS:
            place += 1
        unspaced = plain[place : place + 1] >= _FIRST_UNSPACED
        for phrase, pattern in self._unspaced if unspaced else self._spaced:
            found = pattern.match(plain, place, end)
            if found is not None:
                return phrase, found.end()
        return None

    def _named(self, text: str, plain: str, after: Span, phrase: Phrase, *, only: bool) -> int:
        """Return where the names of those end who a phrase is said to, or who sign it."""
        place = after.start
        if phrase not in _NAMED:
            return place
        for _ in range(2):
            begin = _skipped(plain, place, after.end)
            found = self._addressee.match(plain, begin, after.end)
            if found is None:
                break
            place = found.end()
        begin = _skipped(plain, place, after.end)
        name = _NAME.match(text, begin, after.end)
        if name is not None:
            at_end = GAP.match(plain, name.end(), after.end).end() == after.end  # type: ignore[union-attr]
            spoken_to = phrase == "hello" and "," not in plain[place:begin]
            marked = name[0].endswith(".") or plain[name.end() : name.end() + 1] in _MARKS
            if (at_end and (phrase in _SIGNED or (phrase == "hello" and not only))) or (
                spoken_to and marked and not (at_end and only)
            ):
                return name.end()
        lower = _LOWER_NAME.match(plain, begin, after.end) if phrase == "hello" else None
        if lower is not None and plain.count(" ", lower.end(), after.end) >= 3:
            return lower.end()
        return place

    def _may_end(self, plain: str, place: int, end: int, phrase: Phrase) -> bool:
        """Tell whether a phrase may end here, and isn't the beginning of something else."""
        if place >= end or not plain[place].isspace():
            return True
        following = GAP.match(plain, place, end).end()  # type: ignore[union-attr]
        if following == end or following > place + 1 or plain[following] in "?？؟":
            return True
        joined = _AND.match(plain, following, end)
        if self._phrase(plain, following, end) or (
            joined is not None and self._phrase(plain, joined.end(), end)
        ):
            return True
        if plain[_word_start(plain, place) : place] in _NOES:
            return False  # "No refund received"
        return phrase in _NAMED and self._opening.match(plain, following, end) is not None


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text.strip(" \n.,!")) is not None


def _skipped(plain: str, place: int, end: int) -> int:
    while place < end and plain[place] in ", \n":
        place += 1
    return place


def _word_start(plain: str, end: int) -> int:
    while end and plain[end - 1].isalpha():
        end -= 1
    return end


def _last_word_end(plain: str, start: int, end: int) -> int:
    while end > start and not plain[end - 1].isalnum():
        end -= 1
    return end


def _patterns(every: Sequence[Manners], end: str) -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
    if not every:
        return ()
    return tuple((one, re.compile(f"(?:{_either(every, one)}){end}")) for one in _PHRASES)


def _either(every: Iterable[Manners], field: str) -> str:
    return "|".join(getattr(one, field) for one in every)


EVERY_LANGUAGE: Final = Vocabulary(MANNERS)
ONE_LANGUAGE: Final = {one: Vocabulary([one]) for one in MANNERS}
