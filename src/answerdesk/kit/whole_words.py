"""Finds a word or phrase in a message as whole words, whatever its case and spacing."""

import re
from functools import lru_cache
from typing import Final

from answerdesk.kit.normalisation import normalised
from answerdesk.kit.whitespace import squeezed

_WORDS: Final = re.compile(r"\w+")
# Scripts that put no spaces between words.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]"
)


class Said:
    """A message, prepared once for all phrases."""

    def __init__(self, text: str) -> None:
        self._squeezed = folded(text)
        self._words = _in_words(self._squeezed)

    def has(self, phrase: str) -> bool:
        """Tell whether it contains the phrase as whole words."""
        whole, words = _prepared(phrase)
        return words in self._words if words else whole in self._squeezed


@lru_cache(maxsize=4096)
def _prepared(phrase: str) -> tuple[str, str]:
    """Return a phrase folded, and as words; no words if it is to be found anywhere."""
    whole = folded(phrase)
    anywhere = _UNSPACED.search(whole) is not None or _WORDS.search(whole) is None
    return whole, "" if anywhere else _in_words(whole)


def folded(text: str) -> str:
    """Return the text as it is compared: without differences of case, width and spacing."""
    return squeezed(normalised(text, "NFKC")).casefold()


def _in_words(text: str) -> str:
    return f" {' '.join(_WORDS.findall(text))} "
