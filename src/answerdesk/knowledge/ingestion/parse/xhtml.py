"""XHTML as XML reads it, written as HTML for the reader of pages.

An HTML parser takes `<script src="x.js"/>` for the beginning of a script that never ends, and the
page with it.
"""

import re
from html import escape
from html.entities import html5
from typing import Final
from xml.parsers import expat

from answerdesk.knowledge.ingestion.parse.media_types import XHTML

_NAMESPACE: Final = "http://www.w3.org/1999/xhtml"
_INLINE: Final = frozenset({"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"})
"""Namespaces whose elements an HTML page has as well."""

_DECLARED = re.compile(r"\s{0,100}<\?xml\s")
_HEAD: Final = 4096
_SPACE: Final = " "
"""Parts a namespace from a name; neither has any."""

_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)
# HTML reads no markup inside these.
_VERBATIM: Final = frozenset({"script", "style"})
_AS_OTHERS: Final = {
    **dict.fromkeys(("iframe", "noembed", "noframes"), "template"),
    **dict.fromkeys(("plaintext", "xmp"), "pre"),
}
_ENTITIES = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)|<!\[CDATA\[|\]\]>")
_SELF_CLOSED = re.compile(r"<([A-Za-z][A-Za-z0-9:_-]{0,60})([^<>]*)/>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]{0,500}\[[^\]]{0,9000}\]\s{0,100}>", re.IGNORECASE)
_DECLARATIONS: Final = 20_000
_MOST_GROWTH: Final = 4
"""How many times as long the page may become; entities that grow more are an attack."""
_LEAST_ROOM: Final = 100_000


def as_html(text: str, media_type: str) -> str:
    """Return a page as HTML with the same elements.

    XHTML is what its type calls so, and what begins as XML in the namespace of XHTML. What is not
    well-formed is left to HTML's rules, except that elements that close themselves are closed.
    """
    if media_type != XHTML and not (_DECLARED.match(text) and _NAMESPACE in text[:_HEAD]):
        return text
    try:
        return _Writer(len(text)).write(text)
    except (expat.ExpatError, _Unsuited):
        head = _DOCTYPE.sub("", text[:_DECLARATIONS], count=1)
        return _SELF_CLOSED.sub(_closed, head + text[_DECLARATIONS:])


def _closed(match: re.Match[str]) -> str:
    name = match[1]
    if name.lower() in _VOID:
        return match[0]
    return f"<{name}{match[2]}></{name}>"


class _Unsuited(Exception):
    """A page with declarations that need more than the page, or that would make it endless."""


class _Writer:
    """Writes the events of an XML parser as HTML."""

    def __init__(self, length: int) -> None:
        self._pieces: list[str] = []
        self._room = _MOST_GROWTH * length + _LEAST_ROOM
        self._open: list[str] = []

    def write(self, text: str) -> str:
        parser = expat.ParserCreate(namespace_separator=_SPACE)
        parser.buffer_text = True
        parser.ordered_attributes = True
        # A name that no declaration explains is passed over, instead of making the page unreadable.
        parser.UseForeignDTD(True)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.Parse(_with_letters(text), True)
        return "<!DOCTYPE html>" + "".join(self._pieces)

    def _put(self, piece: str) -> None:
        self._room -= len(piece)
        if self._room < 0:
            raise _Unsuited
        self._pieces.append(piece)

    def _start(self, name: str, attributes: list[str]) -> None:
        tag = _tag(name)
        self._open.append(tag)
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        written = "".join(f' {_attribute(key)}="{escape(value)}"' for key, value in pairs)
        self._put(f"<{tag}{written}>")

    def _end(self, _name: str) -> None:
        tag = self._open.pop()
        if tag not in _VOID:
            self._put(f"</{tag}>")

    def _text(self, text: str) -> None:
        if self._open and self._open[-1] in _VERBATIM:
            # Its end is all that HTML looks for.
            self._put(text.replace("</", "<\\/"))
        else:
            self._put(escape(text, quote=False))

    def _entity(
        self,
        _name: str,
        _is_parameter: bool,
        value: str | None,
        *_others: object,
    ) -> None:
        # What has no value is outside the page; the parser passes over it.
        if value is not None and "&" in value:
            raise _Unsuited


def _tag(name: str) -> str:
    namespace, _, local = name.rpartition(_SPACE)
    if namespace in ("", _NAMESPACE):
        tag = local.lower()
        return _AS_OTHERS.get(tag, tag)
    return local if namespace in _INLINE else "span"


def _attribute(name: str) -> str:
    return name.rpartition(_SPACE)[2]


def _with_letters(text: str) -> str:
    """Return the text with letters in place of the names that HTML has for them."""
    is_verbatim = False

    def letter(match: re.Match[str]) -> str:
        nonlocal is_verbatim
        if match[1] is None:
            is_verbatim = match[0] != "]]>"
        elif not is_verbatim and match[1] in html5:
            return escape(html5[match[1]])
        return match[0]

    return _ENTITIES.sub(letter, text)
