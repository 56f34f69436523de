"""What each token of a question asks for."""

import re

import numpy as np
import pytest

from answerdesk.providers.minilm.weights import locate
from answerdesk.providers.minilm.windows import WindowTokenizer
from answerdesk.providers.token_weights import CONTENT, FUNCTION, PUNCTUATION, token_weights


def weights_of(text: str) -> dict[str, float]:
    """Return the weight of each piece of letters or of one other character."""
    pieces = list(re.finditer(r"\w+|[^\w\s]", text))
    found = token_weights(text, [piece.span() for piece in pieces])
    assert found.dtype == np.float32
    return {piece.group(): round(float(one), 3) for piece, one in zip(pieces, found, strict=True)}


def test_stop_words_and_punctuation_ask_for_little() -> None:
    assert weights_of("Where is the invoice?") == {
        "Where": FUNCTION,
        "is": FUNCTION,
        "the": FUNCTION,
        "invoice": CONTENT,
        "?": PUNCTUATION,
    }


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_a_contraction_is_one_word(apostrophe: str) -> None:
    found = weights_of(f"don{apostrophe}t")
    assert found == {"don": FUNCTION, apostrophe: PUNCTUATION, "t": FUNCTION}


def test_stop_words_are_those_of_the_questions_own_language_and_english_ones() -> None:
    german = weights_of("Wann habt ihr im Sommer the Freibad geöffnet")
    assert german["ihr"] == german["the"] == FUNCTION
    assert german["Freibad"] == german["Sommer"] == CONTENT
    assert weights_of("What is ihr for in the house")["ihr"] == CONTENT


def test_pieces_of_a_word_ask_for_what_it_asks_for() -> None:
    text = "hers bottleneck"
    found = token_weights(text, [(0, 2), (2, 4), (5, 8), (8, 15)])
    np.testing.assert_allclose(found, [FUNCTION, FUNCTION, CONTENT, CONTENT])


def test_nothing_weighs_nothing() -> None:
    assert token_weights("", []).shape == (0,)


def test_the_models_own_tokens_weigh_as_stop_words() -> None:
    question = WindowTokenizer(locate().tokenizer).question("The price?")
    np.testing.assert_allclose(
        question.weights, [FUNCTION, FUNCTION, CONTENT, PUNCTUATION, FUNCTION]
    )
    assert len(question.ids) == len(question.weights)
