"""What every embedder promises, whatever computes the vectors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import numpy as np
import pytest
import pytest_asyncio

from answerdesk.core.errors import Unavailable
from answerdesk.kit.spans import Span
from answerdesk.providers.e5.embedder import E5Embedder
from answerdesk.providers.embedder import (
    MOST_TOKENS,
    EmbeddedQuestion,
    Embedder,
    Passage,
    QuestionTokens,
    TokenVectors,
)
from answerdesk.providers.fake_embedder import FakeEmbedder
from answerdesk.providers.minilm import MiniLmEmbedder
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder
from tests.providers.embedding_service import KEY, MODEL, EmbeddingsServer, loopback_outbound
from tests.providers.question_vectors import question_vectors

MAKERS = ("minilm", "e5", "fake", "fake:2", "openai")
WITHOUT_TOKENS = (E5Embedder, OpenAiEmbedder)


QUESTIONS = [
    "How do I reset my password?",
    "What does shipping to Austria cost?",
    "Wann habt ihr geöffnet?",
    "返品はどうすればいいですか",
    "ok",
]

BODY = "Parcels leave on weekdays. Returns are free for thirty days. Gift cards never expire."
SENTENCES = (Span(0, 26), Span(27, 60), Span(61, 85))
PASSAGES = [
    Passage(BODY, SENTENCES),
    Passage("One sentence about opening hours.", (Span(0, 33),)),
    Passage("No sentence has a span here.", ()),
    Passage(" ".join([BODY] * 40), SENTENCES),
]

HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "punctuation": "?!… — ***",
    "NUL": "before\x00after",
    "only NUL": "\x00",
    "lone surrogate": "before \ud800 after",
    "only surrogates": "\udfff\ud800",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "combining": "e" + "\u0301" * 500,
    "one word of 1 MB": "a" * 1_000_000,
    "1 MB of spaces": " " * 1_000_000,
    "beyond the last plane's assigned": "\U0010ffff\ufffe",
}


@asynccontextmanager
async def started(name: str) -> AsyncIterator[Embedder]:
    """Start an embedder of one kind, for one test."""
    async with AsyncExitStack() as stack:
        embedder: Embedder
        if name == "minilm":
            embedder = MiniLmEmbedder(threads=2)
        elif name == "e5":
            embedder = E5Embedder(threads=2)
        elif name == "openai":
            server = EmbeddingsServer()
            stack.callback(server.stop)
            outbound = loopback_outbound()
            stack.push_async_callback(outbound.close)
            embedder = OpenAiEmbedder(outbound, EmbeddingService(server.url, MODEL, KEY))
        else:
            embedder = FakeEmbedder(space=name, dimensions=64 if name == "fake:2" else 384)
        stack.push_async_callback(embedder.close)
        yield embedder


@pytest_asyncio.fixture(params=MAKERS)
async def fresh(request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    async with started(request.param) as embedder:
        yield embedder


@pytest_asyncio.fixture(params=MAKERS)
async def embedder(
    request: pytest.FixtureRequest, minilm: MiniLmEmbedder, e5: E5Embedder
) -> AsyncIterator[Embedder]:
    if request.param in ("minilm", "e5"):
        yield minilm if request.param == "minilm" else e5
        return
    async with started(request.param) as embedder:
        yield embedder


def assert_unit_rows(rows: np.ndarray, count: int, dimensions: int) -> None:
    assert rows.shape == (count, dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_any_string_has_vectors(embedder: Embedder, text: str) -> None:
    question = await question_vectors(embedder, [text])
    (passage,) = await embedder.embed_passages([Passage(text, (Span(0, len(text)),))])
    assert_unit_rows(question, 1, embedder.dimensions)
    assert_unit_rows(passage.vector[None], 1, embedder.dimensions)
    assert_unit_rows(passage.sentences, 1, embedder.dimensions)
    await _expect_tokens(embedder, text)


async def _expect_tokens(embedder: Embedder, text: str) -> None:
    """Assert what is promised of the tokens' vectors: of questions and passages, or of neither."""
    (question,) = await embedder.embed_questions([text])
    (passage,) = await embedder.embed_passages([Passage(text, ())])
    asked, read = question.tokens, passage.tokens
    assert (asked is None) == (read is None) == isinstance(embedder, WITHOUT_TOKENS)
    if asked is None or read is None:
        return
    assert 1 <= asked.basis == read.basis <= 255
    dimensions = asked.rows.shape[1]
    assert_unit_rows(asked.rows, len(asked.weights), dimensions)
    assert asked.weights.dtype == np.float32
    assert ((asked.weights > 0) & (asked.weights <= 1)).all()
    assert read.rows.dtype == np.int8
    assert read.rows.shape == (len(read.rows), dimensions)
    assert 1 <= len(read.rows) <= MOST_TOKENS
    if read.rows.any():
        lengths = np.linalg.norm(read.rows.astype(np.float32) / 127, axis=1)
        np.testing.assert_allclose(lengths, 1.0, atol=0.05)


