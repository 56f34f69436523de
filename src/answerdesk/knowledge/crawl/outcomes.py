"""What can come of fetching one page: a closed union, `PageOutcome`."""

from dataclasses import dataclass

from answerdesk.knowledge.crawl.reader import PageReading
from answerdesk.knowledge.crawl.reasons import ReasonCode
from answerdesk.knowledge.crawl.signals import PageSignals


@dataclass(frozen=True, slots=True)
class PageFetched:
    """The page is there and can be taken in.

    `content` is what ingestion takes in, as `media_type` (one that ingestion reads, without
    parameters); `content_hash` its SHA-256. `etag` and `last_modified` are to be sent back with
    the next fetch, as they are; None for a page that was rendered, whose shell tells nothing.
    `signals` hold for this answer, with what its headers ask besides the page itself; `reading` is
    what `content` alone was read as, None where the same bytes had been read before.
    """

    url: str
    status: int
    media_type: str
    content: bytes
    content_hash: bytes
    etag: str | None
    last_modified: str | None
    signals: PageSignals
    rendered: bool = False
    reading: PageReading | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is as it was when `etag` and `last_modified` were given."""

    url: str
    etag: str | None
    last_modified: str | None
    status: int = 304


@dataclass(frozen=True, slots=True)
class PageMissing:
    """The website says that there is no such page: 404 or 410."""

    url: str
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class PageMoved:
    """The page is at `to` (normalised), says a redirect; whether `to` is in scope is not asked.

    Nobody has looked at `to` yet. `permanent` is True for 301 and 308.
    """

    url: str
    status: int
    to: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class PageFailed:
    """The page could not be had; nothing is known about whether it has changed.

    `code` is one of ReasonCode or `parsing_…`. `retriable` says that the same fetch may succeed
    soon, not before `retry_after` seconds where the website said so. A page that could be read but
    has no content, such as a shell for a script, may have `links`.
    """

    url: str
    code: ReasonCode | str
    reason: str
    retriable: bool
    status: int | None = None
    retry_after: float | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSkipped:
    """The page is there but is not to be taken in; its `links` may be followed."""

    url: str
    code: ReasonCode | str
    reason: str
    status: int | None = None
    links: tuple[str, ...] = ()


PageOutcome = PageFetched | NotModified | PageMissing | PageMoved | PageFailed | PageSkipped
