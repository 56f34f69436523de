"""Which headers are sent, and how received ones are parsed."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy

from answerdesk.core.outbound.errors import HeaderRefused

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")
_VALUE: Final = re.compile(r"[\t\x20-\x7e]{0,8000}")
_SECONDS: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_DAY: Final = 24 * 3600.0
_OURS: Final = frozenset(
    {
        *("host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade"),
        *("expect", "cookie", "user-agent", "accept", "accept-encoding"),
        *("proxy-authorization", "proxy-connection"),
    }
)
"""Headers that the client sets itself, or never sends."""

SHARED: Final = frozenset({"accept-language", "content-type"})
"""Headers that a redirect to another origin keeps: none that could be secret or name somebody."""


def require_sendable(headers: Mapping[str, str]) -> None:
    """Raise HeaderRefused for a header that would break the request or that is not the caller's."""
    for name, value in headers.items():
        if _NAME.fullmatch(name) is None:
            raise HeaderRefused("A header's name may contain only letters, digits and hyphens")
        if name.lower() in _OURS:
            raise HeaderRefused(f"The header {name} cannot be set")
        if _VALUE.fullmatch(value) is None:
            raise HeaderRefused(
                f"The header {name} is too long, or has characters outside visible ASCII"
            )


def own_headers(
    user_agent: str, accept: tuple[str, ...] | None, encoding: str | None
) -> dict[str, str]:
    """Return the headers that every request has; without an `encoding`, nothing is compressed."""
    return {
        "User-Agent": user_agent,
        "Accept": "*/*" if accept is None else ", ".join(accept),
        "Accept-Encoding": encoding or "identity",
    }


def takes(accept: tuple[str, ...] | None, media_type: str) -> bool:
    """Tell whether a response of this type is accepted; one without a type is."""
    if accept is None or not media_type:
        return True
    kind = media_type.partition("/")[0]
    return any(taken in (media_type, f"{kind}/*", "*/*") for taken in accept)


def as_text(headers: CIMultiDictProxy[str]) -> CIMultiDictProxy[str]:
    """Return a response's headers as text that can be stored; invalid UTF-8 is replaced."""
    return CIMultiDictProxy(
        CIMultiDict(
            (name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
            for name, value in headers.items()
        )
    )


def seconds_of(retry_after: str) -> float | None:
    """Return how many seconds a `Retry-After` asks to wait, at most a day; None if it is invalid.

    Accepts both forms (RFC 9110, 10.2.3): seconds, and a date, which means 0 once it has passed.
    """
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _DAY)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # OverflowError: a number too large for a date.
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max((aware - datetime.now(UTC)).total_seconds(), 0.0), _DAY)