async def test_nothing_asked_nothing_returned(embedder: Embedder) -> None:
    assert (await question_vectors(embedder, [])).shape == (0, embedder.dimensions)
    assert await embedder.embed_passages([]) == []


async def test_rows_are_of_unit_length_and_in_order(embedder: Embedder) -> None:
    together = await question_vectors(embedder, QUESTIONS)
    assert_unit_rows(together, len(QUESTIONS), embedder.dimensions)
    for question, row in zip(QUESTIONS, together, strict=True):
        (alone,) = await question_vectors(embedder, [question])
        np.testing.assert_allclose(row, alone, atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 0.01


@pytest.mark.parametrize("name", MAKERS)
async def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(name: str) -> None:
    # A fresh one remembers no question: both times the vectors are computed.
    async with started(name) as first:
        together = await question_vectors(first, [*QUESTIONS, "long " * 200])
    async with started(name) as again:
        for question, row in zip(QUESTIONS, together, strict=False):
            (alone,) = await question_vectors(again, [question])
            np.testing.assert_allclose(alone, row, atol=1e-4)


async def test_passages_come_back_in_order_with_a_row_a_sentence(embedder: Embedder) -> None:
    results = await embedder.embed_passages(PASSAGES)
    assert len(results) == len(PASSAGES)
    for passage, result in zip(PASSAGES, results, strict=True):
        assert_unit_rows(result.vector[None], 1, embedder.dimensions)
        assert_unit_rows(result.sentences, len(passage.sentences), embedder.dimensions)
        (alone,) = await embedder.embed_passages([passage])
        np.testing.assert_allclose(result.vector, alone.vector, atol=1e-4)
        np.testing.assert_allclose(result.sentences, alone.sentences, atol=1e-4)
        if result.tokens is not None and alone.tokens is not None:
            together, apart = result.tokens.rows.astype(int), alone.tokens.rows.astype(int)
            np.testing.assert_allclose(together, apart, atol=1)


async def test_many_passages_come_back_in_order(embedder: Embedder) -> None:
    texts = [f"Drawer {number} of the cabinet" + " is grey" * (number % 9) for number in range(50)]
    results = await embedder.embed_passages([Passage(text, ()) for text in texts])
    for text, result in zip(texts, results, strict=True):
        (alone,) = await embedder.embed_passages([Passage(text, ())])
        np.testing.assert_allclose(result.vector, alone.vector, atol=1e-4)


async def test_a_question_and_a_passage_of_the_same_text_are_close(embedder: Embedder) -> None:
    (question,) = await question_vectors(embedder, [BODY])
    (passage,) = await embedder.embed_passages([Passage(BODY, ())])
    # Models that are told which is which put them a little apart.
    assert question @ passage.vector >= (0.85 if isinstance(embedder, E5Embedder) else 0.98)


async def test_the_sentence_that_is_asked_for_is_the_nearest(embedder: Embedder) -> None:
    asked = ["are returns free?", "when do parcels leave?", "do gift cards expire?"]
    questions = await question_vectors(embedder, asked)
    (passage,) = await embedder.embed_passages([PASSAGES[0]])
    assert (questions @ passage.sentences.T).argmax(axis=1).tolist() == [1, 0, 2]


async def test_a_passage_has_the_tokens_of_what_it_says(embedder: Embedder) -> None:
    asked = ["gift cards", "the weekdays", "returns?"]
    passages = [
        Passage(BODY[span.start : span.end], ()) for span in (SENTENCES[i] for i in (2, 0, 1))
    ]
    questions = await embedder.embed_questions(asked)
    read = [one.tokens for one in await embedder.embed_passages(passages)]
    for place, question in enumerate(questions):
        if question.tokens is None:
            assert isinstance(embedder, WITHOUT_TOKENS)
            return
        scores = [_late(question.tokens, one) for one in read if one is not None]
        assert int(np.argmax(scores)) == place


def _late(question: QuestionTokens, passage: TokenVectors) -> float:
    nearest = (question.rows @ passage.rows.T.astype(np.float32)).max(axis=1) / 127
    return float(nearest @ question.weights / question.weights.sum())


async def test_the_first_tokens_of_a_long_passage_have_vectors(embedder: Embedder) -> None:
    long = " ".join(f"{word} drawer" for word in ["first", *["grey"] * 2_000])
    (short,) = await embedder.embed_passages([Passage("first drawer", ())])
    (passage,) = await embedder.embed_passages([Passage(long, ())])
    if short.tokens is None or passage.tokens is None:
        assert isinstance(embedder, WITHOUT_TOKENS)
        return
    assert len(passage.tokens.rows) == MOST_TOKENS
    nearest = short.tokens.rows[0].astype(int) @ passage.tokens.rows.T.astype(int)
    assert int(nearest.argmax()) == 0


async def test_a_span_without_words_has_the_vector_of_its_passage(embedder: Embedder) -> None:
    text = "Parcels leave on weekdays.      \n"
    (passage,) = await embedder.embed_passages([Passage(text, (Span(0, 26), Span(26, 33)))])
    np.testing.assert_allclose(passage.sentences[1], passage.vector, atol=1e-6)


async def test_concurrent_callers_get_their_own(embedder: Embedder) -> None:
    expected = await question_vectors(embedder, QUESTIONS)
    asked = [index % len(QUESTIONS) for index in range(60)]
    ingesting = asyncio.create_task(embedder.embed_passages(PASSAGES))
    rows = await asyncio.gather(*(question_vectors(embedder, [QUESTIONS[i]]) for i in asked))
    for index, row in zip(asked, rows, strict=True):
        np.testing.assert_allclose(row[0], expected[index], atol=1e-4)
    assert len(await ingesting) == len(PASSAGES)


async def test_a_caller_who_gives_up_takes_nobody_along(fresh: Embedder) -> None:
    async def ask(text: str) -> np.ndarray:
        return await question_vectors(fresh, [text])

    ingesting = asyncio.create_task(fresh.embed_passages(PASSAGES * 3))
    tasks = [asyncio.create_task(ask(f"question number {n}")) for n in range(30)]
    await asyncio.sleep(0)
    for task in [ingesting, *tasks[::2]]:
        task.cancel()
    results = await asyncio.gather(ingesting, *tasks, return_exceptions=True)
    assert all(isinstance(gone, asyncio.CancelledError) for gone in [results[0], *results[1::2]])
    for number, result in list(enumerate(results[1:]))[1::2]:
        assert isinstance(result, np.ndarray)
        np.testing.assert_allclose(result, await ask(f"question number {number}"), atol=1e-4)


async def test_the_caller_may_change_what_it_got(embedder: Embedder) -> None:
    (first,) = await embedder.embed_questions(["mine to change"])
    kept = [one.copy() for one in _arrays(first)]
    for array in _arrays(first):
        array[:] = 0
    (second,) = await embedder.embed_questions(["mine to change"])
    for array, before in zip(_arrays(second), kept, strict=True):
        np.testing.assert_array_equal(array, before)


def _arrays(question: EmbeddedQuestion) -> list[np.ndarray]:
    tokens = question.tokens
    return [question.vector, *([] if tokens is None else [tokens.rows, tokens.weights])]


async def test_closed_it_refuses_and_may_be_closed_again(fresh: Embedder) -> None:
    await fresh.embed_questions(["once"])
    await asyncio.gather(fresh.close(), fresh.close())
    await fresh.close()
    with pytest.raises(Unavailable):
        await fresh.embed_questions(["once more"])
    with pytest.raises(Unavailable):
        await fresh.embed_passages(PASSAGES)


async def test_the_fake_counts_and_takes_its_time() -> None:
    fake = FakeEmbedder(dimensions=64, latency=0.05)
    start = asyncio.get_running_loop().time()
    await fake.embed_questions(QUESTIONS)
    await fake.embed_passages(PASSAGES)
    assert asyncio.get_running_loop().time() - start >= 0.1
    assert (fake.embedded_questions, fake.embedded_passages) == (len(QUESTIONS), len(PASSAGES))
    assert fake.dimensions == 64
