"""Of passages that are as good, the one in the question's language comes first."""

from uuid import UUID

import numpy as np
import pytest

from answerdesk.answering.extractive.rerank import Ranked
from answerdesk.answering.weighing import own_language_first
from answerdesk.knowledge.types import Chunk, FoundChunk, SearchQuestion
from answerdesk.providers.embedders import MINILM_SPACE, MULTILINGUAL_SPACE

NOTHING = np.zeros((1, 2), np.float32)


def _question(*, space: str = MULTILINGUAL_SPACE, foreign: bool = False) -> SearchQuestion:
    text = "Was kostet das?"
    return SearchQuestion(text, "de", (), {}, NOTHING[0], text, {}, space=space, foreign=foreign)


def ranked_as(*scored: tuple[str, float]) -> list[Ranked]:
    return [
        Ranked(
            FoundChunk(
                Chunk(
                    id=UUID(int=number),
                    document_id=UUID(int=number),
                    path=language,
                    title=language,
                    url=None,
                    kind="text",
                    text=language,
                    heading_path=(),
                    anchor=None,
                    language=language,
                    sentences=(),
                ),
                0.0,
                0.0,
                NOTHING,
            ),
            score,
            None,
            None,
            NOTHING[0],
        )
        for number, (language, score) in enumerate(scored)
    ]


def _order(question: SearchQuestion, *scored: tuple[str, float]) -> list[str]:
    return [one.found.chunk.language for one in own_language_first(question, ranked_as(*scored))]


def test_a_passage_that_is_clearly_better_stays_first() -> None:
    assert _order(_question(), ("en", 9.0), ("de", 8.0)) == ["en", "de"]


@pytest.mark.parametrize(
    "question", [_question(space=MINILM_SPACE), _question(foreign=True)], ids=["minilm", "foreign"]
)
def test_nothing_is_preferred_where_languages_say_nothing(question: SearchQuestion) -> None:
    assert _order(question, ("en", 9.0), ("de", 8.9)) == ["en", "de"]


def test_one_as_good_in_the_questions_language_comes_first() -> None:
    scored = (("en", 9.0), ("fr", 8.9), ("de", 8.5), ("de", 8.4))
    assert _order(_question(), *scored) == ["de", "en", "fr", "de"]


def test_without_candidates_there_is_no_first() -> None:
    assert _order(_question()) == []
