"""The words of a text, with what search and the answering features need to know about each."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from answerdesk.kit.normalisation import normalised
from answerdesk.kit.scripts import MARKS, UNSPACED, is_unspaced, units
from answerdesk.kit.stopwords import stop_words
from answerdesk.kit.terms import LONGEST_TERM, analyse

_LETTERS: Final = rf"[^\W_{UNSPACED}]+(?:[{MARKS}]+[^\W_{UNSPACED}]*)*"
_WORD: Final = re.compile(
    # A code is one word, as the index has it: E-104, 7720-0042-B, ERR_CONN_42.
    r"(?<![\w-])(?:[A-Za-z]{1,3}|[A-Z]{4,12})(?:[-_/](?=[A-Za-z_/-]{0,24}\d)[A-Za-z0-9]{1,12}){1,5}"
    r"(?![\w-])"
    r"|(?<![\w-])\d[\dA-Z]{0,11}(?:[-_/][\dA-Z]{1,12}){0,4}[-_/](?:\d{0,11}[A-Z][\dA-Z]{0,11})"
    r"(?![\w-])"
    rf"|[{UNSPACED}]+"
    rf"|{_LETTERS}(?:['’.,](?=[^\W_{UNSPACED}]){_LETTERS})*"
)


class Word(NamedTuple):
    """One word: its index term, its lower-case form, where it is and how it is written.

    If it is longer than a term can be (data, addresses), term and form are its beginning.
    """

    term: str
    lower: str
    start: int
    end: int
    capital: bool
    number: bool
    stop: bool


def words_of(text: str, language: str) -> list[Word]:
    """Return all words of `text` in order, including stop words.

    A run of a script without spaces gives overlapping words (`scripts.units`).
    """
    return list(_words(text, language))


def _words(text: str, language: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        surface, start, end = match.group(), match.start(), match.end()
        if is_unspaced(surface[0]):
            run = normalised(surface, "NFKC")
            whole = run if len(run) == len(surface) else surface
            for place, behind in units(whole):
                unit = whole[place:behind]
                stop = unit in stop_words(language)
                yield Word(
                    unit,
                    unit,
                    start + place,
                    start + behind,
                    capital=False,
                    number=False,
                    stop=stop,
                )
            continue
        lower = surface[:LONGEST_TERM].lower()[:LONGEST_TERM]
        term, stop = _term(lower, language)
        number = any(one.isdigit() for one in surface)
        # A name may begin in lower case: iPhone, eBay, macOS.
        capital = surface[0].isalpha() and surface[:LONGEST_TERM] != lower
        yield Word(term, lower, start, end, capital, number, stop)


@lru_cache(maxsize=65_536)
def _term(lower: str, language: str) -> tuple[str, bool]:
    stop = lower in stop_words(language) or (len(lower) == 1 and lower.isalpha())
    terms = analyse(lower, language)
    return (terms[0] if terms else lower), stop
