"""How much each token of a question asks for: "the" and "?" are in every passage."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.kit.language import detect_language
from answerdesk.kit.stopwords import stop_words

CONTENT: Final = 1.0
FUNCTION: Final = 0.3
"""Stop words, and tokens that a model adds."""
PUNCTUATION: Final = 0.1

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def token_weights(text: str, tokens: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """Return the weight of each token of a question; `tokens` are ranges of `text`, in order.

    A word is a stop word if it is one in English or in the text's own language.
    """
    function = stop_words("en") | stop_words(detect_language(text))
    stops = [
        match.span()
        for match in _WORD.finditer(text, 0, tokens[-1][1] if tokens else 0)
        if match.group().lower().replace("’", "'") in function
    ]
    weights = np.empty(len(tokens), np.float32)
    place = 0
    for index, (start, end) in enumerate(tokens):
        while place < len(stops) and stops[place][1] <= start:
            place += 1
        if not any(one.isalnum() for one in text[start:end]):
            weights[index] = PUNCTUATION
        elif place < len(stops) and stops[place][0] <= start:
            weights[index] = FUNCTION
        else:
            weights[index] = CONTENT
    return weights
