"""Typing errors: what a word that no document has may have been meant as."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from answerdesk.kit.edit_distance import edit_distance

MOST_CORRECTED: Final = 4
"""Words of a question that are looked for in other spellings; more is a text of another subject."""

CORRECTED_WORTH: Final = 0.6
"""What a corrected term counts of its worth: it may have been meant otherwise."""

GUESSED_WORTH: Final = 0.3
"""The same for a correction that may well be another word, such as "world" to a text of words."""

_SURE_FROM: Final = 7
_SHORTEST: Final = 5
_TWO_ERRORS_FROM: Final = 8
_WORD: Final = re.compile(r"(?<![\w.@/+#-])[^\W\d_]+(?![\w@/+#-])")


def plain_words(text: str) -> Iterator[str]:
    """Yield the words that may hold a typing error: no parts of codes and links, no capitals."""
    for match in _WORD.finditer(text):
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
    return _WORD.sub(lambda match: replacements.get(match.group(), match.group()), text)
