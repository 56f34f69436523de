"""What can come of fetching one page, and why one is not taken in: codes, and what to do."""

from dataclasses import dataclass
from typing import Final, Literal

from answerdesk.knowledge.website.reader import PageReading
from answerdesk.knowledge.website.signals import PageSignals

ReasonCode = Literal[
    "unreachable",
    "timed_out",
    "http_error",
    "forbidden",
    "login_required",
    "empty_page",
    "only_links",
    "needs_javascript",
    "too_large",
    "unsupported_type",
    "robots_disallowed",
    "noindex",
    "soft_404",
    "same_answer_everywhere",
    "maintenance",
    "limit_reached",
    "address_refused",
    "unreadable_document",
    "redirected_away",
    "excluded",
    "not_included",
    "outside",
    "endless_addresses",
]
"""Besides these a page's code may be one of `parsing_…`, which the limited child process tells."""

_WHAT_TO_DO: Final[dict[ReasonCode, str]] = {
    "unreachable": "The website could not be reached. Check that it is up, and sync again.",
    "timed_out": "The website did not answer in time. It is tried again with the next sync.",
    "http_error": "The website answered with an error. Open the page in a browser to see it.",
    "forbidden": "The website refuses to give this page to Answerdesk. Let the user agent"
    " “Answerdesk” pass in its firewall or bot protection, then sync again.",
    "login_required": "The page asks for a log-in. Make it public, or upload its content as a"
    " file.",
    "empty_page": "The page has no text. Add text to it, or exclude it.",
    "only_links": "The page has links and no text of its own, as overviews do. They are followed;"
    " nothing is to be done.",
    "needs_javascript": "The page is built by a script in the browser, so that it has no text of"
    " its own. Serve it rendered (most site builders can), or upload its content as a file.",
    "too_large": "The page is larger than is fetched. Split it, or ask the operator to raise"
    " ANSWERDESK_MAX_PAGE_BYTES.",
    "unsupported_type": "Files of this kind cannot be read. Offer the content as a web page, or"
    " exclude the address.",
    "robots_disallowed": "The website's robots.txt forbids this page. Allow the user agent"
    " “Answerdesk” there, then sync again.",
    "noindex": "The page asks not to be indexed. Remove its “noindex”, or name “answerdesk” with"
    " “index” in a meta tag of its own.",
    "soft_404": "The page says the same as one that does not exist, without saying so by its"
    " status. Bring it back, or remove the links to it.",
    "same_answer_everywhere": "The website gives the same answer for every address, so that it"
    " cannot be told which pages exist. Check that it is not down for maintenance.",
    "maintenance": "The website shows a page that says it is down for maintenance. Nothing is"
    " changed until it is back; sync again then.",
    "limit_reached": "The most pages that may be taken in are reached. Exclude what is not"
    " needed, or raise the limit of the source or of the plan.",
    "address_refused": "The address leads into a private network, which is never fetched unless"
    " the operator allows it with ANSWERDESK_PAGE_NETWORKS.",
    "unreadable_document": "The document could not be read.",
    "redirected_away": "The page leads to another website, which is not part of this source. Add"
    " that one as a source of its own.",
    "excluded": "The address matches one of the patterns that this source leaves out.",
    "not_included": "The address matches none of the patterns that this source is limited to.",
    "outside": "The address is not below the one that this source begins at.",
    "endless_addresses": "The address looks like one of an endless series, such as a calendar's."
    " If the page matters, add it as a source of its own.",
}


def sentence(code: ReasonCode, detail: str = "") -> str:
    """Return what a reason means and what to do, after what exactly was seen."""
    return f"{detail} {_WHAT_TO_DO[code]}" if detail else _WHAT_TO_DO[code]


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
