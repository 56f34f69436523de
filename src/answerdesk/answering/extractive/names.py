"""Reads a passage as if it called things what the question calls them.

Where a passage uses a synonym of the question's word, everything that judges it (its evidence, its
headings, what it defines, names that must match) is to find the question's word there. So the word
is put there before the passage is taken apart. What is shown is the passage as it stands.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from answerdesk.answering.extractive.passage import Passage
from answerdesk.kit.spans import Span
from answerdesk.kit.words import words_of
from answerdesk.knowledge.types import SearchQuestion

_MOST_PLACES: Final = 50
"""Maximum words of one text to replace, each by something that may be much longer."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of what the question asks for, by its words; `content` has those that say something.

    `asked` is what the question calls it. It is met in any letters, or as it is `written`.
    """

    words: tuple[str, ...]
    content: frozenset[str]
    asked: str
    written: str = ""

    def is_met(self, said: str) -> bool:
        """Tell whether it is what a text with its words says."""
        return not self.written or said == self.written


class Names:
    """The other names of what one question asks for."""

    def __init__(self, question: SearchQuestion) -> None:
        self._language = question.language
        self._own: set[tuple[str, ...]] = set()
        self._names: list[_Name] = []
        for synonym in question.synonyms:
            asked = " ".join(synonym.asked.split())
            own = self._name(asked, asked)
            self._own.add(own.words)
            others = (self._name(other, asked) for other in synonym.others)
            if synonym.as_written:
                others = (
                    replace(name, written=other)
                    for name, other in zip(others, synonym.others, strict=True)
                )
            self._names += [own, *others]
        self._names.sort(key=lambda name: -len(name.words))

    def _name(self, text: str, asked: str) -> _Name:
        words = words_of(text, self._language)
        content = frozenset(word.term for word in words if not word.stop)
        return _Name(tuple(word.term for word in words), content, asked)

    def used_in(self, passage: Passage) -> bool:
        """Tell whether a passage, or a heading above it, may use another name; a cheap look."""
        said = passage.places.keys() | passage.above
        return any(
            name.content and name.content <= said
            for name in self._names
            if name.words not in self._own
        )

    def as_asked(self, text: str, sentences: Sequence[Span] = ()) -> tuple[str, tuple[Span, ...]]:
        """Return a text with the question's names in place of others, and where its sentences are.

        A name does not reach from one sentence into the next.
        """
        bounds = sorted({bound for span in sentences for bound in (span.start, span.end)})
        parts: list[str] = []
        ends: list[int] = []
        longer: list[int] = []
        done = 0
        for start, end, asked in self._found(text):
            inside = bisect_right(bounds, start)
            if inside < len(bounds) and bounds[inside] < end:
                continue
            parts += (text[done:start], asked)
            ends.append(end)
            longer.append(len(asked) - (end - start))
            done = end
            if len(ends) >= _MOST_PLACES:
                break
        parts.append(text[done:])
        moved = [0, *accumulate(longer)]
        return "".join(parts), tuple(
            Span(*(place + moved[bisect_right(ends, place)] for place in (span.start, span.end)))
            for span in sentences
        )

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where other names are, and what the question calls them; the longest name wins."""
        words = words_of(text, self._language)
        terms = tuple(word.term for word in words)
        place = 0
        while place < len(terms):
            name = next(
                (
                    one
                    for one in self._names
                    if one.words
                    and terms[place : place + len(one.words)] == one.words
                    and one.is_met(text[words[place].start : words[place + len(one.words) - 1].end])
                ),
                None,
            )
            if name is None:
                place += 1
                continue
            last = place + len(name.words) - 1
            if name.words not in self._own:
                yield words[place].start, words[last].end, name.asked
            place = last + 1
