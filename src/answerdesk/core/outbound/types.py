"""What is requested and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from multidict import CIMultiDictProxy

from answerdesk.core.outbound.headers import seconds_of

if TYPE_CHECKING:
    from answerdesk.core.outbound.cookies import Cookies

Purpose = Literal["pages", "webhooks", "providers", "actions"]
"""What a fetch is for. Each purpose has its own allow-list."""

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRequest:
    """One request, including the redirects that it follows.

    `max_bytes` limits the body, both as sent and decompressed. `timeout` is in seconds and includes
    redirects; of it, `header_seconds` (by default the policy's) may pass before a response begins.
    A streamed response may pause for at most `idle_seconds`. With `max_redirects=0` a redirect is
    returned as the response. `accept` names the media types to accept (`text/html`, `text/*`); None
    means any. A successful response of another type raises MediaTypeRefused before its body is
    read; one without a type is read. With `cut`, every body is treated as that of an error
    response: it is read for a few seconds up to `max_bytes`, and what goes wrong meanwhile is no
    error.

    `cookies` are those of the fetch that this request belongs to: what its responses set, redirects
    included, goes back to where it came from. Without them, no cookie is accepted or sent.
    """

    url: str
    method: Method = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    max_bytes: int = 5 * 1024 * 1024
    timeout: float = 30.0
    header_seconds: float | None = None
    idle_seconds: float | None = None
    max_redirects: int = 5
    accept: tuple[str, ...] | None = None
    cut: bool = False
    cookies: "Cookies | None" = None


@dataclass(frozen=True, slots=True)
class OutboundResponse:
    """One response, read completely.

    `url` is the address that responded; `redirects` are those that led there, in order, without it.
    `headers` ignore case. `body` is decompressed. The body of an error response (status 400 and
    above) may be cut at 64 KiB, after five seconds, or where it broke: only its status matters. So
    may any body if the request says `cut`.
    """

    status: int
    url: str
    headers: CIMultiDictProxy[str]
    body: bytes
    redirects: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The media type in lower case without its parameters; empty if there is none."""
        return self.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()

    @property
    def retry_after(self) -> float | None:
        """How many seconds `Retry-After` asks to wait, at most a day; None without one."""
        return seconds_of(self.headers.get("Retry-After", ""))
