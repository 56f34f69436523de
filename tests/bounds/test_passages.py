"""No text of an owner's makes more work than a passage may, whatever it is a run of."""

from uuid import uuid4

import numpy as np

from answerdesk.answering.abstention import nearest_topics
from answerdesk.answering.duplicates import without_copies
from answerdesk.answering.extractive.choose import choose
from answerdesk.answering.extractive.passage import take_passage_apart
from answerdesk.answering.extractive.rerank import MOST_SECONDS, rerank
from answerdesk.answering.extractive.weights import weights_of
from answerdesk.answering.rewrite import standalone
from answerdesk.kit.bm25 import term_weights
from answerdesk.kit.sentences import sentences
from answerdesk.kit.spans import Span
from answerdesk.kit.terms import LONGEST_TERM
from answerdesk.knowledge.ingestion.parse.types import BlockKind
from answerdesk.knowledge.ingestion.prepare import (
    QuestionAndAnswer,
    chunk_hash,
    chunk_terms,
    passage_of,
    prepare,
)
from answerdesk.knowledge.ingestion.split import WHOLE
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.items.schemas import normal_line, normal_text
from answerdesk.knowledge.items.types import ANSWER_LENGTH, QUESTION_LENGTH
from answerdesk.knowledge.search.terms import search_terms
from answerdesk.knowledge.types import QA_MEDIA_TYPE, Chunk, FoundChunk, SearchQuestion
from answerdesk.knowledge.vectors import sparsevec_literal
from tests.bounds.texts import every
from tests.bounds.work import within

SECONDS = 3.0
"""For what takes a tenth of that at most: a test is no measurement."""

DIMENSIONS = 8
TITLE = 500


def _prepared(question: str, answer: str) -> PreparedDocument:
    item = QuestionAndAnswer(
        question=normal_text(question) or "?", answer=normal_text(answer) or "?"
    )
    return prepare(item.to_bytes(), QA_MEDIA_TYPE, "item")


def _chunk(text: str, spans: tuple[Span, ...], title: str, kind: BlockKind) -> FoundChunk:
    chunk = Chunk(
        id=uuid4(),
        document_id=uuid4(),
        path="a",
        title=title,
        url=None,
        kind=kind,
        text=text,
        heading_path=(title,),
        anchor=None,
        language="en",
        sentences=spans,
    )
    vectors = np.full((len(spans), DIMENSIONS), 0.5, np.float32)
    return FoundChunk(chunk, bm25=1.0, similarity=0.5, sentence_vectors=vectors)


def _asked(text: str) -> SearchQuestion:
    question = standalone(text, ()) or "?"
    terms = tuple(search_terms(question, ("en", "de")).terms)
    return SearchQuestion(
        text=question,
        language="en",
        terms=terms,
        idf=dict.fromkeys(terms, 2.0),
        vector=np.full(DIMENSIONS, 0.3, np.float32),
        read_as=question,
        corrections={},
    )


def _closely_read(
    question: SearchQuestion, candidates: list[FoundChunk], seconds: float = MOST_SECONDS
) -> int:
    """Answer from candidates; returns how many of them were closely read."""
    asked, ranked = rerank(question, candidates, seconds)
    assert {one.found.chunk.id for one in ranked} == {one.chunk.id for one in candidates}
    choose(weights_of(question), asked, without_copies(ranked))
    nearest_topics(ranked)
    return sum(one.evidence is not None for one in ranked)


def test_no_item_takes_long_to_take_in() -> None:
    for name, answer in every(ANSWER_LENGTH, mixtures=10):
        with within(SECONDS, name):
            normal_line(answer)
            document = _prepared(answer[:QUESTION_LENGTH], answer)
            (draft,) = document.drafts
            chunk_hash(document, draft)
            passage_of(document, draft)
            sparsevec_literal(term_weights(chunk_terms(document, draft)))


def test_no_term_is_longer_than_the_index_can_hold() -> None:
    for name, answer in every(ANSWER_LENGTH, mixtures=10):
        document = _prepared("?", answer)
        longest = max(map(len, chunk_terms(document, document.drafts[0])), default=0)
        assert longest <= LONGEST_TERM, name


def test_no_passage_of_a_document_takes_long_for_a_question_like_it() -> None:
    kinds: tuple[BlockKind, ...] = ("paragraph", "code", "list", "table", "qa")
    for name, text in every(WHOLE, mixtures=20):
        spans = tuple(sentences(text))
        candidates = [_chunk(text, spans, text[:TITLE], kind) for kind in kinds]
        with within(SECONDS, name):
            assert _closely_read(_asked(text), candidates) >= 1


def test_no_long_answer_of_an_item_takes_long() -> None:
    for name, text in every(ANSWER_LENGTH):
        document = _prepared(name, text)
        spans = document.drafts[0].sentences
        with within(SECONDS, name):
            take_passage_apart(document.drafts[0].text, spans, "de", (text[:TITLE],), "qa")


def test_when_the_time_is_over_the_best_candidate_at_a_first_look_answers() -> None:
    texts = [f"The {word} plan costs {number} euros." for number, word in enumerate("abcdef")]
    candidates = [_chunk(text, tuple(sentences(text)), "Plans", "paragraph") for text in texts]
    question = _asked("How much does the d plan cost?")
    assert _closely_read(question, candidates) == len(texts)
    assert _closely_read(question, candidates, seconds=0.0) == 1


def test_forty_long_answers_do_not_take_forty_times_as_long() -> None:
    text = "1. a " * (ANSWER_LENGTH // 5)
    spans = tuple(Span(start, start + 4) for start in range(0, ANSWER_LENGTH, 5))
    candidates = [_chunk(f"{text}{number}", spans, "a", "qa") for number in range(40)]
    with within(10 * MOST_SECONDS, "forty long answers"):
        assert _closely_read(_asked("1. a " * 400), candidates) >= 1
