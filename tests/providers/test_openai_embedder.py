"""An embedding service's wire: what it gets, what is believed of its answers, when it is away."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from answerdesk.core.errors import Unavailable
from answerdesk.core.outbound import Outbound, OutboundPolicy, UrlRefused
from answerdesk.core.settings import Settings
from answerdesk.kit.spans import Span
from answerdesk.providers.embedder import Passage
from answerdesk.providers.openai_embedder import (
    LONGEST,
    TEXTS_AT_ONCE,
    EmbeddingService,
    OpenAiEmbedder,
)
from tests.providers.embedding_service import (
    KEY,
    MODEL,
    EmbeddingsServer,
    Told,
    expect_refusal,
)
from tests.providers.question_vectors import question_vectors


async def test_a_private_address_needs_the_operators_leave(server: EmbeddingsServer) -> None:
    guarded = Outbound(OutboundPolicy())
    embedder = OpenAiEmbedder(guarded, EmbeddingService(server.url, MODEL, KEY))
    message = await expect_refusal(embedder, "embedding_service_refuses")
    assert "ANSWERDESK_PROVIDER_NETWORKS" in message
    assert server.requests == 0
    await guarded.close()


@pytest.mark.parametrize("url", ["ftp://models.example/v1", "models.example", "http://a b/"])
def test_an_address_that_is_none_is_refused_at_once(outbound: Outbound, url: str) -> None:
    with pytest.raises(UrlRefused):
        OpenAiEmbedder(outbound, EmbeddingService(url, MODEL))


@pytest.mark.parametrize(
    "given",
    [
        {"embedding_url": "https://models.example/v1"},
        {"embedding_model": "m"},
        {"embedder": "openai"},
        {"embedding_url": "https://m.example", "embedding_model": "m", "embedding_dimensions": 0},
    ],
)
def test_settings_that_do_not_hold_areexpect_refusal(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"(?i)embedding_"):
        Settings(**given)


async def test_a_wrong_key_is_told_and_not_tried_again(
    server: EmbeddingsServer, outbound: Outbound
) -> None:
    embedder = OpenAiEmbedder(outbound, EmbeddingService(server.url, MODEL, "sk-another-key"))
    with capture_logs() as logs:
        message = await expect_refusal(embedder, "embedding_service_refuses")
    assert "ANSWERDESK_EMBEDDING_KEY" in message
    assert server.requests == 1
    assert "sk-another-key" not in message + str(logs)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"account acme-internal may not", None),
        (
            b'{"error": {"code": "no_such_model", "message": "acme-internal may not"}}',
            "no_such_model",
        ),
        (b'{"error": {"code": "acme-internal: may not", "type": "x"}}', None),
        (b'{"error": "acme-internal"}', None),
        (b"[" * 10_000, None),
    ],
)
async def test_of_what_a_service_says_only_its_code_is_kept(
    server: EmbeddingsServer, embedder: OpenAiEmbedder, body: bytes, code: str | None
) -> None:
    """Services quote keys and the texts themselves, which no log may hold."""
    server.always = Told(403, body=body)
    with capture_logs() as logs:
        assert "acme" not in await expect_refusal(embedder, "embedding_service_refuses")
    assert "acme-internal" not in str(logs)
    assert [one["code"] for one in logs if one["event"] == "embedding_service_answers"] == [code]


async def test_a_service_that_is_away_is_tried_again_and_then_told(outbound: Outbound) -> None:
    gone = EmbeddingsServer()
    gone.stop()
    embedder = OpenAiEmbedder(outbound, EmbeddingService(gone.url, MODEL, KEY))
    with pytest.raises(Unavailable) as raised:
        await embedder.embed_questions(["anybody there?"])
    assert raised.value.code == "embedding_service_unavailable"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_passes_is_tried_again(
    server: EmbeddingsServer, embedder: OpenAiEmbedder, status: int
) -> None:
    server.told = [Told(status)]
    (embedded,) = await embedder.embed_passages([Passage("Parcels leave on weekdays.", ())])
    assert np.linalg.norm(embedded.vector) == pytest.approx(1.0, abs=1e-5)
    assert server.requests == 2


def _in_two_seconds() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize(
    "told",
    [lambda: "1", _in_two_seconds],
    ids=["seconds", "a date"],
)
async def test_the_pause_that_is_asked_for_is_kept(
    server: EmbeddingsServer, embedder: OpenAiEmbedder, told: Callable[[], str]
) -> None:
    server.told = [Told(429, {"Retry-After": told()})]
    began = time.monotonic()
    await embedder.embed_passages([Passage("Parcels leave on weekdays.", ())])
    assert time.monotonic() - began >= 0.9


async def test_a_long_pause_is_not_waited_for(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    server.always = Told(429, {"Retry-After": "3600"})
    await expect_refusal(embedder, "embedding_service_unavailable")
    assert server.requests == 1


async def test_a_model_that_thinks_long_is_waited_for(server: EmbeddingsServer) -> None:
    """Longer than pages are: a model on a small machine is slow, not away."""
    policy = OutboundPolicy(
        networks={"providers": (ip_network("127.0.0.0/8"),)}, header_seconds=0.2
    )
    hasty = Outbound(policy)

    def slowly(answer: Any) -> Any:
        time.sleep(0.6)
        return answer

    server.spoil = slowly
    embedder = OpenAiEmbedder(hasty, EmbeddingService(server.url, MODEL, KEY))
    assert len(await embedder.embed_passages([Passage("Parcels leave on weekdays.", ())])) == 1
    assert server.requests == 1
    await hasty.close()


async def test_a_question_does_not_wait_long(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    server.always = Told(503, {"Retry-After": "10"})
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await embedder.embed_questions(["is somebody there?"])
    assert time.monotonic() - began < 9.5


async def test_requests_are_bounded_and_say_nothing_twice(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    texts = [f"Drawer {number} of the cabinet." for number in range(100)]
    passages = [Passage(text, (Span(0, len(text)), Span(0, 6))) for text in texts]
    results = await embedder.embed_passages(passages)
    sent = [text for request in server.asked for text in request]
    assert max(map(len, server.asked)) <= TEXTS_AT_ONCE
    # Each passage, whose first sentence says the same, and the one word that all have.
    assert len(sent) == len(set(sent)) == 101
    expected = await question_vectors(embedder, texts)
    np.testing.assert_allclose([one.vector for one in results], expected, atol=1e-5)


async def test_a_text_too_long_for_the_model_is_cut_and_its_neighbours_are_not(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    server.longest = 600
    long = "A word and another. " * 100
    together = await embedder.embed_passages([Passage("Short.", ()), Passage(long, ())])
    (alone,) = await embedder.embed_passages([Passage("Short.", ())])
    np.testing.assert_allclose(together[0].vector, alone.vector, atol=1e-6)
    assert max(len(text) for request in server.asked for text in request) <= 600


async def test_a_model_that_takes_no_text_at_all_is_told(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    server.longest = 0
    began = server.requests
    await expect_refusal(embedder, "embedding_service_refuses")
    assert server.requests - began == 1


async def test_no_text_is_longer_than_what_services_take(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    await embedder.embed_questions(["a" * 100_000])
    assert [len(text) for (text,) in server.asked] == [LONGEST]


def test_a_space_is_named_by_model_length_and_address() -> None:
    def space(url: str, **more: Any) -> str:
        return EmbeddingService(url, "m", **more).space

    one = space("https://models.example/v1")
    assert (
        one == space("https://MODELS.example/v1/") == space("https://models.example/v1/embeddings")
    )
    assert one.startswith("openai:m@")
    assert "models.example" not in one
    others = {
        one,
        space("https://models.example/v2"),
        space("https://other.example/v1"),
        space("https://models.example/v1", dimensions=256),
        EmbeddingService("https://models.example/v1", "n").space,
    }
    assert len(others) == 5
    assert space("https://moved.example/v1", name="openai:m@old") == "openai:m@old"


async def test_concurrent_questions_do_not_queue_behind_passages(
    server: EmbeddingsServer, embedder: OpenAiEmbedder
) -> None:
    passages = [Passage(f"Drawer {number}.", ()) for number in range(TEXTS_AT_ONCE * 4)]
    filling = asyncio.create_task(embedder.embed_passages(passages))
    await embedder.embed_questions(["what is in the drawer?"])
    assert not filling.done()
    assert len(await filling) == len(passages)
