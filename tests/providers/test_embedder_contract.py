"""What every embedder promises, whatever computes the vectors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import numpy as np
import pytest
import pytest_asyncio

from answerdesk.core.errors import Unavailable
from answerdesk.kit.spans import Span
from answerdesk.providers.embedder import Embedder, Passage
from answerdesk.providers.fake_embedder import FakeEmbedder
from answerdesk.providers.minilm import MiniLmEmbedder
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder
from tests.providers.embedding_service import KEY, MODEL, EmbeddingsServer, loopback_outbound

MAKERS = ("minilm", "fake", "fake:2", "openai")


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
    request: pytest.FixtureRequest, minilm: MiniLmEmbedder
) -> AsyncIterator[Embedder]:
    if request.param == "minilm":
        yield minilm
        return
    async with started(request.param) as embedder:
        yield embedder


def assert_unit_rows(rows: np.ndarray, count: int, dimensions: int) -> None:
    assert rows.shape == (count, dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_any_string_has_vectors(embedder: Embedder, text: str) -> None:
    question = await embedder.embed_questions([text])
    (passage,) = await embedder.embed_passages([Passage(text, (Span(0, len(text)),))])
    assert_unit_rows(question, 1, embedder.dimensions)
    assert_unit_rows(passage.vector[None], 1, embedder.dimensions)
    assert_unit_rows(passage.sentences, 1, embedder.dimensions)


async def test_nothing_asked_nothing_returned(embedder: Embedder) -> None:
    assert (await embedder.embed_questions([])).shape == (0, embedder.dimensions)
    assert await embedder.embed_passages([]) == []


async def test_rows_are_of_unit_length_and_in_order(embedder: Embedder) -> None:
    together = await embedder.embed_questions(QUESTIONS)
    assert_unit_rows(together, len(QUESTIONS), embedder.dimensions)
    for question, row in zip(QUESTIONS, together, strict=True):
        (alone,) = await embedder.embed_questions([question])
        np.testing.assert_allclose(row, alone, atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 0.01


@pytest.mark.parametrize("name", MAKERS)
async def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(name: str) -> None:
    # A fresh one remembers no question: both times the vectors are computed.
    async with started(name) as first:
        together = await first.embed_questions([*QUESTIONS, "long " * 200])
    async with started(name) as again:
        for question, row in zip(QUESTIONS, together, strict=False):
            (alone,) = await again.embed_questions([question])
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


async def test_many_passages_come_back_in_order(embedder: Embedder) -> None:
    texts = [f"Drawer {number} of the cabinet" + " is grey" * (number % 9) for number in range(50)]
    results = await embedder.embed_passages([Passage(text, ()) for text in texts])
    for text, result in zip(texts, results, strict=True):
        (alone,) = await embedder.embed_passages([Passage(text, ())])
        np.testing.assert_allclose(result.vector, alone.vector, atol=1e-4)


async def test_a_question_and_a_passage_of_the_same_text_are_close(embedder: Embedder) -> None:
    (question,) = await embedder.embed_questions([BODY])
    (passage,) = await embedder.embed_passages([Passage(BODY, ())])
    assert question @ passage.vector >= 0.98


async def test_the_sentence_that_is_asked_for_is_the_nearest(embedder: Embedder) -> None:
    asked = ["are returns free?", "when do parcels leave?", "do gift cards expire?"]
    questions = await embedder.embed_questions(asked)
    (passage,) = await embedder.embed_passages([PASSAGES[0]])
    assert (questions @ passage.sentences.T).argmax(axis=1).tolist() == [1, 0, 2]


async def test_a_span_without_words_has_the_vector_of_its_passage(embedder: Embedder) -> None:
    text = "Parcels leave on weekdays.      \n"
    (passage,) = await embedder.embed_passages([Passage(text, (Span(0, 26), Span(26, 33)))])
    np.testing.assert_allclose(passage.sentences[1], passage.vector, atol=1e-6)


async def test_concurrent_callers_get_their_own(embedder: Embedder) -> None:
    expected = await embedder.embed_questions(QUESTIONS)
    asked = [index % len(QUESTIONS) for index in range(60)]
    ingesting = asyncio.create_task(embedder.embed_passages(PASSAGES))
    rows = await asyncio.gather(*(embedder.embed_questions([QUESTIONS[i]]) for i in asked))
    for index, row in zip(asked, rows, strict=True):
        np.testing.assert_allclose(row[0], expected[index], atol=1e-4)
    assert len(await ingesting) == len(PASSAGES)


async def test_a_caller_who_gives_up_takes_nobody_along(fresh: Embedder) -> None:
    async def ask(text: str) -> np.ndarray:
        return await fresh.embed_questions([text])

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
    first = await embedder.embed_questions(["mine to change"])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(await embedder.embed_questions(["mine to change"]), kept)


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
