"""Scripts that put no spaces between words: where they are in a text, and what they become.

There is no dictionary: words of a help page (a product's name, a word of the trade) are missing in
any, and question and page must be cut alike. So a run of such a script becomes overlapping grams:
what a writer may vary (one character of a compound, an ending) costs some of them, never all.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_SYLLABIC: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese, Khmer: alphabets, of which one sign says little."""
_HIRAGANA: Final = "\u3041-\u3096"
_KATAKANA: Final = "\u30a1-\u30fa\u30fc-\u30ff"
_HAN: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HANGUL: Final = "\uac00-\ud7a3"

UNSPACED: Final = f"{_SYLLABIC}{_HIRAGANA}{_KATAKANA}{_HAN}"
"""Characters of scripts without spaces, as in a pattern's class."""
DENSE: Final = f"{UNSPACED}{_HANGUL}"
"""The same and Korean, whose words include their particles."""

MARKS: Final = "".join(
    chr(code) for code in range(0x300, 0xE00) if unicodedata.category(chr(code))[0] == "M"
)
"""Signs that `re` counts as no letters although they belong to their word, as in a pattern's class:
without its vowel signs, a word of Hindi falls apart into consonants."""

_HANGUL_RUN: Final = re.compile(rf"[{_HANGUL}]+")
_ALONE: Final = re.compile(rf"[{_HAN}{_KATAKANA}]")
_IN_THREES: Final = re.compile(rf"(?=([{_KATAKANA}]{{3}}|[{_SYLLABIC}]{{3}}))")
_PART: Final = re.compile(
    rf"[{_HAN}{_KATAKANA}]|(?P<many>[{_HIRAGANA}]+|[{_SYLLABIC}]+|[{_HANGUL}]+)"
)
_ONE: Final = re.compile(rf"[{UNSPACED}]{{1,3}}")
_IS_UNSPACED: Final = re.compile(rf"[{UNSPACED}]")

_SHARES: Final = (0.0, 0.7, 0.3, 0.15)
"""By length. One word gives several grams, which together are worth about one word; a character of
Chinese is more often a word by itself than a pair that is cut without regard to words. Swept on the
questions of `benchmarks/languages`; a word of another script is worth 1."""


def grams(run: str) -> list[str]:
    """Return the terms of a run of such a script.

    Each character of Chinese and Katakana, each pair, and where a sign says little each three.
    """
    if len(run) == 1:
        return [run]
    if _HANGUL_RUN.fullmatch(run):
        return _pairs(run)
    return [*_ALONE.findall(run), *_pairs(run), *_IN_THREES.findall(run)]


def is_unspaced(character: str) -> bool:
    """Tell whether a character is of a script without spaces; Korean has some."""
    return _IS_UNSPACED.match(character) is not None


def share_of_gram(term: str) -> float | None:
    """Return the share of a word's worth that a gram has; None if the term is none."""
    if term.isascii() or not _ONE.fullmatch(term):
        return None
    return _SHARES[len(term)]


def units(run: str) -> Iterator[tuple[int, int]]:
    """Yield the places in a run of what counts as a word where words are compared one by one.

    Each is one of the run's `grams`. A single sign of Hiragana is a particle, and left out.
    """
    for part in _PART.finditer(run):
        start, end = part.span()
        if part["many"] is None:
            yield start, end
            continue
        size = 3 if "\u0e00" <= part["many"][0] <= "\u17ff" and end - start >= 3 else 2
        if end - start < size and len(run) == 1:
            yield start, end
        yield from ((at, at + size) for at in range(start, end - size + 1))


def _pairs(run: str) -> list[str]:
    return [one + other for one, other in pairwise(run)]
