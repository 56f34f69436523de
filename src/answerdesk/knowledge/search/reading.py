"""Which languages a question is read in, and the terms that gives.

Documents are indexed by the terms of their own language. A question is often too short to tell its
language by, so it is read in every language that the project has.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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
class Reading:
    """A question read: `terms` in its own language, `others` in further languages, each counted."""

    language: str
    languages: tuple[str, ...]
    terms: Counter[str]
    others: Counter[str]

    @property
    def every_term(self) -> list[str]:
        """The distinct terms of all languages."""
        return list(self.terms | self.others)


async def read_beside(text: str, project_languages: Sequence[str]) -> Reading:
    """Do as `read`, beside the event loop where the text is long."""
    if len(text) <= _SHORT:
        return read(text, project_languages)
    return await asyncio.to_thread(read, text, project_languages)


def read(text: str, project_languages: Sequence[str]) -> Reading:
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
    return Reading(language, (language, *dict.fromkeys(further)), terms, others)


def _counted(text: str, language: str) -> Counter[str]:
    return Counter(dict(Counter(analyse(text, language)).most_common(_MOST_TERMS)))


def _without_stop_words(text: str, language: str) -> str:
    stops = stop_words(language)
    return _WORD.sub(lambda word: " " if word.group().casefold() in stops else word.group(), text)
