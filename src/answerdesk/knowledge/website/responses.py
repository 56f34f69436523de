"""Interprets a site's response before its content is read: status, redirects, media type."""

import codecs
import re
from typing import Final
from urllib.parse import unquote, urlsplit

from answerdesk.core.outbound import (
    AddressRefused,
    HostUnknown,
    MediaTypeRefused,
    OutboundError,
    OutboundResponse,
    ResponseTooLarge,
    Unreachable,
    UrlRefused,
)
from answerdesk.knowledge.ingestion.parse.decoding import (
    charset_of,
    declared_encoding,
    is_sound,
)
from answerdesk.knowledge.ingestion.parse.encodings import REPLACEMENT, decode_by, find_encoding
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import (
    HTML,
    PAGES,
    PDF,
    XHTML,
    resolve_media_type,
)
from answerdesk.knowledge.website.outcomes import (
    NotModified,
    PageFailed,
    PageMissing,
    PageMoved,
    PageOutcome,
    PageSkipped,
    sentence,
)
from answerdesk.knowledge.website.urls import absolute, path_of

REDIRECTS: Final = (301, 302, 303, 307, 308)
_PERMANENT: Final = (301, 308)
TRY_AGAIN: Final = (408, 425, 429)
"""4xx statuses that may be gone on the next try."""
_LONGEST_VALIDATOR: Final = 500
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]+")
_HEAD: Final = 1_024
_BEFORE: Final = codecs.BOM_UTF8 + b" \t\r\n"
_BEGINNINGS: Final = (b"<!doctype html", b"<html")
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOG_IN_PATH: Final = re.compile(
    r"/(?:log[-_]?in|log[-_]?on|sign[-_]?in|sso|auth|authenticate|oauth2?|saml2?|openid"
    r"|wp-login\.php|session/new|login\.\w{2,5})(?:/|$)",
    re.IGNORECASE,
)
_LOG_IN_HOST: Final = re.compile(r"(?:login|signin|sso|auth|accounts|idp)\.", re.IGNORECASE)


def outcome_of_error(url: str, error: OutboundError) -> PageOutcome:
    """Return the outcome for a page whose request got no usable response."""
    match error:
        case AddressRefused() | UrlRefused():
            return PageFailed(url, "address_refused", error.message, retriable=False)
        case ResponseTooLarge():
            reason = sentence("too_large", f"{error.message}.")
            return PageFailed(url, "too_large", reason, retriable=False)
        case MediaTypeRefused():
            return PageSkipped(url, "unsupported_type", sentence("unsupported_type"))
        case Unreachable() if error.code == "timed_out":
            return PageFailed(url, "timed_out", sentence("timed_out"), retriable=True)
        case Unreachable() | HostUnknown():
            reason = sentence("unreachable", f"{error.message}.")
            return PageFailed(url, "unreachable", reason, retriable=True)
        case _:
            reason = sentence("http_error", f"{error.message}.")
            return PageFailed(url, "http_error", reason, retriable=error.retriable)


def outcome_of_status(url: str, answer: OutboundResponse, *, asked_if: bool) -> PageOutcome | None:
    """Return the outcome that follows from the status alone, or None if there is content to read.

    `asked_if` says that the request was conditional; otherwise a 304 means nothing.
    """
    status = answer.status
    if status in REDIRECTS:
        permanent = status in _PERMANENT
        return moved(url, status, answer.headers.get("Location", ""), permanent=permanent)
    if status == 304 and asked_if:
        return NotModified(url, *validators(answer))
    if status in (404, 410):
        gone = "is gone for good" if status == 410 else "does not exist"
        return PageMissing(url, status, f"The website says that the page {gone} ({status}).")
    if status in (200, 203):
        return None
    if status in (204, 205):
        return PageFailed(url, "empty_page", sentence("empty_page"), retriable=False, status=status)
    return _failed(url, answer)


