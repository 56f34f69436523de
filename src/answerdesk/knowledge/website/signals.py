"""Reads what a page says about itself and its site. Runs in the limited child process."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from answerdesk.knowledge.ingestion.parse import (
    ParsedDocument,
    UnreadableDocument,
    parse,
    reading_name,
)
from answerdesk.knowledge.ingestion.parse.decoding import decode
from answerdesk.knowledge.ingestion.parse.html import shallow
from answerdesk.knowledge.ingestion.parse.media_types import PAGES
from answerdesk.knowledge.ingestion.parse.xhtml import as_html
from answerdesk.knowledge.ingestion.sandbox.operations import parts_of
from answerdesk.knowledge.website.urls import absolute, path_of, resolve, target_of

SKETCH_SIZE: Final = 128
"""Numbers in a sketch; at worst, the similarity is accurate to about ± 1 / sqrt(size)."""

_SHINGLE: Final = 3
_FEW_WORDS: Final = 60
_WORD: Final = re.compile(r"\w+")
_MOST_WORDS: Final = 20_000

Sketch = tuple[int, ...]
"""The smallest 64-bit hashes of a text's shingles, ascending; empty for a text without words."""


def sketch_of(text: str) -> Sketch:
    """Return the sketch of a text: of single words if it is short, otherwise of word triples."""
    words = [match[0].lower() for match in _first(_WORD.finditer(text))]
    size = 1 if len(words) < _FEW_WORDS else _SHINGLE
    shingles = {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
    return tuple(sorted(_hash(shingle) for shingle in shingles)[:SKETCH_SIZE])


def similarity(one: Sketch, other: Sketch) -> float:
    """Estimate the share of shingles that two texts have in common: 1 if equal, 0 if disjoint.

    Two texts without words are alike (1); one without words is unlike any other (0).
    """
    if not one or not other:
        return float(one == other)
    smallest = sorted({*one, *other})[:SKETCH_SIZE]
    both = set(one).intersection(other)
    return sum(number in both for number in smallest) / len(smallest)


def _first(matches: Iterable[re.Match[str]]) -> Iterable[re.Match[str]]:
    return (match for match, _ in zip(matches, range(_MOST_WORDS), strict=False))


def _hash(shingle: str) -> int:
    # Python's own hash differs between processes.
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest(), "big")


MOST_LINKS: Final = 5_000
"""Maximum links followed per page; more is an attack, or a list that a sitemap has as well."""

