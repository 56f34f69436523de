"""Whether a text contains a gold string, after SQuAD's usual normalisation."""

import re
import string
from collections.abc import Iterable
from typing import Final

_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise(text: str) -> str:
    """Return the text in small letters, without punctuation and articles, singly spaced."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def contains(text: str, golds: Iterable[str]) -> bool:
    """Tell whether a gold string is in the text, wherever it stands."""
    inside = normalise(text)
    return any(gold in inside for gold in map(normalise, golds) if gold)


def contains_words(text: str, golds: Iterable[str]) -> bool:
    """Tell whether a gold string is in the text as whole words: stricter, "5" is not in "1956"."""
    inside = f" {normalise(text)} "
    return any(f" {gold} " in inside for gold in map(normalise, golds) if gold)