def moved(url: str, status: int, link: str, *, permanent: bool = False) -> PageOutcome:
    """Return the outcome for a page that sends its readers to `link`, by any kind of redirect."""
    to = absolute(url, link)
    if to is None:
        reason = sentence("http_error", "The page redirects to an unusable address.")
        return PageFailed(url, "http_error", reason, retriable=False, status=status)
    if leads_to_log_in(to) and not leads_to_log_in(url):
        reason = sentence("login_required")
        return PageFailed(url, "login_required", reason, retriable=False, status=status)
    if to == url:
        reason = sentence("http_error", "The page redirects to itself; it may need cookies.")
        return PageFailed(url, "http_error", reason, retriable=False, status=status)
    return PageMoved(url, status, to, permanent=permanent)


def validators(answer: OutboundResponse) -> tuple[str | None, str | None]:
    """Return ETag and Last-Modified, each only if it can be sent back."""
    return (_sendable(answer.headers.get("ETag")), _sendable(answer.headers.get("Last-Modified")))


def readable_type(url: str, answer: OutboundResponse) -> str | None:
    """Return the media type to read a response as, or None if it can't be read.

    The first bytes decide if they show a PDF, or a web page in place of a file, such as a log-in
    page. Otherwise the website's media type decides, and without one the file name.
    """
    head = answer.body[:_HEAD].lstrip(_BEFORE).lower()
    media_type = answer.media_type
    if head.startswith(b"%pdf-"):
        return PDF
    is_text = media_type.startswith("text/") or media_type == XHTML
    if not is_text and head.startswith(_BEGINNINGS):
        return HTML
    if not media_type and head.startswith(b"<"):
        return HTML
    try:
        return resolve_media_type(media_type, unquote(path_of(url)))
    except UnreadableDocument:
        return None


def as_utf8(answer: OutboundResponse, media_type: str) -> bytes:
    """Return a text's body; as UTF-8 with a byte order mark if the header names its encoding.

    A byte order mark overrides the header, and the header overrides the page's own declaration.
    Other bodies than texts and pages are unchanged. Raises UnreadableDocument for an encoding that
    no browser reads.
    """
    body = answer.body
    if not (media_type.startswith("text/") or media_type in PAGES) or body.startswith(_MARKS):
        return body
    label = charset_of(answer.headers.get("Content-Type", ""))
    name = find_encoding(label) if label is not None else None
    if name == REPLACEMENT:
        raise UnreadableDocument(
            f"The website names the encoding “{label}”, which browsers do not read. Serve the page"
            " as UTF-8.",
            reason="encoding",
        )
    if name is None:
        return body
    if name == "utf-8":
        # Marked only where needed: what the website sent is easier to compare.
        return codecs.BOM_UTF8 + body if declared_encoding(body, media_type) else body
    text = decode_by(body, name)
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace") if is_sound(text) else body


def leads_to_log_in(url: str) -> bool:
    """Say whether an address looks like a log-in page."""
    parts = urlsplit(url)
    return bool(_LOG_IN_PATH.search(parts.path) or _LOG_IN_HOST.match(parts.hostname or ""))


def names_page(url: str, page: str) -> bool:
    """Say whether an address has the page in its query, as one that sends its reader back has."""
    path = path_of(page)
    return path != "/" and path in unquote(urlsplit(url).query)


def _failed(url: str, answer: OutboundResponse) -> PageFailed:
    status = answer.status
    said = f"The website responds with status {status}."
    if status in (401, 407):
        reason = sentence("login_required", said)
        return PageFailed(url, "login_required", reason, retriable=False, status=status)
    if status in (403, 451):
        reason = sentence("forbidden", said)
        return PageFailed(url, "forbidden", reason, retriable=False, status=status)
    return PageFailed(
        url,
        "http_error",
        sentence("http_error", said),
        retriable=status >= 500 or status in TRY_AGAIN,
        status=status,
        retry_after=answer.retry_after,
    )


def _sendable(value: str | None) -> str | None:
    if value is None or len(value) > _LONGEST_VALIDATOR:
        return None
    return value if _PRINTABLE.fullmatch(value) else None
