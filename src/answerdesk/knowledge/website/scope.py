"""Decides which addresses belong to a source, from its start address and patterns."""

import re
from collections.abc import Iterable
from typing import Final, Self

from answerdesk.core.errors import InvalidInput
from answerdesk.core.outbound import UrlRefused
from answerdesk.core.outbound.urls import Url, parse_url
from answerdesk.knowledge.website.outcomes import ReasonCode
from answerdesk.knowledge.website.urls import escape_once, is_endless, normalise, path_of, target_of

_USUAL: Final = {"http": 80, "https": 443}
_LONGEST_PATTERN: Final = 500
_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}")
_BLANK: Final = re.compile(r"\s")


class Scope:
    """A website, or the part below the start's folder, minus what the owner excludes.

    The same site means the same host, with or without "www.", on the same port; https and http on
    their default ports count as the same. If the start is in a folder
    (`https://example.com/docs/intro.html` is in `/docs/`), only pages below that folder belong to
    the source; a start whose last segment has no file extension is itself a folder (`/docs` means
    `/docs` and everything below `/docs/`).

    Patterns: `*` stands for any characters, including `/`; every other character stands for itself,
    and case matters. A pattern that begins with `http` is matched against the whole address. Any
    other begins with `/` or `*` and is matched against the path, and the query if it contains a
    `?`. A pattern matches from beginning to end: `/blog/*`, `*.pdf`, `*?print=*`. A pattern without
    `*` matches its page and everything below: `/blog` matches `/blog` and `/blog/…`.

    Exclude takes precedence: an address that matches an exclude pattern is out. With include
    patterns, only addresses that match one of them are in. The start page is fetched for its links
    in any case.
    """

    def __init__(
        self, start_url: str, include: Iterable[str] = (), exclude: Iterable[str] = ()
    ) -> None:
        """Raise InvalidInput for an invalid address or pattern."""
        self.start = normalise(start_url)
        self._site = parse_url(self.start)
        self._own = f"{self._site.origin}/"
        self._folder = _folder(path_of(self.start))
        self._include = tuple(_Pattern(text) for text in include)
        self._exclude = tuple(_Pattern(text) for text in exclude)

    @property
    def include(self) -> tuple[str, ...]:
        """The include patterns as they are stored."""
        return tuple(pattern.text for pattern in self._include)

    @property
    def exclude(self) -> tuple[str, ...]:
        """The exclude patterns as they are stored."""
        return tuple(pattern.text for pattern in self._exclude)

    @property
    def folder(self) -> str:
        """The path that the paths of all pages begin with; it ends in a slash."""
        return self._folder

    def at(self, start_url: str) -> Self:
        """Return the same scope from another start, to which the first start redirects."""
        return type(self)(start_url, self.include, self.exclude)

    def address(self, url: str) -> str | None:
        """Return the address under which a page is stored: with the start's host and scheme.

        `url` is normalised. None if it is on another site. `http` becomes `https` if the start is
        https (never the other way), and the host is written like the start's, with or without
        "www.".
        """
        if url.startswith(self._own):
            return url
        given, site = parse_url(url), self._site
        if not _is_same_site(given, site):
            return None
        stays = (given.scheme, site.scheme) == ("https", "http")
        scheme, port = (given.scheme, given.port) if stays else (site.scheme, site.port)
        return str(Url(scheme, site.host, port, given.target))

    def refusal(self, url: str) -> ReasonCode | None:
        """Return why a normalised address does not belong to the source, or None if it does.

        The reason is `outside` (another site, or not below the folder), `excluded`,
        `endless_addresses` (an address that a trap generates) or `not_included`.
        """
        address = self.address(url)
        if address is None:
            return "outside"
        is_start = address == self.start
        if not is_start and not self._is_below(path_of(address)):
            return "outside"
        if any(pattern.matches(address) for pattern in self._exclude):
            return "excluded"
        if not is_start and is_endless(address):
            return "endless_addresses"
        if self._include and not any(pattern.matches(address) for pattern in self._include):
            return "not_included"
        return None

    def contains(self, url: str) -> bool:
        """Say whether a page belongs to the source."""
        return self.refusal(url) is None

    def _is_below(self, path: str) -> bool:
        return path.startswith(self._folder) or path == self._folder.removesuffix("/")


class _Pattern:
    """One pattern, ready to match in time that grows only with the length of the address."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        _require_meant(self.text)
        self._whole = self.text.lower().startswith("http")
        self._with_query = "?" in self.text
        meant = _with_plain_host(self.text) if self._whole else self.text
        pieces = [_written(piece) for piece in self._comparable(meant).split("*")]
        self._first, *self._others = pieces

    def matches(self, address: str) -> bool:
        text = self._comparable(address) if self._whole else target_of(address)
        if not self._with_query:
            text = text.partition("?")[0]
        if not self._others:
            return text == self._first or text.startswith(self._first.removesuffix("/") + "/")
        return self._matches_wildcards(text)

    def _matches_wildcards(self, text: str) -> bool:
        *middle, last = self._others
        if not text.startswith(self._first):
            return False
        at = len(self._first)
        for piece in middle:
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return len(text) - len(last) >= at and text.endswith(last)

    def _comparable(self, text: str) -> str:
        """Return a whole address without its scheme and "www.", which do not distinguish sites."""
        if not self._whole:
            return text
        host, slash, rest = text.partition("://")[2].partition("/")
        return host.lower().removeprefix("www.") + slash + rest


def _require_meant(text: str) -> None:
    if not text or len(text) > _LONGEST_PATTERN:
        raise InvalidInput(f"A pattern must have 1 to {_LONGEST_PATTERN} characters")
    if _BLANK.search(text) or "#" in text:
        raise InvalidInput(
            f"The pattern {text} contains whitespace or a #; write %20 for a space, and leave out"
            " the # and the text after it, which names a place within a page"
        )
    if text.startswith(("/", "*")):
        return
    if not text.lower().startswith(("http://", "https://")):
        raise InvalidInput(
            f"The pattern {text} must begin with /, *, http:// or https://; write /{text}* to match"
            f" paths that begin with it, or */{text}* to match it anywhere"
        )


def _with_plain_host(pattern: str) -> str:
    """Return a whole-address pattern with its host normalised, unless the host has a `*`."""
    scheme, _, rest = pattern.partition("://")
    host, slash, path = rest.partition("/")
    if "*" in host:
        return pattern
    try:
        return parse_url(f"{scheme}://{host}/").origin + slash + path
    except UrlRefused as error:
        raise InvalidInput(
            f"The pattern {pattern} does not begin with a valid address. {error.message}"
        ) from error


def _written(piece: str) -> str:
    """Return a piece of a pattern, escaped like normalised addresses."""
    text = "".join(sign if sign.isascii() else _percent(sign) for sign in piece)
    return escape_once(text)


def _percent(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "replace"))


def _is_same_site(one: Url, other: Url) -> bool:
    if one.host.removeprefix("www.") != other.host.removeprefix("www."):
        return False
    if one.port == other.port and one.scheme == other.scheme:
        return True
    return all(url.port == _USUAL[url.scheme] for url in (one, other))


def _folder(path: str) -> str:
    head, _, last = path.rpartition("/")
    # "/docs/intro.html" is a page in a folder, "/docs" and "/docs/v1.2" are folders themselves.
    if not last or _ENDING.search(last):
        return f"{head}/"
    return f"{path}/"
