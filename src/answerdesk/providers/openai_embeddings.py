"""One request of OpenAI's embeddings wire: sent, tried again, and its answer looked at closely."""

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

Vectors = NDArray[np.float32]

_TRY_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_INPUT_REFUSED: Final = frozenset({400, 413, 422})
_ATTEMPTS_OF_THE_PATIENT: Final = 5
_ATTEMPTS: Final = 2
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 20.0
"""A service that asks for more is not waited for: whoever asked comes back later."""

_LONGEST_WORK: Final = 180.0
"""Seconds for one request: without a graphics card, a model may need minutes for 64 texts."""

_MOST_BYTES: Final = 32 * 1024 * 1024
"""64 vectors of 4,096 numbers, written in full, are 6 MB."""

_ADVICE: Final = {
    401: "its key is not accepted; check ANSWERDESK_EMBEDDING_KEY",
    403: "the key does not allow it; check ANSWERDESK_EMBEDDING_KEY",
    404: "no such model or address; check ANSWERDESK_EMBEDDING_URL and ANSWERDESK_EMBEDDING_MODEL",
}

_log = structlog.get_logger(__name__)


class ServiceAway(Unavailable):
    """The embedding service does not answer, or asks to come back later."""

    code = "embedding_service_unavailable"


class ServiceRefuses(Unavailable):
    """The embedding service does not take what it is asked; somebody has to configure it."""

    code = "embedding_service_refuses"


class InputRefused(ServiceRefuses):
    """It does not take these texts: one is too long, or the model is none for texts."""


class WrongVectors(Unavailable):
    """The embedding service's answer is not what was asked for."""

    code = "embedding_answer_wrong"


def endpoint_of(url: str) -> str:
    """Return the address that texts are sent to, of a service's base address or of itself."""
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
        self._key = key
        self._headers = {"Content-Type": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    async def embed(self, texts: Sequence[str], *, patient: bool) -> Vectors:
        """Return a row a text as the service gives it, shape (len(texts), its dimensions).

        What may pass is tried again, by the patient more often. Raises ServiceAway, ServiceRefuses,
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
        # The body is for the operator alone: services quote keys and names of their accounts.
        _log.warning(
            "embedding_service_answers",
            status=status,
            body=self._without_key(response.body.decode(errors="replace"))[:300],
        )
        if status in _TRY_AGAIN:
            return _Passing(f"The embedding service answers {status}", response.retry_after or 0.0)
        if status in _INPUT_REFUSED:
            return InputRefused(f"The embedding service refuses a text with status {status}")
        advice = _ADVICE.get(status, "check ANSWERDESK_EMBEDDING_URL")
        return ServiceRefuses(f"The embedding service answers {status}: {advice}")

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text


class _Passing(Exception):
    """What may be over at the next attempt, not before `pause` seconds."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause


def _rows(body: bytes, count: int) -> Vectors:
    """Read an answer: exactly one vector for each text, all finite and of one length."""
    try:
        data = json.loads(body)["data"]
        if sorted(one["index"] for one in data) != list(range(count)):
            raise WrongVectors(
                f"The embedding service answers {count} texts with {len(data)} vectors, "
                "or numbers them otherwise"
            )
        ordered = sorted(data, key=lambda one: int(one["index"]))
        with np.errstate(over="ignore"):  # What is too large becomes infinite, and is refused.
            rows = np.array([one["embedding"] for one in ordered], np.float32)
    except DomainError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise WrongVectors("The embedding service's answer cannot be read") from error
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise WrongVectors("The embedding service's answer holds no vectors")
    if not np.isfinite(rows).all():
        raise WrongVectors("The embedding service's vectors hold what is no number")
    return rows
