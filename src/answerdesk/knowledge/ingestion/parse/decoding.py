"""Decodes bytes to text, without the characters that no stored text may contain."""

import codecs
import re
from typing import Final

from answerdesk.knowledge.ingestion.parse.encodings import (
    REPLACEMENT,
    USER_DEFINED,
    UTF_16,
    decode_by,
    find_encoding,
)
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import PAGES, XHTML

# Control characters except tabs and line ends, lone surrogates and non-characters, which PostgreSQL
# or JSON refuses; soft hyphens, zero-width spaces and byte order marks, which invisibly split
# words.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\xad\u200b\u2060\ufeff]"
)


def clean(text: str) -> str:
    """Return the text without characters that can't be stored or that hide in words."""
    return _UNWANTED.sub("", text)


LOST: Final = "\ufffd"
"""Stands for what could not be read."""

_MARKS: Final = (
    # The UTF-32 mark (little-endian) begins with the UTF-16 mark.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES = re.compile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~])?")
_JIS = re.compile(rb"\x1b\$[@B]")
_SAMPLE: Final = 4096
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a\x1b"})
_TEXT_PER_CONTROL: Final = 200
_UNITS_PER_ZERO: Final = 20
_UNITS_PER_ZERO_OF_ASCII: Final = 2
_ASCII: Final = bytes(range(0x20, 0x7F))
_MOST_ALPHABETS: Final = 6
_FEW: Final = 3
_SOUND_TEXT: Final = 50
"""Characters for each one that is lost, if the encoding is known or has proved right elsewhere."""
_TEXT_PER_LOSS: Final = 20
"""The same for a few in a text that has no other letters to prove it by."""
_LONG_TEXT: Final = 1_000
"""The same for more than a few."""


def decode(content: bytes, media_type: str, name: str) -> str:
    """Return a document's text with line feeds as line ends and without control characters.

    The encoding is the one that a byte order mark or a page names; without either UTF-8, or else
    the only one in which the bytes make sense (`guessing`). `LOST` stands for a few bytes that have
    no meaning in it. Raises UnreadableDocument where too many have none, and where the encoding is
    uncertain.
    """
    if not content.strip(b" \t\r\n\0"):
        raise UnreadableDocument(f"{name}: the file is empty", reason="empty")
    text = _read(content, media_type, name).rstrip("\0").replace("\0", LOST)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\v", "\n").replace("\f", "\n\n")
    text = clean(_ESCAPES.sub("", text))
    if not text.strip():
        raise UnreadableDocument(f"{name}: the file has no text", reason="empty")
    return text


def _read(content: bytes, media_type: str, name: str) -> str:
    wide = next((one for mark, one in _MARKS if content.startswith(mark)), None)
    if wide is not None:
        text = content.decode(wide, "replace")
        if not is_sound(text):
            raise _unreadable(name, wide.upper())
        return text
    is_marked = content.startswith(codecs.BOM_UTF8)
    content = content.removeprefix(codecs.BOM_UTF8)
    if (unmarked := _unmarked_utf_16(content)) is not None:
        return unmarked
    _require_text(content, name)
    named = None if is_marked else declared_encoding(content, media_type)
    if named == REPLACEMENT:
        raise UnreadableDocument(
            f"{name}: the page names an encoding that browsers do not read; save it as UTF-8",
            reason="encoding",
        )
    if named is not None:
        text = decode_by(content, named)
        if is_sound(text):
            return text
    return _unnamed(content, name)


def _unnamed(content: bytes, name: str) -> str:
    """Decode what names no encoding, or the wrong one."""
    if _JIS.search(content):
        text = decode_by(content, "iso-2022-jp")
        if is_sound(text):
            return text
    text = content.decode("utf-8", "replace")
    lost = text.count(LOST) - content.count(LOST.encode())
    if lost == 0:
        return text
    others = len(text) - len(text.encode("ascii", "ignore")) - text.count(LOST)
    if others >= lost and is_sound(text):
        return text
    # For few documents, so it is loaded with the first.
    from answerdesk.knowledge.ingestion.parse.guessing import guess  # noqa: PLC0415

    guessed = guess(content)
    if guessed is not None and is_sound(guessed[0]):
        return guessed[0]
    if lost * _TEXT_PER_LOSS <= len(text) and (lost <= _FEW or lost * _LONG_TEXT <= len(text)):
        return text
    raise _unreadable(name, "UTF-8", _first_fault(content))


def is_sound(text: str) -> bool:
    """Say whether so little is lost that the encoding is the right one."""
    lost = text.count(LOST)
    return lost * _SOUND_TEXT <= len(text) or (lost <= _FEW and lost * 4 <= len(text))


def _unmarked_utf_16(content: bytes) -> str | None:
    """Decode UTF-16 without a mark: every other byte has few values, one of which is zero.

    If the other bytes are letters of ASCII, each of them has its zero; fewer zeros are in the text
    by accident.
    """
    sample = content[:_SAMPLE]
    even, odd = sample[::2], sample[1::2]
    high, codec = (odd, "utf-16-le") if odd.count(0) > even.count(0) else (even, "utf-16-be")
    ascii_letters = len(sample) - len(sample.translate(None, _ASCII))
    is_ascii = ascii_letters * 5 > (len(sample) - sample.count(0)) * 4
    units = _UNITS_PER_ZERO_OF_ASCII if is_ascii else _UNITS_PER_ZERO
    if high.count(0) * units < len(high) or len(set(high)) > _MOST_ALPHABETS:
        return None
    text = content.decode(codec, "replace")
    head = text[:_SAMPLE]
    shown = sum(1 for one in head if one.isprintable() or one.isspace())
    return text if len(head) >= _UNITS_PER_ZERO // 4 and shown * 50 >= len(head) * 49 else None


def _require_text(content: bytes, name: str) -> None:
    """Raise for a file with more zeros and control characters than come into a text by accident."""
    zero = content.find(b"\0")
    if zero < 0:
        return
    # Zeros at the end fill a file up.
    content = content.rstrip(b"\0")
    zeros = content.count(b"\0")
    controls = len(content) - len(content.translate(None, _CONTROLS)) - zeros
    # One zero may stand in the shortest text.
    if max(controls, controls + zeros - 1) * _TEXT_PER_CONTROL > len(content):
        raise UnreadableDocument(
            f"{name}: the file is binary, not text (byte {zero} is 0)", reason="binary"
        )


def _first_fault(content: bytes) -> int:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _unreadable(name: str, encoding: str, fault: int = 0) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: the file is not {encoding} text (byte {fault} cannot be read), and which encoding"
        " it is in is uncertain; save it as UTF-8",
        reason="encoding",
    )


