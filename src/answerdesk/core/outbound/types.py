"""What is asked for and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from multidict import CIMultiDictProxy

from answerdesk.core.outbound.headers import seconds_of

Purpose = Literal["pages", "webhooks", "providers"]
"""What a fetch is for: each purpose has its own allow-list."""

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRequest:
    """One request; redirects are followed within it.

    `max_bytes` bounds the body both as sent and unpacked. `timeout` is in seconds, for the whole
    with its redirects; `header_seconds` of it may pass before an answer begins, by default the
    policy's. With `max_redirects=0` a redirect is answered as it is. `accept` names the
    media types that are taken (`text/html`, `text/*`); a successful answer of another type raises
    MediaTypeRefused before its body is read, one without a type is read. None: any.
    """

    url: str
    method: Method = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    max_bytes: int = 5 * 1024 * 1024
    timeout: float = 30.0
    header_seconds: float | None = None
    max_redirects: int = 5
    accept: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class OutboundResponse:
    """One answer, read whole.

    `url` is the address that answered; `redirects` are those that led there, in order, and do not
    include it. `headers` ignore case. `body` is unpacked. The body of an error answer (status 400
    and above) may be cut at 64 KiB, after five seconds, or where it broke: its status counts.
    """

    status: int
    url: str
    headers: CIMultiDictProxy[str]
    body: bytes
    redirects: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The media type in lower case without its parameters; empty where none was told."""
        return self.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()

    @property
    def retry_after(self) -> float | None:
        """For how many seconds `Retry-After` asks to wait, at most a day; None without one."""
        return seconds_of(self.headers.get("Retry-After", ""))
