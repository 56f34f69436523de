"""The fitted weights, from the file that the fitting script writes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.knowledge.types import SearchQuestion
from answerdesk.providers.embedders import MINILM_SPACE, MULTILINGUAL_SPACE

ITEM_FEATURES: Final = ("cosine", "likeness")
"""What a Q&A item's question and the visitor's share; see `likeness_both_ways`."""


_Group = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights for one group of languages; each vector is in the order of the feature names.

    `qa` weighs ITEM_FEATURES and a constant, on the scale of `rank`. The others give probabilities:
    the logistic function of weights times features, plus the last weight. `subject`: that the
    passage is on the subject; `confidence`: that it then answers; `qa_confidence`: that an item is
    the one meant. `apart` adds to the log odds of `subject` how far the passage stands apart from
    the other candidates (`Crowd`); it is 0 where distances alone say enough.
    """

    rank: NDArray[np.float32]
    sentence: NDArray[np.float32]
    subject: NDArray[np.float32]
    confidence: NDArray[np.float32]
    qa: NDArray[np.float32]
    qa_confidence: NDArray[np.float32]
    apart: float = 0.0


FILES: Final = {MULTILINGUAL_SPACE: "weights_multilingual.json"}
"""Spaces whose weights are fitted to their own similarities; others use the included model's."""


_UNREAD: Final = frozenset({"hi", "ja", "km", "ko", "lo", "my", "th", "vi", "zh"})
"""Languages that the included model can't read: its vocabulary has single signs of their scripts,
and of Vietnamese it drops the marks."""

_SYLLABIC: Final = frozenset({"km", "lo", "my", "th"})

FAR: Final = "far"
FAR_FOREIGN: Final = "far_foreign"
"""The groups of `_FAR`'s weights, for passages in the question's language and in others."""

_FAR: Final = _UNREAD | {
    *("ar", "bg", "bn", "el", "fa", "he", "hy", "ka", "ru", "ta", "te", "uk", "ur"),
}
"""Languages whose texts are near each other in the multilingual space whatever they say: its middle
is that of English and German texts."""


def has_meaning(question: SearchQuestion) -> bool:
    """Tell whether vectors say how near a question and a passage are in meaning.

    Those that the included model makes of a language that it can't read say nothing.
    """
    return question.language not in _UNREAD or question.space not in ("", MINILM_SPACE)


def weights_of(question: SearchQuestion) -> Weights:
    """Return the weights for a question, in the space that it is searched in."""
    if not has_meaning(question):
        return by_words(question.language)
    language = question.language
    if question.foreign and question.space in FILES:
        # It is read in a language of the project, not its own.
        spoken = detect_language(question.text)
        language = language if spoken == UNKNOWN else spoken
    return weights_for(language, question.space, foreign=question.foreign)


@cache
def weights_for(language: str, space: str = "", *, foreign: bool = False) -> Weights:
    """Return the weights for questions in a language; the included embedder knows English best.

    A `foreign` question is in a language that the project hasn't. Only for a space that knows many
    languages are there weights for those.
    """
    groups = _groups(FILES.get(space, "weights.json"))
    known = "en" if language == "en" else "other"
    if foreign and "foreign" in groups:
        known = FAR_FOREIGN if language in _FAR else "foreign"
    elif language in _FAR and FAR in groups:
        known = FAR
    return _weights(groups[known])


@cache
def by_words(language: str) -> Weights:
    """Return the weights for questions that only words compare with passages."""
    return _weights(_groups("weights_words.json")[group_of(language)])


def group_of(language: str) -> str:
    """Return the group of such a language's weights."""
    return "syllabic" if language in _SYLLABIC else "words"


def _groups(name: str) -> dict[str, _Group]:
    stored = json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    groups: dict[str, _Group] = stored["groups"]
    return groups


def _weights(group: _Group) -> Weights:
    subject = dict(group["subject"])
    apart = subject.pop("apart", 0.0)
    return Weights(
        rank=_vector(group["rank"]),
        sentence=_vector(group["sentence"]),
        subject=_vector(subject),
        confidence=_vector(group["confidence"]),
        qa=_vector(group["qa"]),
        qa_confidence=_vector(group["qa_confidence"]),
        apart=apart,
    )


def _vector(by_name: dict[str, float]) -> NDArray[np.float32]:
    return np.array(list(by_name.values()), np.float32)
