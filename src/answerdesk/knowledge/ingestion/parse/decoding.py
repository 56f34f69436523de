"""Decodes bytes to text, without the characters that no stored text may contain."""

import codecs
import re
from contextlib import suppress
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import HTML

# Control characters except tabs and line ends, lone surrogates and non-characters, which PostgreSQL
# or JSON refuses; soft hyphens, zero-width spaces and byte order marks, which invisibly split
# words.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\xad\u200b\u2060\ufeff]"
)


def clean(text: str) -> str:
    """Return the text without characters that can't be stored or that hide in words."""
    return _UNWANTED.sub("", text)


_MARKS: Final = (
    # The UTF-32 mark (little-endian) begins with the UTF-16 mark.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})",
    re.IGNORECASE,
)
_HEAD: Final = 4096
"""A page names its encoding within these first bytes."""

# The encodings that browsers know (encoding.spec.whatwg.org), by Python's names. Python knows more,
# some of which take hours for a megabyte (`punycode`).
_WEB: Final = re.compile(
    r"utf-8|utf-16(-[lb]e)?|cp125[0-8]|cp866|cp874|cp932|cp949|iso8859-([2-8]|1[03-6])|koi8-[ru]"
    r"|mac-(roman|cyrillic)|gb18030|big5hkscs|euc_jp|iso2022_jp"
)
# As in browsers, old names mean the superset that is in use.
_SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_SAMPLE: Final = 4096
_WESTERN_SAMPLE: Final = 64 * 1024
_SIGNS_IN_WORDS = re.compile(r"(?<=[^\W\d_])[¡¢£¤¥¦¨©¬¯±³¶¸¹¼½¾¿†‡‰‹ƒˆ˜](?=[^\W\d_])")
_SUSPICIOUS: Final = 2
_ESCAPES = re.compile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~])?")


def decode(content: bytes, media_type: str, name: str) -> str:
    """Return a document's text with line feeds as line ends and without control characters.

    Reads UTF-8, UTF-16 and UTF-32 with a byte order mark, and the encoding that an HTML page names.
    Raises UnreadableDocument for anything else.
    """
    if not content.strip():
        raise UnreadableDocument(f"{name}: the file is empty", reason="empty")
    encoding = _marked(content)
    if encoding is None:
        if b"\0" in content:
            raise UnreadableDocument(
                f"{name}: the file is binary, not text (byte {content.index(0)} is 0)",
                reason="binary",
            )
        encoding = (_declared(content) if media_type == HTML else None) or "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"{name}: the file is not {error.encoding.upper()} text (byte {error.start} cannot be"
            " read); save it as UTF-8",
            reason="encoding",
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\v", "\n").replace("\f", "\n\n")
    text = clean(_ESCAPES.sub("", text))
    if not text.strip():
        raise UnreadableDocument(f"{name}: the file has no text", reason="empty")
    return text


def decode_table(content: bytes, name: str) -> str:
    """Return a CSV file's text like `decode`, and accept the encodings that Excel writes unmarked.

    These are UTF-16 without a byte order mark, and Windows' Western European encoding.
    """
    if not content.strip() or _marked(content) is not None:
        return decode(content, "", name)
    sample = content[:_SAMPLE]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) * 2 > len(zeros):
            content = content.decode(encoding, "replace").encode()
            return decode(content, "", name)
    try:
        content.decode()
    except UnicodeDecodeError:
        with suppress(UnicodeDecodeError):
            text = content.decode("cp1252")
            content = text.encode() if _reads_western(text[:_WESTERN_SAMPLE]) else content
    return decode(content, "", name)


def web_encoding(label: str) -> str | None:
    """Return Python's name for an encoding named by a page or header; None if it is unknown."""
    try:
        name = codecs.lookup(label.lower().replace("windows-", "cp")).name
    except LookupError:
        return None
    name = _SUPERSETS.get(name, name)
    return name if _WEB.fullmatch(name) else None


def _reads_western(text: str) -> bool:
    """Say whether a text has the letters of Western European words.

    Russian, Greek or Japanese misread this way is all accents, and Polish has symbols inside words.
    """
    plain = sum(1 for one in text if one.isascii() and one.isalnum())
    others = sum(1 for one in text if not one.isascii() and not one.isspace())
    return others * 2 <= plain and len(_SIGNS_IN_WORDS.findall(text)) < _SUSPICIOUS


def _marked(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _declared(content: bytes) -> str | None:
    """Return the encoding that an HTML page names if it is a web encoding."""
    match = _CHARSET.search(content, 0, _HEAD)
    if match is None:
        return None
    name = web_encoding((match[1] or match[2]).decode("ascii"))
    # A page that names UTF-16 in ASCII letters is not UTF-16.
    return None if name is None or name.startswith("utf-16") else name
