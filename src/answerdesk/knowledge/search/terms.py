"""The words of a question: the languages it is read in, and what a mistyped word may mean.

Documents are indexed by the terms of their own language. A question is often too short to tell its
language by, so it is read in every language that the project has.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.kit.edit_distance import edit_distance
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.stopwords import stop_words
from answerdesk.kit.terms import analyse

MOST_LANGUAGES: Final = 4
"""Languages of a project that are considered, those of most chunks first."""

DEFAULT_LANGUAGE: Final = "en"
"""What a text is read in whose language cannot be told, at ingestion as here."""

_MOST_TERMS: Final = 64
"""Distinct terms of a question in one language; a longer one is a pasted text."""

_SHORT: Final = 400
"""Characters that are read in a moment, in any number of languages."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """A question read: `terms` in its own language, `others` in further languages, each counted."""

    language: str
    languages: tuple[str, ...]
    terms: Counter[str]
    others: Counter[str]

    @property
    def every_term(self) -> list[str]:
        """The distinct terms of all languages."""
        return list(self.terms | self.others)


async def search_terms_beside(text: str, project_languages: Sequence[str]) -> SearchTerms:
    """Do as `search_terms`, beside the event loop where the text is long."""
    if len(text) <= _SHORT:
        return search_terms(text, project_languages)
    return await asyncio.to_thread(search_terms, text, project_languages)


def search_terms(text: str, project_languages: Sequence[str]) -> SearchTerms:
    """Read a question to a project whose documents are in these languages, main language first."""
    detected = detect_language(text)
    known = list(
        dict.fromkeys(one if one != UNKNOWN else DEFAULT_LANGUAGE for one in project_languages)
    )
    if detected in known:
        language = detected
    elif known:
        language = known[0]
    else:
        language = detected if detected != UNKNOWN else DEFAULT_LANGUAGE
    further = [one for one in (*known, detected) if one not in (language, UNKNOWN)]
    # "die" and "war" are words of English documents, but not of a German question.
    bare = _without_stop_words(text, language) if further else text
    others = Counter[str]()
    for other in dict.fromkeys(further):
        others |= _counted(bare, other)
    terms = _counted(text, language)
    for term in terms:
        del others[term]
    return SearchTerms(language, (language, *dict.fromkeys(further)), terms, others)


def _counted(text: str, language: str) -> Counter[str]:
    return Counter(dict(Counter(analyse(text, language)).most_common(_MOST_TERMS)))


def _without_stop_words(text: str, language: str) -> str:
    stops = stop_words(language)
    return _WORD.sub(lambda word: " " if word.group().casefold() in stops else word.group(), text)


MOST_CORRECTED: Final = 4
"""Words of a question that are looked for in other spellings; more is a text of another subject."""

CORRECTED_WORTH: Final = 0.6
"""What a corrected term counts of its worth: it may have been meant otherwise."""

GUESSED_WORTH: Final = 0.3
"""The same for a correction that may well be another word, such as "world" to a text of words."""

_SURE_FROM: Final = 7
_SHORTEST: Final = 5
_TWO_ERRORS_FROM: Final = 8
_PLAIN_WORD: Final = re.compile(r"(?<![\w.@/+#-])[^\W\d_]+(?![\w@/+#-])")


def plain_words(text: str) -> Iterator[str]:
    """Yield the words that may hold a typing error: no parts of codes and links, no capitals."""
    for match in _PLAIN_WORD.finditer(text):
        word = match.group()
        if word.islower() or word.istitle():
            yield word


def may_be_mistyped(term: str) -> bool:
    """Tell whether a term is long enough to be recognised with an error in it."""
    return len(term) >= _SHORTEST and term.isalpha()


def closest(term: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the term of the vocabulary that `term` is most likely a typing error of, if any.

    One error is forgiven, two in terms of 8 letters. Fewer errors come first, then the same first
    letter, which is seldom mistyped, then the term that more chunks have (`vocabulary`: how many).
    """
    most = 2 if len(term) >= _TWO_ERRORS_FROM else 1
    letters = set(term)
    # A cheap bound first: an error exchanges one letter for another at most.
    near = [
        other
        for other in vocabulary
        if len(letters.symmetric_difference(other)) <= 2 * most and may_be_near(other)
    ]
    for errors in range(1, most + 1):
        found = [other for other in near if edit_distance(term, other, errors) == errors]
        if found:
            return min(found, key=lambda other: (other[0] != term[0], -vocabulary[other], other))
    return None


def is_sure(term: str, meant: str) -> bool:
    """Tell whether hardly another word can have been meant.

    Short words have other words near them, and words that begin otherwise are others (German
    "passiert" and "basiert"); but seldom are there two of the same letters in another order.
    """
    same_beginning = len(term) >= _SURE_FROM and term[0] == meant[0]
    return same_beginning or sorted(term) == sorted(meant)


def may_be_near(other: str) -> bool:
    """Tell whether a term of the vocabulary is a word, and none so short that many are near it."""
    return len(other) >= _SHORTEST - 1 and other.isalpha()


def respelled(text: str, replacements: Mapping[str, str]) -> str:
    """Return `text` with whole words exchanged; `replacements` is by word as it stands there."""
    return _PLAIN_WORD.sub(lambda match: replacements.get(match.group(), match.group()), text)
