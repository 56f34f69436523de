"""The fitted weights, from the file that the fitting script writes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

ITEM_FEATURES: Final = ("cosine", "likeness")
"""What a Q&A item's question and the visitor's share; see `likeness_both_ways`."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights for one group of languages; each vector is in the order of the feature names.

    `qa` weighs ITEM_FEATURES and a constant, on the scale of `rank`. The others give probabilities:
    the logistic function of weights times features, plus the last weight. `subject`: that the
    passage is on the subject; `confidence`: that it then answers; `qa_confidence`: that an item is
    the one meant.
    """

    rank: NDArray[np.float32]
    sentence: NDArray[np.float32]
    subject: NDArray[np.float32]
    confidence: NDArray[np.float32]
    qa: NDArray[np.float32]
    qa_confidence: NDArray[np.float32]


@cache
def weights_for(language: str) -> Weights:
    """Return the weights for questions in a language; the embedder knows English best."""
    stored = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    group = stored["groups"]["en" if language == "en" else "other"]
    return Weights(
        rank=_vector(group["rank"]),
        sentence=_vector(group["sentence"]),
        subject=_vector(group["subject"]),
        confidence=_vector(group["confidence"]),
        qa=_vector(group["qa"]),
        qa_confidence=_vector(group["qa_confidence"]),
    )


def _vector(by_name: dict[str, float]) -> NDArray[np.float32]:
    return np.array(list(by_name.values()), np.float32)
