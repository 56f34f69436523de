"""Whether a request was sent by one of our own pages: asked before an ambient credential counts.

Browsers attach a cookie whoever makes them send a request. What says who did is set by the browser
itself and by no page: `Sec-Fetch-Site`, and on plain HTTP, where that is missing, `Origin`.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from answerdesk.core.errors import NotPermitted
from answerdesk.kit.origins import normalise_origin

_SAME: Final = "same-origin"


def require_own_page(connection: HTTPConnection, public_url: str | None) -> None:
    """Raise NotPermitted unless a page of our own origin sent the request.

    A sibling host or another port is another origin, although browsers call it the same site.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        own = site == _SAME
    else:
        own = _is_own(connection.headers.get("origin", ""), connection, public_url)
    if not own:
        raise NotPermitted(
            "Only a page of this installation may use the cookie of a log-in. A program leaves "
            "`cookie` out and sends its refresh token in the body. Behind a proxy that hides the "
            "host, set ANSWERDESK_PUBLIC_URL",
            code="foreign_page",
        )


def is_secure(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether visitors reach us by HTTPS: as this request came, or as the operator has set."""
    return connection.url.scheme == "https" or urlsplit(public_url or "").scheme == "https"


def _is_own(origin: str, connection: HTTPConnection, public_url: str | None) -> bool:
    # A proxy that ends TLS leaves us with the host alone, so that the scheme is the page's own.
    scheme = origin.partition("://")[0]
    own = {_normalised(f"{scheme}://{connection.headers.get('host', '')}")}
    if public_url is not None:
        address = urlsplit(public_url)
        own.add(_normalised(f"{address.scheme}://{address.netloc}"))
    given = _normalised(origin)
    return given is not None and given in own


def _normalised(origin: str) -> str | None:
    """Return an origin as browsers write it; None for what is none, such as `null`."""
    try:
        return normalise_origin(origin)
    except ValueError:
        return None
