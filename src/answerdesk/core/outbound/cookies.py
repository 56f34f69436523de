"""The cookies of one fetch: each goes back to the origin that set it, and is then forgotten."""

import re
from collections.abc import Sequence
from typing import Final

from aiohttp import CookieJar
from yarl import URL

from answerdesk.core.outbound.urls import Url

_MOST: Final = 20
"""Cookies that an origin may set in one fetch."""
_MOST_ORIGINS: Final = 5
_LONGEST: Final = 4096
"""Characters of a cookie with its attributes (RFC 6265, 6.1)."""
_LONGEST_SENT: Final = 8000
_PLAIN: Final = re.compile(r"[\t\x20-\x7e]*")


class Cookies:
    """The cookies of one fetch, which may consist of several requests.

    Each origin (scheme, host and port) has a jar of its own, so that no `Domain` leads a cookie to
    another host. Within the origin, path, expiry and `Secure` are honoured.
    """

    def __init__(self) -> None:
        self._jars: dict[str, CookieJar] = {}

    def __bool__(self) -> bool:
        return any(self._jars.values())

    def note(self, url: Url, set_cookies: Sequence[str]) -> None:
        """Keep what a response from `url` sets (its `Set-Cookie` headers), within the bounds."""
        for header in set_cookies[:_MOST]:
            if len(header) > _LONGEST or _PLAIN.fullmatch(header) is None:
                continue
            jar = self._jar(url)
            if jar is None or len(jar) >= _MOST:
                return
            jar.update_cookies_from_headers([header], _address(url))

    def sent_to(self, url: Url) -> str | None:
        """Return the value of the `Cookie` header for a request; None if it has none."""
        jar = self._jars.get(url.origin)
        if not jar:
            return None
        found = jar.filter_cookies(_address(url)).values()
        sent = "; ".join(f"{one.key}={one.coded_value}" for one in found)
        return sent if 0 < len(sent) <= _LONGEST_SENT else None

    def _jar(self, url: Url) -> CookieJar | None:
        jar = self._jars.get(url.origin)
        if jar is None and len(self._jars) < _MOST_ORIGINS:
            # `unsafe` only means that hosts may be IP addresses.
            jar = self._jars[url.origin] = CookieJar(unsafe=True, quote_cookie=False)
        return jar


def _address(url: Url) -> URL:
    return URL(str(url), encoded=True)