_HEAD: Final = 4096
"""A page names its encoding within these first bytes."""

_XML = re.compile(
    rb"\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/]([^>]{0,400})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"([A-Za-z-]{1,40})\s{0,20}=\s{0,20}(?:\"([^\"]{0,300})\"|'([^']{0,300})'|([^\s\"'>]{1,300}))"
)
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


def declared_encoding(content: bytes, media_type: str) -> str | None:
    """Return the encoding that a page names, other than UTF-8, which is read anyway.

    XHTML names it in its first line, HTML in an element.
    """
    if media_type not in PAGES:
        return None
    head = content[:_HEAD]
    xml = _XML.match(head)
    by_xml = find_encoding(xml[1].decode("ascii")) if xml is not None else None
    found = by_xml if media_type == XHTML and by_xml is not None else _in_meta(head) or by_xml
    if found in UTF_16:
        # A page that names UTF-16 in ASCII letters is not UTF-16.
        return None
    return {USER_DEFINED: "windows-1252", "utf-8": None}.get(found or "", found)


def _in_meta(head: bytes) -> str | None:
    for element in _META.finditer(_COMMENT.sub(b"", head)):
        given: dict[str, str] = {}
        for one in _ATTRIBUTE.finditer(element[1]):
            value = next((part for part in one.groups()[1:] if part is not None), b"")
            given.setdefault(one[1].decode("ascii").lower(), value.decode("latin-1"))
        label = given.get("charset")
        if label is None and given.get("http-equiv", "").lower() == "content-type":
            label = charset_of(given.get("content", ""))
        if label is not None and (name := find_encoding(label)) is not None:
            return name
    return None


def charset_of(content_type: str) -> str | None:
    """Return the label of the encoding in a content type: "text/html; charset=…"."""
    found = _CHARSET.search(content_type)
    return found[1] if found is not None else None
