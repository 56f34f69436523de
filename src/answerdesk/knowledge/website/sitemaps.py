"""Reads sitemaps as sitemaps.org specifies them. Runs in the limited child process."""

import re
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from answerdesk.core.errors import InvalidInput
from answerdesk.core.outbound import BadResponse, ResponseTooLarge
from answerdesk.core.outbound.unpacking import unpacking
from answerdesk.knowledge.website.urls import absolute, resolve

MOST_ENTRIES: Final = 50_000
"""The protocol's maximum of entries in one sitemap; the rest are left out."""

MOST_BYTES: Final = 50 * 1024 * 1024
"""The protocol's maximum size of one sitemap, unpacked; the rest is left out."""

_PIECE: Final = 64 * 1024
_LONGEST_VALUE: Final = 10_000
_GZIP: Final = b"\x1f\x8b"
_BARE_AMPERSAND: Final = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)"
)
_LISTS: Final = {"urlset": "url", "sitemapindex": "sitemap"}


class UnreadableSitemap(InvalidInput):
    """Nothing in the sitemap can be used; the message says why."""

    code = "unreadable_sitemap"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, or the sitemaps of an index; normalised addresses.

    `fault` says what went wrong if only a part could be read.
    """

    pages: tuple[str, ...]
    indexes: tuple[str, ...]
    fault: str | None = None


def parse_sitemap(content: bytes, url: str) -> Sitemap:
    """Read a sitemap or sitemap index that was fetched from `url`: XML, text, or gzip of either.

    Entries that are not addresses of web pages are left out; of a broken file, the part before the
    fault is used. Raises UnreadableSitemap if nothing can be used: another kind of file, an entity
    declaration, or XML that breaks before its first entry.
    """
    content, fault = _unpacked(content)
    text = content.lstrip()
    if not text:
        raise UnreadableSitemap(fault or "The sitemap is empty.")
    if _is_xml(text):
        return _parse_xml(text, url, fault)
    return _parse_text(text, url, fault)


def _unpacked(content: bytes) -> tuple[bytes, str | None]:
    """Return the uncompressed content, cut to the maximum, and what was wrong with it."""
    if not content.startswith(_GZIP):
        return content[:MOST_BYTES], _too_long(len(content))
    unpacker = unpacking("gzip", MOST_BYTES)
    try:
        for at in range(0, len(content), _PIECE):
            unpacker.feed(content[at : at + _PIECE])
        return unpacker.finish(), None
    except ResponseTooLarge:
        return unpacker.so_far(), _too_long(MOST_BYTES + 1)
    except BadResponse:
        return unpacker.so_far(), "The compressed sitemap is damaged or cut off."


def _too_long(size: int) -> str | None:
    return "The sitemap is larger than 50 MB; the rest is left out." if size > MOST_BYTES else None


def _is_xml(text: bytes) -> bool:
    marks = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")
    if not text.startswith(marks):
        return False
    return b"<" in text[:16]


def _parse_xml(content: bytes, url: str, fault: str | None) -> Sitemap:
    found = _Entries(url)
    broken = found.read(content)
    if broken is not None and not found.refused and _BARE_AMPERSAND.search(content):
        # By far the most frequent fault: an address with an unescaped `&`.
        mended = _Entries(url)
        still_broken = mended.read(_BARE_AMPERSAND.sub(b"&amp;", content))
        if len(mended) > len(found):
            found, broken = mended, still_broken
    if found.root not in _LISTS:
        raise UnreadableSitemap(_not_a_sitemap(found.root, broken))
    fault = broken or fault
    if fault and not found.pages and not found.indexes:
        raise UnreadableSitemap(fault)
    return Sitemap(tuple(found.pages), tuple(found.indexes), fault)


def _not_a_sitemap(root: str, broken: str | None) -> str:
    if root:
        return f"The file is not a sitemap: its root element is <{root[:40]}>."
    return broken or "The file is not a sitemap."


def _parse_text(content: bytes, url: str, fault: str | None) -> Sitemap:
    lines = content.decode("utf-8-sig", errors="replace").split()
    addresses = [line for line in lines if line.startswith(("http://", "https://"))]
    if not addresses or len(addresses) < len(lines) / 2:
        raise UnreadableSitemap("The file is not a sitemap: neither XML nor a list of addresses.")
    if len(addresses) > MOST_ENTRIES:
        fault = _too_many()
    found = dict.fromkeys(resolve(url, line) for line in addresses[:MOST_ENTRIES])
    return Sitemap(tuple(one for one in found if one is not None), (), fault)


def _too_many() -> str:
    return f"The sitemap has more than {MOST_ENTRIES} entries; the rest is left out."


class _Stop(Exception):
    """Ends reading; the text says why."""


class _Entries:
    """The entries read from one XML sitemap so far."""

    def __init__(self, url: str) -> None:
        self.root = ""
        self.pages: dict[str, None] = {}
        self.indexes: dict[str, None] = {}
        self.refused = False
        self._url = url
        self._prefix = ""
        self._count = 0
        self._depth = 0
        self._link = ""
        self._text: str | None = None

    def __len__(self) -> int:
        return len(self.pages) + len(self.indexes)

    def read(self, content: bytes) -> str | None:
        """Read until the end or a fault; returns the fault."""
        # Without namespaces: many sitemaps use prefixes that they never declare.
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse_entities
        parser.ExternalEntityRefHandler = self._refuse_reference
        try:
            for at in range(0, len(content), _PIECE):
                parser.Parse(content[at : at + _PIECE], False)
            parser.Parse(b"", True)
        except _Stop as stop:
            return str(stop)
        except (expat.ExpatError, ValueError, LookupError):
            line = parser.CurrentLineNumber
            return f"The sitemap is broken in line {line}; the rest is left out."
        return None

    def _refuse_entities(self, *_: object) -> None:
        self.pages.clear()
        self.indexes.clear()
        self.refused = True
        raise _Stop("The sitemap declares entities, which Answerdesk never resolves.")

    def _refuse_reference(self, *_: object) -> int:
        self._refuse_entities()
        return 0

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            prefix, colon, self.root = name.rpartition(":")
            self._prefix = prefix + colon
            if self.root not in _LISTS:
                raise _Stop("The file is not a sitemap.")
        elif self._depth == 2:
            self._link = ""
        elif self._depth == 3 and self._own(name) == "loc":
            self._text = ""

    def _characters(self, text: str) -> None:
        if self._text is not None and len(self._text) < _LONGEST_VALUE:
            self._text += text

    def _end(self, name: str) -> None:
        if self._depth == 3 and self._text is not None:
            self._link = self._link or self._text
            self._text = None
        elif self._depth == 2 and self._own(name) == _LISTS[self.root]:
            self._add()
        self._depth -= 1

    def _own(self, name: str) -> str:
        """Return an element's name without the root's prefix; empty for elements of extensions."""
        return name[len(self._prefix) :] if name.startswith(self._prefix) else ""

    def _add(self) -> None:
        self._count += 1
        if self._count > MOST_ENTRIES:
            raise _Stop(_too_many())
        if self.root == "sitemapindex":
            # A sitemap's name may end in .gz, which no page's does.
            address = absolute(self._url, self._link)
            if address is not None:
                self.indexes[address] = None
            return
        url = resolve(self._url, self._link)
        if url is not None:
            self.pages[url] = None
