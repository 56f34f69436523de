"""Scores from a service's `/rerank`: Cohere's API, which many others speak, or TEI's.

APIs: https://docs.cohere.com/reference/rerank, https://jina.ai/reranker (vLLM, llama.cpp and others
do the same), https://huggingface.github.io/text-embeddings-inference.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Literal

import structlog

from answerdesk.core.outbound import Outbound, OutboundError, OutboundRequest, checked_url
from answerdesk.providers.model_chain import Breaker
from answerdesk.providers.model_wire import code_in
from answerdesk.providers.reranker import LONGEST_TEXT, MOST_TEXTS, RerankerUnavailable

RerankerKind = Literal["cohere", "tei"]

_MOST_BYTES: Final = 256 * 1024
"""For scale: 30 scores are 2 kB, and about 60 kB if a service repeats the texts."""

_UNSENDABLE: Final = re.compile("[\x00\ud800-\udfff]")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RerankingService:
    """Where the service is, which API it speaks, and how long a visitor waits for it.

    Cohere's API needs a `model`; TEI serves only one.
    """

    url: str
    kind: RerankerKind = "cohere"
    model: str | None = None
    key: str | None = None
    seconds: float = 1.0

    @property
    def endpoint(self) -> str:
        """The address to send texts to, from a base address or the full address."""
        base = checked_url(self.url).rstrip("/")
        return base if base.endswith("/rerank") else f"{base}/rerank"


class HttpReranker:
    """A reranker whose scores come from a service. One that keeps failing is spared for a while."""

    def __init__(self, outbound: Outbound, service: RerankingService) -> None:
        """Raise UrlRefused, with the reason, if the address may never be fetched."""
        self._outbound = outbound
        self._service = service
        self._url = service.endpoint
        self._headers = {"Content-Type": "application/json"}
        if service.key:
            self._headers["Authorization"] = f"Bearer {service.key}"
        self._breaker = Breaker()
        self._closed = False

    async def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score for each text, in their order."""
        if self._closed:
            raise RerankerUnavailable("The server is shutting down.", code="shutting_down")
        if len(texts) > MOST_TEXTS:
            raise ValueError(f"at most {MOST_TEXTS} texts")
        if not texts:
            return []
        if not self._breaker.admits():
            raise RerankerUnavailable("The reranker is spared for a while", code="reranker_spared")
        try:
            async with asyncio.timeout(self._service.seconds):
                scores = _scores(await self._send(self._body(question, texts)), len(texts))
        except TimeoutError as error:
            self._breaker.failed()
            raise RerankerUnavailable(
                f"The reranker took longer than {self._service.seconds:g} s", code="reranker_slow"
            ) from error
        except RerankerUnavailable:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return scores

    async def close(self) -> None:
        """Refuse further calls; idempotent. The connections belong to the guarded client."""
        self._closed = True

    def _body(self, question: str, texts: Sequence[str]) -> bytes:
        query, sent = _sendable(question), [_sendable(text) for text in texts]
        asked: dict[str, Any]
        if self._service.kind == "tei":
            asked = {"query": query, "texts": sent, "truncate": True}
        else:
            asked = {"query": query, "documents": sent, "top_n": len(sent)}
            if self._service.model is not None:
                asked["model"] = self._service.model
        return json.dumps(asked).encode()

    async def _send(self, body: bytes) -> bytes:
        request = OutboundRequest(
            url=self._url,
            method="POST",
            headers=self._headers,
            body=body,
            max_bytes=_MOST_BYTES,
            timeout=self._service.seconds,
            header_seconds=self._service.seconds,
            max_redirects=0,
        )
        try:
            response = await self._outbound.fetch("providers", request)
        except OutboundError as error:
            raise RerankerUnavailable(f"The reranker: {error.message}") from error
        if not 200 <= response.status < 300:
            # Services quote keys and the texts themselves in a refusal, so only its code is logged.
            _log.warning("reranker_answers", status=response.status, code=code_in(response.body))
            raise RerankerUnavailable(
                f"The reranker responded with {response.status}; check ANSWERDESK_RERANKER_URL, "
                "_KIND, _MODEL and _KEY",
                code="reranker_refuses",
            )
        return response.body


def _sendable(text: str) -> str:
    """Return the text to send: services reject empty texts and lone surrogates."""
    return _UNSENDABLE.sub("\ufffd", text[:LONGEST_TEXT]).strip() or "."


def _scores(body: bytes, count: int) -> list[float]:
    """Read a response of either API: exactly one finite score for each text."""
    try:
        given = json.loads(body)
        rows = given["results"] if isinstance(given, dict) else given
        by_place = {row["index"]: float(row[_score_in(row)]) for row in rows}
        scores = [by_place[place] for place in range(count)]
        is_whole = len(rows) == count and all(map(isfinite, scores))
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise RerankerUnavailable(
            "The reranker's response can't be read", code="reranker_answer_wrong"
        ) from error
    if not is_whole:
        raise RerankerUnavailable(
            f"The reranker's response has something else than {count} numbers",
            code="reranker_answer_wrong",
        )
    return scores


def _score_in(row: Mapping[str, object]) -> str:
    return "relevance_score" if "relevance_score" in row else "score"