_MOST_WRITTEN: Final = 4 * MOST_LINKS
_LINKS: Final = "a[href], area[href], link[rel~=next][href], frame[src]"
_LOGIN_TEXT: Final = 800
_SCRIPTED_TEXT: Final = 200
_SOON: Final = 10.0
_REFRESH: Final = re.compile(
    r"\s*([0-9.]+)\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"']*)", re.IGNORECASE
)
_ROOTS: Final = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, app-root, #ember-application, #main-app,"
    " [data-reactroot], [ng-app], [data-ng-app], [ng-version], #application, #app-root"
)
_ASKS_FOR_SCRIPTS: Final = re.compile(
    r"(enable|activate|turn on|requires?|needs?|without|aktivier|activer|activez|activar|active|"
    r"abilitare|habilit)[^.]{0,60}java\s?script|java\s?script[^.]{0,60}(required|disabled|enabled?|"
    r"aktivier|deaktiviert|désactivé|desactivado|erforderlich|nécessaire)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageSignals:
    """What is read from a page besides its content; plain data that crosses process borders.

    `links` are absolute and normalised, in page order, each once, without `nofollow` links.
    `canonical` is the canonical address that the page names, on any site; None if it names none or
    its own. `refresh` is the address that it redirects readers to within 10 seconds.
    `text_hash` (32 bytes) covers what ends up in the index: title, language, headings, anchors and
    text, but not page furniture or markup. `text_length` counts the characters of its text without
    the title; `sketch` is of the same text, for `similarity`, without mentions of the page's own
    address.
    """

    links: tuple[str, ...]
    canonical: str | None
    refresh: str | None
    title: str | None
    noindex: bool
    nofollow: bool
    needs_javascript: bool
    asks_login: bool
    text_hash: bytes
    text_length: int
    sketch: Sketch

    def restricted(self, *, noindex: bool, nofollow: bool) -> "PageSignals":
        """Return the signals, restricted also by wishes from outside the page, such as headers."""
        return replace(
            self,
            noindex=self.noindex or noindex,
            nofollow=self.nofollow or nofollow,
            links=() if nofollow else self.links,
        )


def read_signals(content: bytes, media_type: str, url: str) -> PageSignals:
    """Read a page or a document that was fetched from `url`, a normalised address.

    A page without text is no error: its `text_length` is 0. Raises UnreadableDocument, which says
    what is wrong with the content.
    """
    return _read(content, media_type, url)[0]


def read_page(content: bytes, media_type: str, url: str) -> Iterator[object]:
    """Yield what `read_signals` returns, then the parts of the document (`parts_of`).

    There are no parts if the page asks not to be indexed, asks for a log-in, or has no text.
    """
    signals, document = _read(content, media_type, url)
    yield signals
    is_wanted = signals.text_length > 0 and not (signals.noindex or signals.asks_login)
    if document is not None and is_wanted:
        yield from parts_of(document)


def _read(content: bytes, media_type: str, url: str) -> tuple[PageSignals, ParsedDocument | None]:
    name = reading_name(url)
    document = _parsed(content, media_type, name)
    text = "\n".join(_texts(document)) if document is not None else ""
    bare = media_type.partition(";")[0].strip()
    page = _Page.of(content, bare, name, url) if bare in PAGES else None
    noindex, nofollow = page.robots() if page is not None else (False, False)
    signals = PageSignals(
        links=page.links() if page is not None and not nofollow else (),
        canonical=page.canonical() if page is not None else None,
        refresh=page.refresh() if page is not None else None,
        title=document.title if document is not None else None,
        noindex=noindex,
        nofollow=nofollow,
        needs_javascript=page is not None and page.needs_scripts(text),
        asks_login=page is not None and page.asks_login(text),
        text_hash=_text_hash(document),
        text_length=len(text),
        sketch=sketch_of(_without_address(text, url)),
    )
    return signals, document


def robots_of_header(values: Iterable[str]) -> tuple[bool, bool]:
    """Return (noindex, nofollow) as `X-Robots-Tag` headers ask of us."""
    asked: dict[str, set[str]] = {}
    for value in values:
        whom = "robots"
        for part in value.lower().split(","):
            name, colon, rest = part.strip().partition(":")
            # "googlebot: noindex, nofollow": the name applies to everything after it.
            is_named = colon and name != "unavailable_after" and not name.startswith("max-")
            if is_named:
                whom = name.strip()
            asked.setdefault(whom, set()).add((rest if is_named else part).strip())
    return _directives(asked)


def _directives(asked: Mapping[str, set[str]]) -> tuple[bool, bool]:
    """Return (noindex, nofollow); directives for us take precedence over those for all robots."""
    words = asked.get("answerdesk", asked.get("robots", set()))
    return bool(words & {"noindex", "none"}), bool(words & {"nofollow", "none"})


def _parsed(content: bytes, media_type: str, name: str) -> ParsedDocument | None:
    try:
        return parse(content, media_type, name)
    except UnreadableDocument as error:
        if error.reason in ("no_text", "empty"):
            return None
        raise


def _texts(document: ParsedDocument) -> Iterator[str]:
    """Yield headings and texts in order; nothing for a page that has only a title."""
    before: tuple[str, ...] = ()
    blocks = document.blocks
    if len(blocks) == 1 and not blocks[0].heading_path and blocks[0].text == document.title:
        return
    for block in blocks:
        yield from (one for one in block.heading_path if one not in before)
        before = block.heading_path
        yield block.text


def _text_hash(document: ParsedDocument | None) -> bytes:
    digest = hashlib.sha256()
    if document is None:
        return digest.digest()
    parts = [document.title, document.language]
    for block in document.blocks:
        parts += [block.kind, *block.heading_path, block.anchor or "", block.text]
    for part in parts:
        encoded = part.encode("utf-8", "replace")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.digest()


def _without_address(text: str, url: str) -> str:
    """Return the text without the requested address, which error pages often repeat."""
    target, path = target_of(url), path_of(url)
    last = path.rstrip("/").rpartition("/")[2]
    shown = {url, target, path, target.lstrip("/"), path.strip("/")}
    if len(last) >= 4:
        shown |= {last, last.partition(".")[0]}
    shown |= {unquote(one) for one in shown}
    for one in sorted(shown, key=len, reverse=True):
        if len(one) >= 4:
            text = text.replace(one, " ")
    return text


class _Page:
    """A parsed HTML page, and the base address of its links."""

    def __init__(self, tree: LexborHTMLParser, url: str) -> None:
        self._tree = tree
        self._url = url
        base = tree.css_first("base[href]")
        given = absolute(url, base.attributes.get("href") or "") if base is not None else None
        self._base = given or url

    @classmethod
    def of(cls, content: bytes, media_type: str, name: str, url: str) -> "_Page | None":
        try:
            html = as_html(decode(content, media_type, name), media_type)
            return cls(LexborHTMLParser(shallow(html)), url)
        except UnreadableDocument:
            return None  # An empty page.

    def links(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        written: set[str] = set()
        for node in self._tree.css(_LINKS):
            attributes = node.attributes
            link = attributes.get("href") or attributes.get("src") or ""
            if link in written or "nofollow" in (attributes.get("rel") or "").lower().split():
                continue
            written.add(link)
            if len(written) > _MOST_WRITTEN:
                break
            url = resolve(self._base, link)
            if url is not None and url != self._url:
                found[url] = None
                if len(found) >= MOST_LINKS:
                    break
        return tuple(found)

    def canonical(self) -> str | None:
        given = self._tree.css("link[rel~=canonical][href]")
        # Contradictory ones say nothing.
        addresses = {absolute(self._base, one.attributes.get("href") or "") for one in given}
        address = addresses.pop() if len(addresses) == 1 else None
        return None if address == self._url else address

    def refresh(self) -> str | None:
        for node in self._tree.css("meta[http-equiv][content]"):
            if (node.attributes.get("http-equiv") or "").lower() != "refresh":
                continue
            match = _REFRESH.match(node.attributes.get("content") or "")
            if match is not None and match[2] and _seconds(match[1]) <= _SOON:
                url = absolute(self._base, match[2])
                return None if url == self._url else url
        return None

    def robots(self) -> tuple[bool, bool]:
        asked: dict[str, set[str]] = {}
        for node in self._tree.css("meta[name][content]"):
            name = (node.attributes.get("name") or "").lower()
            words = (node.attributes.get("content") or "").lower().replace(",", " ").split()
            asked.setdefault(name, set()).update(words)
        return _directives(asked)

    def asks_login(self, text: str) -> bool:
        """Say whether the page is little more than a password form."""
        if len(text) > _LOGIN_TEXT:
            return False
        return self._tree.css_first('input[type="password" i]') is not None

    def needs_scripts(self, text: str) -> bool:
        """Say whether the page is a shell that a script fills."""
        if len(text) > _SCRIPTED_TEXT or self._tree.css_first("script") is None:
            return False
        if _ASKS_FOR_SCRIPTS.search(text):
            return True
        silent = [node.text(deep=True) for node in self._tree.css("noscript")]
        if any(_ASKS_FOR_SCRIPTS.search(one) for one in silent):
            return True
        roots = self._tree.css(_ROOTS)
        if any(not node.text(deep=True).strip() for node in roots):
            return True
        return not text.strip() and self._tree.css_first("script[src]") is not None


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
