"""Visitors read in words how certain an answer is."""

from uuid import UUID

import pytest

from answerdesk.answering.certainty import TRANSLATED, Certainty, certainty_of
from answerdesk.answering.extractive.choose import SURE
from answerdesk.answering.types import Citation
from answerdesk.conversations import texts

ID = UUID(int=1)
CITATION = Citation(ID, ID, "a.md", "Shipping", (), None, None, "", 1.0)
SAID = {
    "en": "Shipping to Norway takes five working days.",
    "de": "Der Versand nach Norwegen dauert fünf Tage und kostet zwölf Euro.",
    "fr": "La livraison en Norvège prend cinq jours et coûte douze euros.",
    "es": "El envío a Noruega tarda cinco días y cuesta doce euros.",
    "it": "La spedizione in Norvegia richiede cinque giorni e costa dodici euro.",
    "pt": "O envio para a Noruega demora cinco dias e não custa doze euros.",
    "nl": "Het verzenden naar Noorwegen duurt vijf dagen en kost twaalf euro.",
    "pl": "Wysyłka do Norwegii trwa pięć dni i kosztuje dwanaście euro.",
    "ja": "ノルウェーへの配送には5日かかります。",
    "ar": "يستغرق الشحن إلى النرويج خمسة أيام.",
}


def test_what_cites_nothing_has_no_certainty() -> None:
    assert certainty_of("I don't have that.", (), 0.1) is None
    assert certainty_of("Hello!", (), None) is None
    assert certainty_of("The order is on its way.", (CITATION,), None) is None


def test_an_answer_is_sure_from_a_confidence_on() -> None:
    sure = certainty_of(SAID["en"], (CITATION,), SURE)
    assert sure == Certainty("sure", "Found in the documentation")
    below = certainty_of(SAID["en"], (CITATION,), SURE - 0.001)
    assert below == Certainty("unsure", "This may not answer it")


def test_there_are_words_in_the_languages_of_all_texts_for_visitors() -> None:
    assert TRANSLATED == texts.TRANSLATED == set(SAID)


@pytest.mark.parametrize("language", sorted(SAID))
def test_the_words_are_in_the_answers_language(language: str) -> None:
    levels = [certainty_of(SAID[language], (CITATION,), one) for one in (0.0, 1.0)]
    english = [certainty_of(SAID["en"], (CITATION,), one) for one in (0.0, 1.0)]
    assert (levels == english) == (language == "en")
    assert len({one.text for one in levels if one}) == 2


@pytest.mark.parametrize(
    "said", ["8080", "pip install kestrel", "Доставка в Норвегию стоит дорого."]
)
def test_other_languages_are_told_in_english(said: str) -> None:
    certainty = certainty_of(said, (CITATION,), 1.0)
    assert certainty == Certainty("sure", "Found in the documentation")
