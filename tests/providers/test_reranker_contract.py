"""What every reranker promises, whatever computes the scores; and the two wires of services."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from pydantic import ValidationError
from structlog.testing import capture_logs

from answerdesk.core.outbound import Outbound, OutboundPolicy, UrlRefused
from answerdesk.core.settings import Settings
from answerdesk.providers.fake_reranker import FakeReranker
from answerdesk.providers.http_reranker import HttpReranker, RerankingService
from answerdesk.providers.reranker import LONGEST_TEXT, MOST_TEXTS, Reranker, RerankerUnavailable
from tests.providers.embedding_service import loopback_outbound
from tests.providers.reranking_service import KEY, MODEL, RerankServer

TEXTS = ["The shop opens at nine.", "Parcels to Norway take five days.", "Gift cards never expire."]


PATIENCE = 20.0
"""Seconds; only spent where a test fails, or where others have the machine."""


@pytest.fixture
def service() -> Iterator[RerankServer]:
    server = RerankServer()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def outbound() -> AsyncIterator[Outbound]:
    made = loopback_outbound()
    yield made
    await made.close()


def cohere(server: RerankServer, **fields: Any) -> RerankingService:
    return RerankingService(
        **{
            "url": f"{server.url}/v1",
            "model": MODEL,
            "key": KEY,
            "seconds": PATIENCE,
            **fields,
        }
    )


@pytest_asyncio.fixture(params=["cohere", "tei", "fake"])
async def reranker(
    request: pytest.FixtureRequest, service: RerankServer, outbound: Outbound
) -> AsyncIterator[Reranker]:
    async with AsyncExitStack() as stack:
        made: Reranker
        if request.param == "fake":
            made = FakeReranker()
        elif request.param == "tei":
            made = HttpReranker(outbound, RerankingService(service.url, "tei", seconds=PATIENCE))
        else:
            made = HttpReranker(outbound, cohere(service))
        stack.push_async_callback(made.close)
        yield made


async def test_each_text_gets_a_score_in_its_place(reranker: Reranker) -> None:
    scores = await reranker.rerank("How long do parcels to Norway take?", TEXTS)
    assert len(scores) == len(TEXTS)
    assert max(range(3), key=scores.__getitem__) == 1
    assert await reranker.rerank("How long do parcels to Norway take?", TEXTS[::-1]) == scores[::-1]


async def test_no_text_has_no_score(reranker: Reranker) -> None:
    assert await reranker.rerank("Anything?", []) == []


@pytest.mark.parametrize("text", ["", " \n", "a\x00b", "\ud800", "👩‍👩‍👧‍👦", "a" * 1_000_000])
async def test_every_text_can_be_scored(reranker: Reranker, text: str) -> None:
    scores = await reranker.rerank(text, [text, *TEXTS])
    assert len(scores) == 4
    assert all(map(math.isfinite, scores))


async def test_more_texts_than_services_take_are_refused(reranker: Reranker) -> None:
    assert len(await reranker.rerank("parcels", ["parcels"] * MOST_TEXTS)) == MOST_TEXTS
    with pytest.raises(ValueError, match="at most"):
        await reranker.rerank("parcels", ["parcels"] * (MOST_TEXTS + 1))


async def test_calls_at_the_same_time_do_not_mix(reranker: Reranker) -> None:
    questions = [text.split()[1] for text in TEXTS] * 4
    alone = [await reranker.rerank(one, TEXTS) for one in questions]
    assert await asyncio.gather(*(reranker.rerank(one, TEXTS) for one in questions)) == alone


async def test_after_closing_nothing_is_scored(reranker: Reranker) -> None:
    await reranker.close()
    await reranker.close()
    with pytest.raises(RerankerUnavailable):
        await reranker.rerank("parcels", TEXTS)


async def test_the_wires_are_those_of_the_documents(
    service: RerankServer, outbound: Outbound
) -> None:
    await HttpReranker(outbound, cohere(service)).rerank("q", ["a", "b" * (LONGEST_TEXT + 1)])
    await HttpReranker(outbound, RerankingService(f"{service.url}/rerank", kind="tei")).rerank(
        "q", ["a"]
    )
    documents = ["a", "b" * LONGEST_TEXT]
    assert service.asked == [
        {"model": MODEL, "query": "q", "documents": documents, "top_n": 2},
        {"query": "q", "texts": ["a"], "truncate": True},
    ]
    assert service.keys == [f"Bearer {KEY}", None]


def results(*rows: object) -> bytes:
    return json.dumps({"results": rows}).encode()


ROW = {"index": 0, "relevance_score": 0.5}


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, b'{"message": "rk-of-a-test is no key"}', "reranker_refuses"),
        (429, b"", "reranker_refuses"),
        (500, b"", "reranker_refuses"),
        (301, b"", "reranker_refuses"),
        (200, b"", "reranker_answer_wrong"),
        (200, b"null", "reranker_answer_wrong"),
        (200, b"[1]", "reranker_answer_wrong"),
        (200, b"[" * 100_000, "reranker_answer_wrong"),
        (200, b'{"data": []}', "reranker_answer_wrong"),
        (200, results(), "reranker_answer_wrong"),
        (200, results(ROW, ROW), "reranker_answer_wrong"),
        (200, results({"index": 1, "relevance_score": 0.5}), "reranker_answer_wrong"),
        (200, results({"index": [0], "relevance_score": 0.5}), "reranker_answer_wrong"),
        (200, results({"index": 0, "relevance_score": None}), "reranker_answer_wrong"),
        (200, b'{"results": [{"index": 0, "relevance_score": NaN}]}', "reranker_answer_wrong"),
        (200, b'{"results": [{"index": 0, "relevance_score": 1e999}]}', "reranker_answer_wrong"),
        (200, b" " * 300_000, "reranker_unavailable"),
    ],
)
async def test_anything_but_one_score_for_each_text_is_refused(
    service: RerankServer, outbound: Outbound, status: int, body: bytes, code: str
) -> None:
    service.told = status, body
    with capture_logs() as logs, pytest.raises(RerankerUnavailable) as raised:
        await HttpReranker(outbound, cohere(service)).rerank("parcels", ["parcels"])
    assert raised.value.code == code
    assert KEY not in f"{raised.value.message}{logs}"


async def test_a_slow_service_is_not_waited_for(service: RerankServer, outbound: Outbound) -> None:
    service.seconds = 3.0
    reranker = HttpReranker(outbound, cohere(service, seconds=0.1))
    began = asyncio.get_running_loop().time()
    with pytest.raises(RerankerUnavailable):
        await reranker.rerank("parcels", TEXTS)
    assert asyncio.get_running_loop().time() - began < 2.0


async def test_a_service_that_keeps_failing_is_spared(
    service: RerankServer, outbound: Outbound
) -> None:
    service.told = 500, b""
    reranker = HttpReranker(outbound, cohere(service))
    for code in ["reranker_refuses"] * 5 + ["reranker_spared"] * 3:
        with pytest.raises(RerankerUnavailable) as raised:
            await reranker.rerank("parcels", TEXTS)
        assert raised.value.code == code
    assert len(service.asked) == 5


async def test_a_private_address_needs_the_operators_leave(service: RerankServer) -> None:
    guarded = Outbound(OutboundPolicy())
    with pytest.raises(RerankerUnavailable, match="ANSWERDESK_PROVIDER_NETWORKS"):
        await HttpReranker(guarded, cohere(service)).rerank("parcels", TEXTS)
    assert service.asked == []
    await guarded.close()


@pytest.mark.parametrize("url", ["ftp://models.example", "models.example", "http://a b/"])
def test_an_address_that_is_none_is_refused_at_once(outbound: Outbound, url: str) -> None:
    with pytest.raises(UrlRefused):
        HttpReranker(outbound, RerankingService(url))


@pytest.mark.parametrize(
    "given",
    [
        {"reranker_url": "https://models.example/v1"},
        {"reranker_model": "m"},
        {"reranker_key": "k"},
        {"reranker_url": "https://m.example", "reranker_kind": "else", "reranker_model": "m"},
        {"reranker_url": "https://m.example", "reranker_kind": "tei", "reranker_seconds": 0},
    ],
)
def test_settings_that_do_nothing_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**given)
    assert Settings(reranker_url="https://m.example", reranker_kind="tei").reranker_model is None
