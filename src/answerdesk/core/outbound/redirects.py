"""What is sent where a redirect leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from answerdesk.core.outbound.errors import UrlRefused
from answerdesk.core.outbound.headers import SHARED
from answerdesk.core.outbound.types import Purpose
from answerdesk.core.outbound.urls import Url, follow

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a chain."""

    url: Url
    method: str
    headers: Mapping[str, str]
    body: bytes | None


def next_hop(purpose: Purpose, hop: Hop, status: int, location: str) -> Hop:
    """Return what is asked next; raises UrlRefused where it is not followed.

    As browsers do it (Fetch standard): 303, and 301 and 302 after a POST, ask again with GET; 307
    and 308 repeat the request. To another origin goes nothing that could be a secret: no body, and
    only headers that everybody may know. From https to http only pages are followed, since some
    sites lead there and straight back; they carry nothing secret.
    """
    url = follow(hop.url, location)
    if hop.url.scheme == "https" and url.scheme == "http" and purpose != "pages":
        raise UrlRefused(f"{hop.url.host} redirects from https to http, which is not followed")
    method, body, headers = hop.method, hop.body, dict(hop.headers)
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
        headers = {
            name: value
            for name, value in headers.items()
            if not name.lower().startswith("content-")
        }
    if url.origin != hop.url.origin:
        if body is not None:
            raise UrlRefused(
                f"{hop.url.host} redirects to another host, to which what was sent is not repeated"
            )
        headers = {name: value for name, value in headers.items() if name.lower() in SHARED}
    return Hop(url, method, headers, body)
