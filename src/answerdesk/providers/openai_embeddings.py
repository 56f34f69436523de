"""One request to OpenAI's embeddings API: sends it, retries it, and validates the response."""

import asyncio
import json
import random
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import structlog
from numpy.typing import NDArray

from answerdesk.core.errors import DomainError, Unavailable
from answerdesk.core.outbound import (
    Outbound,
    OutboundError,
    OutboundRequest,
    OutboundResponse,
    checked_url,
)
from answerdesk.providers.model_wire import code_in

Vectors = NDArray[np.float32]

_TRY_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_INPUT_REFUSED: Final = frozenset({400, 413, 422})
_ATTEMPTS_OF_THE_PATIENT: Final = 5
_ATTEMPTS: Final = 2
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 20.0
"""If a service asks for a longer pause, don't wait: the caller tries again later."""

_LONGEST_WORK: Final = 180.0
"""Seconds for one request: without a GPU, a model may need minutes for 64 texts."""

_MOST_BYTES: Final = 32 * 1024 * 1024
"""For scale: 64 vectors of 4,096 numbers, written in full, are 6 MB."""

_ADVICE: Final = {
    401: "it rejects the key; check ANSWERDESK_EMBEDDING_KEY",
    403: "the key doesn't permit this request; check ANSWERDESK_EMBEDDING_KEY",
    404: "no such model or address; check ANSWERDESK_EMBEDDING_URL and ANSWERDESK_EMBEDDING_MODEL",
}

_log = structlog.get_logger(__name__)


class ServiceAway(Unavailable):
    """The embedding service doesn't respond, or asks for a later attempt."""

    code = "embedding_service_unavailable"


class ServiceRefuses(Unavailable):
    """The embedding service rejects the request; somebody has to change the configuration."""

    code = "embedding_service_refuses"


class InputRefused(ServiceRefuses):
    """The service rejects these texts: one is too long, or the model is not for texts."""


class WrongVectors(Unavailable):
    """The embedding service's response is not what was requested."""

    code = "embedding_answer_wrong"


def endpoint_of(url: str) -> str:
    """Return the address to send texts to, from a base address or the full address."""
    base = checked_url(url).rstrip("/")
    return base if base.endswith("/embeddings") else f"{base}/embeddings"


class EmbeddingsClient:
    """Sends texts to one model of one service."""

    def __init__(
        self,
        outbound: Outbound,
        url: str,
        model: str,
        key: str | None,
        dimensions: int | None,
    ) -> None:
        self._outbound = outbound
        self._url = endpoint_of(url)
        self._asked: dict[str, Any] = {"model": model}
        if dimensions is not None:
            self._asked["dimensions"] = dimensions
        self._headers = {"Content-Type": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    async def embed(self, texts: Sequence[str], *, patient: bool) -> Vectors:
        """Return one row per text as the service returns it, shape (len(texts), its dimensions).

        Temporary failures are retried, more often if `patient`. Raises ServiceAway, ServiceRefuses,
        InputRefused or WrongVectors.
        """
        attempts = _ATTEMPTS_OF_THE_PATIENT if patient else _ATTEMPTS
        body = json.dumps({**self._asked, "input": list(texts)}).encode()
        attempt = 1
        while True:
            try:
                answer = await self._send(body)
            except _Passing as passing:
                pause = max(passing.pause, _FIRST_PAUSE * 2 ** (attempt - 1))
                if attempt == attempts or pause > _LONGEST_PAUSE:
                    raise ServiceAway(passing.reason) from passing
                await asyncio.sleep(pause * random.uniform(1.0, 1.2))  # noqa: S311 - no secret
                attempt += 1
            else:
                return await asyncio.to_thread(_rows, answer, len(texts))

    async def _send(self, body: bytes) -> bytes:
        request = OutboundRequest(
            url=self._url,
            method="POST",
            headers=self._headers,
            body=body,
            max_bytes=_MOST_BYTES,
            timeout=_LONGEST_WORK,
            header_seconds=_LONGEST_WORK,
            max_redirects=0,
        )
        try:
            response = await self._outbound.fetch("providers", request)
        except OutboundError as error:
            if error.retriable:
                raise _Passing(f"The embedding service: {error.message}") from error
            raise ServiceRefuses(f"The embedding service: {error.message}") from error
        if 200 <= response.status < 300:
            return response.body
        raise self._refusal(response)

    def _refusal(self, response: OutboundResponse) -> Exception:
        status = response.status
        # Services quote keys and the texts themselves in a refusal, so only its code is logged.
        _log.warning("embedding_service_answers", status=status, code=code_in(response.body))
        if status in _TRY_AGAIN:
            return _Passing(
                f"The embedding service responded with {status}", response.retry_after or 0.0
            )
        if status in _INPUT_REFUSED:
            return InputRefused(f"The embedding service refused a text with status {status}")
        advice = _ADVICE.get(status, "check ANSWERDESK_EMBEDDING_URL")
        return ServiceRefuses(f"The embedding service responded with {status}: {advice}")


class _Passing(Exception):
    """A failure that may be over at the next attempt, after at least `pause` seconds."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause


def _rows(body: bytes, count: int) -> Vectors:
    """Read a response: exactly one vector per text, all finite and of one length."""
    try:
        data = json.loads(body)["data"]
        if sorted(one["index"] for one in data) != list(range(count)):
            raise WrongVectors(
                f"The embedding service returned {len(data)} vectors for {count} texts, "
                "or numbered them wrongly"
            )
        ordered = sorted(data, key=lambda one: int(one["index"]))
        with np.errstate(over="ignore"):  # Too large becomes infinite and is refused.
            rows = np.array([one["embedding"] for one in ordered], np.float32)
    except DomainError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise WrongVectors("The embedding service's response can't be read") from error
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise WrongVectors("The embedding service's response contains no vectors")
    if not np.isfinite(rows).all():
        raise WrongVectors(
            "The embedding service returned vectors with infinite or missing numbers"
        )
    return rows
