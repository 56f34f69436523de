"""One attempt: a signed request to the receiver, bounded in every respect, and what it came to."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from answerdesk.core.outbound import Outbound, OutboundError, OutboundRequest, OutboundResponse
from answerdesk.webhooks.deliveries.types import Attempt
from answerdesk.webhooks.encoding import Encoder
from answerdesk.webhooks.secrets import secret_key
from answerdesk.webhooks.types import Endpoint

GONE: Final = 410
_READ_BYTES: Final = 16 * 1024
"""How much of an answer is read: a connection can be used again if it ends there."""
_KEPT_BYTES: Final = 1024
_MOST_HEADERS: Final = 40
_LONGEST_HEADER: Final = 200


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send, and how: with the endpoint's secrets, the current one first."""

    endpoint: Endpoint
    secrets: Sequence[str]
    encoder: Encoder | None

    def headers(self, webhook_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
        """Return the headers of Standard Webhooks 1.0, and those of the endpoint's format."""
        own = {} if self.encoder is None else self.encoder.headers(self.secrets[0], body)
        return {
            **own,
            "Content-Type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(
                signature(secret_key(one), webhook_id, timestamp, body) for one in self.secrets
            ),
        }


def signature(key: bytes, webhook_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of Standard Webhooks 1.0 (`v1`, HMAC-SHA256)."""
    signed = hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    `retry_after` are the seconds that the receiver asks to wait. The attempt's number is known only
    when it is recorded.
    """

    attempt: Attempt
    retry_after: float | None = None
    was_sent: bool = True

    @property
    def accepted(self) -> bool:
        return self.attempt.error is None

    @property
    def gone(self) -> bool:
        """Tell whether the receiver wants nothing more, ever."""
        return self.attempt.status == GONE


@dataclass(frozen=True, slots=True)
class Sender:
    """Makes attempts, each within `seconds`."""

    outbound: Outbound
    seconds: float

    async def send(
        self, target: Target, webhook_id: str, body: bytes, *, private: bool = False
    ) -> Outcome:
        """Send a body once. Whatever goes wrong is the attempt's error, in words for the owner.

        Of a `private` body's answer, nothing but the status is kept.
        """
        began, clock = datetime.now(UTC), time.monotonic()
        request = OutboundRequest(
            url=target.endpoint.url,
            method="POST",
            headers=target.headers(webhook_id, int(began.timestamp()), body),
            body=body,
            timeout=self.seconds,
            header_seconds=self.seconds,
            max_bytes=_READ_BYTES,
            max_redirects=0,
            cut=True,
        )
        response = None
        try:
            response = await self.outbound.fetch("webhooks", request)
        except OutboundError as raised:
            error: str | None = raised.message
        else:
            error = _fault(response, private=private)
        attempt = Attempt(
            number=0,
            begun_at=began,
            milliseconds=round((time.monotonic() - clock) * 1000),
            status=None if response is None else response.status,
            error=error,
            headers=None if response is None or private else _shown(response),
            answer=None if response is None or private else _beginning(response.body),
        )
        retry_after = None
        if error is not None and response is not None and response.status >= 400:
            retry_after = response.retry_after
        return Outcome(attempt, retry_after)


def not_sent(error: str) -> Outcome:
    """Return the outcome of an attempt that ended before anything was sent."""
    return Outcome(Attempt(0, datetime.now(UTC), 0, None, error, None, None), was_sent=False)


def _fault(response: OutboundResponse, *, private: bool) -> str | None:
    """Return what is wrong with a response; None for one that accepts the delivery."""
    status = response.status
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        location = _storable(response.headers.get("Location", ""), 500)
        where = f" to {location}" if location and not private else ""
        return (
            f"The receiver redirects{where} ({status}). Redirects are not followed; give this "
            "webhook the address that accepts requests itself"
        )
    if status == GONE:
        return "The receiver answered 410 (Gone): it wants no more deliveries"
    return f"The receiver answered {status}; only 200 to 299 means that it has the delivery"


def _shown(response: OutboundResponse) -> Mapping[str, str]:
    """Return the first headers as they are kept; those with the same name in one."""
    shown: dict[str, str] = {}
    for name, value in list(response.headers.items())[:_MOST_HEADERS]:
        key = _storable(name.lower(), _LONGEST_HEADER)
        both = f"{shown[key]}, {value}" if key in shown else value
        shown[key] = _storable(both, _LONGEST_HEADER)
    return shown


def _beginning(body: bytes) -> str:
    text = body[:_KEPT_BYTES].decode("utf-8", "replace")
    if len(body) > _KEPT_BYTES:
        text = text.rstrip("�")  # What is left of a character that the cut halves.
    return _storable(text, _KEPT_BYTES)


def _storable(text: str, longest: int) -> str:
    """Shorten a text, and replace what PostgreSQL can't store."""
    return text[:longest].replace("\x00", "�")
