"""What a question asks: its words with their worth, names, numbers, the kind of thing wanted."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.designations import Designations, asked_by, identifiers_in
from answerdesk.answering.extractive.forms import to_be_defined
from answerdesk.answering.extractive.kinds import expected_kind
from answerdesk.kit.terms import share_of
from answerdesk.kit.words import Word, words_of

_FRAME_WEIGHT: Final = 0.3
"""Weight of a word that frames a question and is rare in its answer, as in "what type of …"."""

_PRIOR: Final = 1.0
"""Worth of every term in addition to its idf: with few documents, idf says little about how rare a
word is, and with one, nothing."""

_MOST_WORDS: Final = 256
"""Maximum words of a question to analyse: half from its beginning, half from its end."""

_FRAME: Final = {
    "en": frozenset(
        (
            "type types kind kinds sort name named names call called term amount percentage "
            "percent number many much long often far old happen happened happens another "
            "along able help helped reason reasons impact show shown main primary begin "
            "began start started start make made do done say said go went give given gave "
            "describe described example examples include including also considered known "
            "located become became use used year date time city country person people group "
            "thing things way ways mean means meaning refer refers referred take took get "
            "got tell know want need like please find found prior compared compare usually "
            "initially believed thought back according cause caused result lead led"
        ).split()
    ),
    "de": frozenset(
        (
            "art arten name namen heißt hieß heissen lautet lautete nennt nannte genannt "
            "bezeichnet bezeichnung anzahl zahl prozentsatz prozent hoch lange viel viele "
            "liegt lag befindet befand gibt gab fand passierte geschah ging jahr datum stadt "
            "land person gruppe teil grund vergleich bezug beispiel laut statt neben gemeint "
            "verwendet benutzt nutzt wofür wozu womit woran worauf wovon worin wodurch beim "
            "oft beiden entstand bekannt ansicht"
        ).split()
    ),
}
_NEGATIONS: Final = {
    "en": frozenset(
        (
            "not never no none nobody nothing neither nor without cannot can't don't doesn't "
            "didn't isn't aren't wasn't weren't won't wouldn't couldn't hasn't haven't "
            "hadn't shouldn't unable lack lacked except failed fail "
            "prevent prevents prevented refuse refuses refused"
        ).split()
    ),
    "de": frozenset(
        (
            "nicht kein keine keinen keiner keinem nie niemals niemand nichts ohne weder außer"
        ).split()
    ),
}

_YES_OR_NO: Final = {
    "en": frozenset(
        (
            "is are was were am do does did can could will would shall should may might must has "
            "have had isn't aren't don't doesn't can't"
        ).split()
    ),
    "de": frozenset(
        (
            "ist sind war waren bin kann können könnte darf dürfen muss müssen soll sollte hat "
            "haben hatte wird werden gibt habe"
        ).split()
    ),
}


# No slots: what is derived from a question is computed once, for all its candidates.
@dataclass(frozen=True)
class Asked:
    """An analysed question.

    `worth` has the weight of each distinct content term, `mass` their sum. `pairs` are adjacent
    content terms. `names` and `numbers` are the terms written as such. `defined` has the terms of
    what a "what is …?" wants explained, and is empty for other questions. `compares`: the answer
    takes several of a kind, as that to "which is the cheapest?" does.
    """

    language: str
    words: tuple[Word, ...]
    terms: tuple[str, ...]
    worth: Mapping[str, float]
    mass: float
    kind: str
    pairs: tuple[tuple[str, str], ...]
    names: frozenset[str]
    numbers: frozenset[str]
    every_term: frozenset[str]
    negated: bool
    defined: frozenset[str]
    yes_or_no: bool
    compares: bool
    designations: Designations
    identifiers: frozenset[str]

    @cached_property
    def shares(self) -> NDArray[np.float32]:
        """The share of each term's worth in the whole, in the order of `terms`."""
        return np.array([self.worth[term] / self.mass for term in self.terms], np.float32)

    @cached_property
    def run(self) -> tuple[tuple[str, float], ...]:
        """Each word in lower case with its worth, 0 for a stop word."""
        return tuple(
            (word.lower, 0.0 if word.stop else self.worth.get(word.term, 0.0))
            for word in self.words
        )

    @cached_property
    def weighted_pairs(self) -> tuple[tuple[str, str, float], ...]:
        """Each pair once, with its weight: that of its lesser term, as often as it is asked."""
        return tuple(
            (one, other, times * min(self.worth[one], self.worth[other]))
            for (one, other), times in Counter(self.pairs).items()
        )


_COMPARES: Final = {
    "en": re.compile(
        r"\b(?:compare[ds]?|comparison|differ(?:s|ences?|ent)?|versus|vs|list|all|each|every"
        r"|(?:cheap|large|small|big|fast|slow|long|short|high|low|late|early|old|new|heav|light|near"
        r"|few|great|strong|thin|thick|narrow|wid)(?:i?est)|best|worst|(?<!at )(?:most|least)"
        r"|(?:which|what)(?: \w+){0,2} \w{2,}s"
        r" (?:are|do|have|can|include|support|cost|come|offer))\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:vergleich\w*|unterscheide\w*|unterschiede?|alle|jede[rs]?|sämtliche|am \w+sten"
        r"|(?:günstig|billig|groß|größ|klein|schnell|langsam|lang|läng|kurz|kürz|hoch|höch|niedrig"
        r"|neu|alt|ält|schwer|leicht|best|wenig|meist)(?:e?ste[nmrs]?|e[nmrs]?)"
        r"|welche \w+e[nrs]? (?:haben|sind|können|enthalten|kosten|bieten))\b",
        re.IGNORECASE,
    ),
}


def take_apart(text: str, language: str, idf: Mapping[str, float]) -> Asked:
    """Analyse a question; `idf` is by index term, and a missing term counts as unknown."""
    found = tuple(words_of(text, language))
    if len(found) > _MOST_WORDS:
        found = found[: _MOST_WORDS // 2] + found[-_MOST_WORDS // 2 :]
    content = [word for word in found if not word.stop] or list(found)
    most = max(idf.values(), default=1.0)
    frame = _FRAME.get(language, frozenset())
    worth: dict[str, float] = {}
    for word in content:
        share = share_of(word.term)
        weight = idf.get(word.term, most * share) + _PRIOR * share
        if word.lower in frame:
            weight *= _FRAME_WEIGHT
        worth.setdefault(word.term, max(weight, 0.01))
    numbers = frozenset(word.term for word in content if word.number)
    first = found[0].start if found else 0
    names = (
        frozenset(word.term for word in content if word.capital and word.start > first) - numbers
    )
    terms = [word.term for word in content]
    first_word = found[0].lower if found else ""
    return Asked(
        language=language,
        words=found,
        terms=tuple(worth),
        worth=worth,
        mass=sum(worth.values()) or 1.0,
        kind=expected_kind(text, language),
        pairs=tuple((a, b) for a, b in pairwise(terms) if a != b),
        names=names,
        numbers=numbers,
        every_term=frozenset(word.term for word in found),
        negated=is_negated(found, language),
        defined=frozenset(
            word.term for word in words_of(to_be_defined(text, language), language) if not word.stop
        ),
        yes_or_no=first_word in _YES_OR_NO.get(language, ()),
        designations=asked_by(text),
        identifiers=identifiers_in(text),
        compares=language in _COMPARES and _COMPARES[language].search(text) is not None,
    )


def is_negated(found: tuple[Word, ...], language: str) -> bool:
    """Tell whether the words contain a negation."""
    negations = _NEGATIONS.get(language, frozenset())
    return any(word.lower in negations for word in found)
