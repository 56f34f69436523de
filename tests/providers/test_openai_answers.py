"""What is believed of an embedding service's answers, and what is not."""

from collections.abc import Callable
from typing import Any

import pytest

from answerdesk.core.errors import Unavailable
from answerdesk.core.outbound import Outbound
from answerdesk.kit.spans import Span
from answerdesk.providers.embedder import Passage
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder
from tests.providers.embedding_service import (
    KEY,
    MODEL,
    Answer,
    EmbeddingsServer,
    Told,
    expect_refusal,
)


def _without_the_last(answer: Answer) -> Answer:
    return {**answer, "data": answer["data"][:-1]}


def _twice_the_first(answer: Answer) -> Answer:
    return {**answer, "data": [answer["data"][0]] * len(answer["data"])}


def _with(vector: object) -> Callable[[Answer], Answer]:
    def spoil(answer: Answer) -> Answer:
        answer["data"][0]["embedding"] = vector
        return answer

    return spoil


SPOILT: dict[str, Callable[[Answer], Any]] = {
    "one vector short": _without_the_last,
    "the same number twice": _twice_the_first,
    "not a number": _with([float("nan")] * 96),
    "without end": _with([float("inf")] * 96),
    "beyond single precision": _with([1e300] * 96),
    "no direction": _with([0.0] * 96),
    "text": _with("AACAPw=="),
    "nothing": _with([]),
    "nested": _with([[1.0] * 96]),
    "null": _with(None),
    "a list": lambda _: [],
    "without data": lambda _: {"object": "list"},
    "an error with status 200": lambda _: {"error": {"message": "overloaded"}},
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
async def test_an_answer_that_does_not_hold_isexpect_refusal(
    server: EmbeddingsServer, embedder: OpenAiEmbedder, spoil: Callable[[Answer], Any]
) -> None:
    server.spoil = spoil
    passage = Passage("One thing. Another thing.", (Span(0, 10), Span(11, 25)))
    with pytest.raises(Unavailable) as raised:
        await embedder.embed_passages([passage])
    assert raised.value.code == "embedding_answer_wrong"


async def test_an_answer_that_is_no_json_isexpect_refusal(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    server.always = Told(200, body=b"[" * 100_000)
    await expect_refusal(embedder, "embedding_answer_wrong")


async def test_vectors_of_another_length_areexpect_refusal(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    await embedder.embed_questions(["the first answer tells the length"])
    assert embedder.dimensions == 96
    server.spoil = lambda answer: {
        **answer,
        "data": [{**one, "embedding": one["embedding"][:48]} for one in answer["data"]],
    }
    assert "48" in await expect_refusal(embedder, "embedding_dimensions_wrong")


async def test_a_service_that_ignores_the_length_asked_for_isexpect_refusal(
    server: EmbeddingsServer, outbound: Outbound
) -> None:
    asked = EmbeddingService(server.url, MODEL, KEY, dimensions=32)
    embedder = OpenAiEmbedder(outbound, asked)
    (one,) = await embedder.embed_questions(["thirty-two numbers"])
    assert len(one.vector) == 32
    server.spoil = _with([1.0] * 96)
    await expect_refusal(embedder, "embedding_dimensions_wrong")
