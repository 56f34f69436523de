"""What a website is asked and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A request that the site was asked, at a time of `time.monotonic`; `path` has its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answers. `raw` is sent as it is instead of all else, then the line is cut."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    raw: bytes | None = None


def is_known(answer: Answer, request: Request) -> bool:
    """Say whether the request names the content that it would get (RFC 9110, 13.2.2)."""
    if answer.status != 200:
        return False
    given = request.headers.get("if-none-match")
    if given is not None:
        etag = answer.headers.get("ETag")
        return etag is not None and etag.removeprefix("W/") in given.replace("W/", "").split(", ")
    since = request.headers.get("if-modified-since")
    changed = answer.headers.get("Last-Modified")
    if since is None or changed is None:
        return False
    return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)


def validators(answer: Answer) -> dict[str, str]:
    """Return the headers by which an answer's content is known again."""
    return {n: v for n, v in answer.headers.items() if n in ("ETag", "Last-Modified")}
