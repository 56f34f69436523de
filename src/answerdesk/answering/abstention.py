"""The text if nothing answers: that the knowledge lacks it, the nearest topics, and what to do."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from answerdesk.answering.citing import section_title
from answerdesk.answering.extractive.evidence import RANK_FEATURES
from answerdesk.answering.extractive.rerank import Ranked

MOST_TOPICS: Final = 3
_LOOKED_AT: Final = 8
_NEAR_COSINE: Final = 0.25
"""Least cosine of the question and a passage, or its best sentence, for them to share a subject:
with MiniLM, questions on entirely different subjects stayed below 0.2."""
_NEAR_WORDS: Final = 0.5
"""A passage with this share of the question's words, by worth, needs only half the cosine: vectors
of languages that the embedder hardly knows are far from everything."""

_BEST, _SOFT = RANK_FEATURES.index("best"), RANK_FEATURES.index("soft")


class _Texts(NamedTuple):
    missing: str
    nearest: str
    hint: str
    hint_without_people: str
    quotes: str = "“”"


_TEXTS: Final = {
    "en": _Texts(
        "I don't have that in what I know.",
        "The nearest I have:",
        "You can ask in other words, or ask to talk to a person.",
        "You can ask in other words.",
    ),
    "de": _Texts(
        "Dazu weiß ich leider nichts.",
        "Am nächsten kommt:",
        "Sie können anders fragen oder darum bitten, mit einem Menschen zu sprechen.",
        "Sie können anders fragen.",
        "„“",
    ),
    "fr": _Texts(
        "Je n'ai rien à ce sujet dans ce que je sais.",
        "Le plus proche :",
        "Vous pouvez poser la question autrement, ou demander à parler à une personne.",
        "Vous pouvez poser la question autrement.",
        "«»",
    ),
    "es": _Texts(
        "No tengo eso en lo que sé.",
        "Lo más cercano que tengo:",
        "Puede preguntarlo con otras palabras o pedir hablar con una persona.",
        "Puede preguntarlo con otras palabras.",
    ),
    "it": _Texts(
        "Non ho nulla su questo in ciò che so.",
        "Gli argomenti più vicini:",
        "Può chiederlo con altre parole o chiedere di parlare con una persona.",
        "Può chiederlo con altre parole.",
    ),
    "nl": _Texts(
        "Dat staat niet in wat ik weet.",
        "Het dichtst in de buurt komt:",
        "U kunt het anders vragen, of vragen om met een mens te spreken.",
        "U kunt het anders vragen.",
    ),
    "pt": _Texts(
        "Não tenho isso no que sei.",
        "O mais próximo que tenho:",
        "Pode perguntar por outras palavras ou pedir para falar com uma pessoa.",
        "Pode perguntar por outras palavras.",
    ),
}


def abstention(language: str, topics: Sequence[str] = (), *, people: bool = True) -> str:
    """Return the text for a question in `language` (ISO 639-1); English if it isn't translated.

    `people` tells whether a visitor may ask for a person.
    """
    texts = _TEXTS.get(language, _TEXTS["en"])
    hint = texts.hint if people else texts.hint_without_people
    if not topics:
        return f"{texts.missing} {hint}"
    named = ", ".join(f"{texts.quotes[0]}{topic}{texts.quotes[1]}" for topic in topics)
    return f"{texts.missing} {texts.nearest} {named}. {hint}"


def nearest_topics(ranked: Sequence[Ranked]) -> tuple[str, ...]:
    """Return the topics of the best candidates, nearest first; empty if none is near."""
    near = (one.found.chunk for one in ranked[:_LOOKED_AT] if is_near(one))
    topics = (section_title(chunk.title, chunk.heading_path[-1:]) for chunk in near)
    return tuple(dict.fromkeys(topic for topic in topics if topic))[:MOST_TOPICS]


def is_near(one: Ranked) -> bool:
    """Tell whether a candidate has something to do with the question."""
    if one.evidence is None:
        return False
    cosine = max(one.found.similarity, float(one.evidence.rank[_BEST]))
    shares_words = float(one.evidence.rank[_SOFT]) >= _NEAR_WORDS
    return cosine >= (_NEAR_COSINE / 2 if shares_words else _NEAR_COSINE)
