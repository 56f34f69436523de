"""In languages that the included model can't read, only words decide."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from answerdesk.answering.extractive.choose import choose, probability
from answerdesk.answering.extractive.rerank import rerank
from answerdesk.answering.extractive.weights import by_words, weights_for, weights_of
from answerdesk.kit.bm25 import inverse_document_frequency
from answerdesk.kit.terms import analyse, share_of
from answerdesk.knowledge.types import FoundChunk, SearchQuestion
from answerdesk.providers.embedders import MINILM_SPACE, MULTILINGUAL_SPACE
from tests.answering.extractive.shelf import Shelf, shelf

ASKED = "租电动车要押多少钱"
RIGHT = "# 押金\n\n取车前每辆车要交一千元押金。电动车的押金是五千元。"
WRONG = "# 发票\n\n付款的时候可以开发票。忘记了只能在同一个月补开。"


def put(
    books: Shelf, text: str, space: str, nearest: str
) -> tuple[SearchQuestion, list[FoundChunk]]:
    """Return a question and its candidates; vectors say that only `nearest` is near it."""
    counts = Counter(analyse(text, "zh"))
    idf = {
        term: share_of(term)
        * inverse_document_frequency(
            len(books.chunks), sum(term in weights for _, weights, _ in books.chunks)
        )
        for term in counts
    }
    here, elsewhere = np.eye(2, dtype=np.float32)
    question = SearchQuestion(text, "zh", tuple(counts), idf, here, text, {}, space=space)
    found = []
    for chunk, weights, _ in books.chunks:
        vector = here if chunk.path == nearest else elsewhere
        rows = np.tile(vector, (len(chunk.sentences), 1))
        bm25 = sum(idf[term] * weights.get(term, 0.0) for term in counts)
        found.append(FoundChunk(chunk, bm25, float(vector @ here), rows))
    return question, found


@pytest.mark.parametrize("space", [MINILM_SPACE, ""])
async def test_vectors_change_neither_the_order_nor_the_confidence(space: str) -> None:
    books = await shelf(right=RIGHT, wrong=WRONG)
    outcomes = []
    for nearest in ("right", "wrong", "none"):
        question, found = put(books, ASKED, space, nearest)
        asked, ranked = rerank(question, found)
        assert ranked[0].found.chunk.path == "right"
        choice = choose(weights_of(question), asked, ranked)
        assert choice.parts
        outcomes.append((ranked[0].score, choice.confidence))
    assert len(set(outcomes)) == 1


@pytest.mark.parametrize("language", ["zh", "ja", "th", "vi", "hi", "ar", "ru"])
def test_far_languages_need_more_than_nearness_in_the_multilingual_space(language: str) -> None:
    german, far = (weights_for(one, MULTILINGUAL_SPACE) for one in ("de", language))
    assert (far.rank == german.rank).all()
    # Two texts in such a language are near each other whatever they say, and share no word.
    near = np.array([0, 0.5, 0.25, 0, 0, 0, 0.6, 0.25, 1, 0], np.float32)
    assert probability(far.subject, near) < 0.1 < probability(german.subject, near)
    foreign = weights_for(language, MULTILINGUAL_SPACE, foreign=True)
    assert (foreign.subject != far.subject).any()
    assert far.apart > 0 < foreign.apart
    assert german.apart == 0
    assert weights_for("de", MULTILINGUAL_SPACE, foreign=True).apart == 0


async def test_a_foreign_question_is_weighed_by_its_own_language_not_the_projects() -> None:
    books = await shelf(right=RIGHT)
    question, _ = put(books, ASKED, MULTILINGUAL_SPACE, "none")
    read_in_english = replace(question, language="en", foreign=True)
    far = weights_for("zh", MULTILINGUAL_SPACE, foreign=True)
    assert weights_of(read_in_english) is far
    assert weights_of(replace(read_in_english, text="Was kostet das?")) is not far
    english = replace(read_in_english, space=MINILM_SPACE)
    assert weights_of(english) is weights_for("en", MINILM_SPACE, foreign=True)


async def test_vectors_of_a_model_that_can_read_it_count() -> None:
    books = await shelf(right=RIGHT, wrong=WRONG)
    scores = set()
    for nearest in ("right", "wrong"):
        question, found = put(books, ASKED, MULTILINGUAL_SPACE, nearest)
        _, ranked = rerank(question, found)
        scores.add(ranked[0].score)
    assert len(scores) == 2


async def test_what_no_passage_says_is_not_answered() -> None:
    books = await shelf(right=RIGHT, wrong=WRONG)
    question, found = put(books, "哪天有看日落的骑行团", MINILM_SPACE, "right")
    asked, ranked = rerank(question, found)
    assert choose(weights_of(question), asked, ranked).parts == ()


async def test_languages_that_it_reads_keep_their_weights() -> None:
    books = await shelf(right=RIGHT)
    question, _ = put(books, ASKED, MINILM_SPACE, "none")
    assert weights_of(question) is by_words("zh")
    assert by_words("th") is not by_words("zh")
    for language in ("en", "de", "ru"):
        assert weights_of(replace(question, language=language)) is weights_for(
            language, MINILM_SPACE, foreign=False
        )
