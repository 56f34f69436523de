"""The address of an action: a template whose placeholders are in its path and query only."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from answerdesk.core.outbound import UrlRefused, checked_url

_AUTHORITY: Final = re.compile(r"[^/?#]*://[^/?#]*")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def placeholders(url: str) -> list[str]:
    """Return the names of the parameters in an address, in order."""
    return _PLACEHOLDER.findall(url)


def require_address(url: str) -> str:
    """Return the template, trimmed; raises UrlRefused saying what is wrong with it."""
    url = url.strip()
    authority = _AUTHORITY.match(url)
    if authority is not None and ("{" in authority[0] or "}" in authority[0]):
        raise UrlRefused("The host is fixed: a {parameter} may stand in the path or the query only")
    if "#" in url:
        raise UrlRefused("The address has a fragment (#), which is never sent; leave it out")
    filled = _PLACEHOLDER.sub("x", url)
    if "{" in filled or "}" in filled:
        raise UrlRefused("The address has a brace without its other half")
    checked_url(filled)
    return url


def filled_address(url: str, values: Mapping[str, str], query: Iterable[tuple[str, str]]) -> str:
    """Return the address with values, percent-encoded, in their places and in the query.

    Raises UrlRefused for a value in the path that could lead to another path: servers decode
    slashes, and everybody resolves dots.
    """
    path, mark, asked = url.partition("?")
    for name in placeholders(path):
        if "/" in values[name] or "\\" in values[name]:
            raise UrlRefused(f"The parameter {name} has a slash, so it is not put into the path")
    path = _filled(path, values)
    if any(part in (".", "..") for part in path.split("/")):
        raise UrlRefused("A parameter would lead to another path")
    more = urlencode(list(query), quote_via=quote, safe="")
    asked = "&".join(filter(None, (_filled(asked, values), more)))
    return checked_url(f"{path}?{asked}" if mark or asked else path)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda one: quote(values[one[1]], safe=""), template)
