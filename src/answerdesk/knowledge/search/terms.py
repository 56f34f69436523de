"""A question's terms: the languages it is read in, and probable meanings of mistyped words.

Documents are indexed by terms of their own language. A question is often too short to detect its
language, so it is read in every language that the project has.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.kit.edit_distance import edit_distance
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.scripts import MARKS
from answerdesk.kit.stopwords import stop_words
from answerdesk.kit.terms import analyse, share_of

MOST_LANGUAGES: Final = 4
"""Maximum languages of a project to consider, those with most chunks first."""

DEFAULT_LANGUAGE: Final = "en"
"""The language in which texts of unknown language are read, at ingestion and here."""

_MOST_TERMS: Final = 64
"""Maximum distinct words of a question in one language; a longer one is a pasted text."""

_SHORT: Final = 400
"""Maximum characters that are fast to read in any number of languages."""

_LETTERS: Final = rf"[^\W\d_]+(?:[{MARKS}]+[^\W\d_]*)*"
_WORD: Final = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """A question's counted terms: `terms` in its own language, `others` in other languages.

    A `foreign` question is in a language that no document is in, and read in the main one.
    """

    language: str
    languages: tuple[str, ...]
    terms: Counter[str]
    others: Counter[str]
    foreign: bool = False

    @property
    def every_term(self) -> list[str]:
        """The distinct terms of all languages."""
        return list(self.terms | self.others)


async def search_terms_beside(text: str, project_languages: Sequence[str]) -> SearchTerms:
    """Run `search_terms`; in a thread if the text is long."""
    if len(text) <= _SHORT:
        return search_terms(text, project_languages)
    return await asyncio.to_thread(search_terms, text, project_languages)


def search_terms(text: str, project_languages: Sequence[str]) -> SearchTerms:
    """Return a question's terms for a project with these languages, main language first."""
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
    # "die" and "war" are English words, but not in a German question.
    bare = _without_stop_words(text, language) if further else text
    others = Counter[str]()
    for other in dict.fromkeys(further):
        others |= _counted(bare, other)
    terms = _counted(text, language)
    for term in terms:
        del others[term]
    foreign = detected not in (UNKNOWN, language)
    return SearchTerms(language, (language, *dict.fromkeys(further)), terms, others, foreign)


def _counted(text: str, language: str) -> Counter[str]:
    kept = Counter[str]()
    room = float(_MOST_TERMS)
    for term, count in Counter(analyse(text, language)).most_common():
        room -= share_of(term)
        if room < 0:
            break
        kept[term] = count
    return kept


def _without_stop_words(text: str, language: str) -> str:
    stops = stop_words(language)
    return _WORD.sub(lambda word: " " if word.group().casefold() in stops else word.group(), text)


MOST_CORRECTED: Final = 4
"""Maximum words of a question to correct; more unknown words mean another subject."""

CORRECTED_WORTH: Final = 0.6
"""A corrected term's share of its worth: the visitor may have meant something else."""

GUESSED_WORTH: Final = 0.3
"""The share if the correction may well be another word, such as "world" for "words"."""

_SURE_FROM: Final = 7
_SHORTEST: Final = 5
_TWO_ERRORS_FROM: Final = 8
_PLAIN_WORD: Final = re.compile(r"(?<![\w.@/+#-])[^\W\d_]+(?![\w@/+#-])")


def plain_words(text: str) -> Iterator[str]:
    """Yield words that may have a typing error: no parts of codes or links, no capitals."""
    for match in _PLAIN_WORD.finditer(text):
        word = match.group()
        if word.islower() or word.istitle():
            yield word


def may_be_mistyped(term: str) -> bool:
    """Tell whether a term is long enough to be recognised despite an error."""
    return len(term) >= _SHORTEST and term.isalpha()


def closest(term: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the vocabulary's term of which `term` is most probably a misspelling, if any.

    Terms may differ by one error, from 8 letters on by two. Fewer errors win, then the same first
    letter, which is seldom mistyped, then the term that more chunks have (the values of
    `vocabulary`).
    """
    most = 2 if len(term) >= _TWO_ERRORS_FROM else 1
    letters = set(term)
    # A cheap test first: one error changes at most one letter for another.
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
    """Tell whether hardly any other word can have been meant.

    Short words resemble many others, and words with another beginning are usually different words
    (German "passiert" and "basiert"). Two words with the same letters in another order are rare.
    """
    same_beginning = len(term) >= _SURE_FROM and term[0] == meant[0]
    return same_beginning or sorted(term) == sorted(meant)


def may_be_near(other: str) -> bool:
    """Tell whether a vocabulary term is a word long enough not to resemble many others."""
    return len(other) >= _SHORTEST - 1 and other.isalpha()


def respelled(text: str, replacements: Mapping[str, str]) -> str:
    """Return `text` with whole words replaced; `replacements` is by word as written in it."""
    return _PLAIN_WORD.sub(lambda match: replacements.get(match.group(), match.group()), text)
