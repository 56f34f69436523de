"""Which headers are sent, and how those that come are read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy

from answerdesk.core.outbound.errors import HeaderRefused
from answerdesk.core.outbound.unpacking import ACCEPT_ENCODING

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
"""What the client writes itself, or never sends."""

SHARED: Final = frozenset({"accept-language", "content-type"})
"""What a redirect to another origin keeps: nothing that could be a secret or a name of somebody."""


def require_sendable(headers: Mapping[str, str]) -> None:
    """Raise HeaderRefused for a header that would break the request or is not the caller's."""
    for name, value in headers.items():
        if _NAME.fullmatch(name) is None:
            raise HeaderRefused("A header's name has letters, digits and hyphens only")
        if name.lower() in _OURS:
            raise HeaderRefused(f"The header {name} cannot be set")
        if _VALUE.fullmatch(value) is None:
            raise HeaderRefused(
                f"The header {name} has characters beyond visible ASCII, or is too long"
            )


def own_headers(user_agent: str, accept: tuple[str, ...] | None) -> dict[str, str]:
    """Return the headers that each request carries."""
    return {
        "User-Agent": user_agent,
        "Accept": "*/*" if accept is None else ", ".join(accept),
        "Accept-Encoding": ACCEPT_ENCODING,
    }


def takes(accept: tuple[str, ...] | None, media_type: str) -> bool:
    """Tell whether an answer of this type is taken; one without a type is."""
    if accept is None or not media_type:
        return True
    kind = media_type.partition("/")[0]
    return any(taken in (media_type, f"{kind}/*", "*/*") for taken in accept)


def as_text(headers: CIMultiDictProxy[str]) -> CIMultiDictProxy[str]:
    """Return an answer's headers as text that can be stored: what is no UTF-8 is replaced."""
    return CIMultiDictProxy(
        CIMultiDict(
            (name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
            for name, value in headers.items()
        )
    )


def seconds_of(retry_after: str) -> float | None:
    """Return for how long a `Retry-After` asks to wait, at most a day; None for no such time.

    Both forms are read (RFC 9110, 10.2.3): seconds, and a date, which means 0 once it is over.
    """
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _DAY)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # The latter for numbers that no date has.
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max((aware - datetime.now(UTC)).total_seconds(), 0.0), _DAY)
