"""How certain an answer is, in words for visitors; owners see the number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from answerdesk.answering.extractive.choose import SURE
from answerdesk.answering.types import Citation
from answerdesk.kit.language import detect_language

Level = Literal["sure", "unsure"]

_FALLBACK: Final = "en"
_TEXTS: Final[Mapping[str, Mapping[Level, str]]] = {
    "en": {"sure": "Found in the documentation", "unsure": "This may not answer it"},
    "de": {
        "sure": "In der Dokumentation gefunden",
        "unsure": "Das beantwortet die Frage vielleicht nicht",
    },
    "fr": {
        "sure": "Trouvé dans la documentation",
        "unsure": "Cela ne répond peut-être pas à la question",
    },
    "es": {
        "sure": "Encontrado en la documentación",
        "unsure": "Puede que esto no responda a la pregunta",
    },
    "it": {
        "sure": "Trovato nella documentazione",
        "unsure": "Potrebbe non rispondere alla domanda",
    },
    "pt": {
        "sure": "Encontrado na documentação",
        "unsure": "Isto pode não responder à pergunta",
    },
    "nl": {
        "sure": "Gevonden in de documentatie",
        "unsure": "Dit beantwoordt de vraag misschien niet",
    },
    "pl": {
        "sure": "Znalezione w dokumentacji",
        "unsure": "To może nie odpowiadać na pytanie",
    },
    "ja": {
        "sure": "ドキュメントに記載があります",
        "unsure": "ご質問の答えではないかもしれません",
    },
    "ar": {"sure": "ورد في الوثائق", "unsure": "قد لا يجيب هذا عن سؤالك"},
}

TRANSLATED: Final = frozenset(_TEXTS)
"""The languages that there are words in (ISO 639-1)."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """Whether an answer's confidence is high enough to be called found, and the words for it."""

    level: Level
    text: str


def certainty_of(
    said: str, citations: Sequence[Citation], confidence: float | None
) -> Certainty | None:
    """Return how certain an answer is, in its own language; None if it cites nothing."""
    if confidence is None or not citations:
        return None
    level: Level = "sure" if confidence >= SURE else "unsure"
    texts = _TEXTS.get(detect_language(said), _TEXTS[_FALLBACK])
    return Certainty(level, texts[level])
