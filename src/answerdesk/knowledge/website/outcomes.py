"""The outcomes of fetching a page, and why a page is not ingested: codes and what to do."""

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
"""A page's code may also be one of `parsing_…`, which the limited child process reports."""

_WHAT_TO_DO: Final[dict[ReasonCode, str]] = {
    "unreachable": "The website could not be reached. Check that it is up, and sync again.",
    "timed_out": "The website did not respond in time. The next sync tries again.",
    "http_error": "The website returned an error. Open the page in a browser to see it.",
    "forbidden": "The website refuses to serve this page to Answerdesk. Allow the user agent"
    " “Answerdesk” in its firewall or bot protection, then sync again.",
    "login_required": "The page asks for a log-in. Make it public, or upload its content as a"
    " file.",
    "empty_page": "The page has no text. Add text to it, or exclude it.",
    "only_links": "The page has only links and no text of its own, like an overview. Answerdesk"
    " follows the links; there is nothing to do.",
    "needs_javascript": "A script builds this page in the browser, so it has no text of its own."
    " Serve it pre-rendered (most site builders can), or upload its content as a file.",
    "too_large": "The page is larger than the limit. Split it, or ask the operator to raise"
    " ANSWERDESK_MAX_PAGE_BYTES.",
    "unsupported_type": "Files of this kind cannot be read. Publish the content as a web page, or"
    " exclude the address.",
    "robots_disallowed": "The website's robots.txt forbids this page. Allow the user agent"
    " “Answerdesk” there, then sync again.",
    "noindex": "The page asks not to be indexed. Remove its “noindex”, or add a meta tag named"
    " “answerdesk” with the content “index”.",
    "soft_404": "The page has the same text as a page that does not exist, but its status doesn't"
    " say that it is missing. Restore the page, or remove the links to it.",
    "same_answer_everywhere": "The website sends the same page for every address, so Answerdesk"
    " can't tell which pages exist. Check that the site is not down for maintenance.",
    "maintenance": "The website says that it is down for maintenance. Nothing changes until it is"
    " back; sync again then.",
    "limit_reached": "The maximum number of pages is reached. Exclude pages that you don't need, or"
    " raise the limit of the source or of the plan.",
    "address_refused": "The address leads into a private network. Answerdesk never fetches from one"
    " unless the operator allows it with ANSWERDESK_PAGE_NETWORKS.",
    "unreadable_document": "The document could not be read.",
    "redirected_away": "The page is now on another website, which is not part of this source. Add"
    " that website as a source of its own.",
    "excluded": "The address matches one of this source's exclude patterns.",
    "not_included": "The address matches none of this source's include patterns.",
    "outside": "The address is not below the start address of this source.",
    "endless_addresses": "The address looks like part of an endless series, such as a calendar."
    " If the page matters, add it as a source of its own.",
}


def sentence(code: ReasonCode, detail: str = "") -> str:
    """Return the text for a code: `detail` (what exactly was seen), its meaning and what to do."""
    return f"{detail} {_WHAT_TO_DO[code]}" if detail else _WHAT_TO_DO[code]


@dataclass(frozen=True, slots=True)
class PageFetched:
    """The page exists and can be ingested.

    `content` is what ingestion reads, as `media_type` (a type that ingestion supports, without
    parameters); `content_hash` is its SHA-256. Send `etag` and `last_modified` back unchanged with
    the next fetch; they are None for a rendered page, because its shell's validators don't cover
    the rendered content. `signals` combine the page's own wishes with those of the response's
    headers; `reading` is what was read of `content` alone, None if the same bytes were read before.
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
    """The page has not changed since `etag` and `last_modified` were received."""

    url: str
    etag: str | None
    last_modified: str | None
    status: int = 304


@dataclass(frozen=True, slots=True)
class PageMissing:
    """The website responded 404 or 410: it has no such page."""

    url: str
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class PageMoved:
    """The page redirects to `to` (normalised), which may be out of scope.

    `to` has not been fetched yet. `permanent` is True for 301 and 308.
    """

    url: str
    status: int
    to: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class PageFailed:
    """The page could not be fetched or read, so whether it has changed is unknown.

    `code` is a ReasonCode or `parsing_…`. If `retriable`, the same fetch may succeed soon, but only
    after `retry_after` seconds if the website set that. A page that could be read but has no
    content, such as a shell for a script, may have `links`.
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
    """The page exists but must not be ingested; its `links` may be followed."""

    url: str
    code: ReasonCode | str
    reason: str
    status: int | None = None
    links: tuple[str, ...] = ()


PageOutcome = PageFetched | NotModified | PageMissing | PageMoved | PageFailed | PageSkipped
