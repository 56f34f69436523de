"""Encodings as browsers know them (encoding.spec.whatwg.org): their labels and their letters.

Python's codecs of the same names differ from the standard in places: they refuse bytes that it
reads, and know the smaller of two sets that share a name. Python also has codecs that no page is
in, some of which take hours for a megabyte (`punycode`).
"""

import codecs
from functools import cache
from typing import Final

from webencodings.labels import LABELS

REPLACEMENT: Final = "replacement"
"""The standard's name for encodings that no browser reads, because they hide markup."""

USER_DEFINED: Final = "x-user-defined"
UTF_16: Final = frozenset({"utf-16le", "utf-16be"})

_SPACE: Final = " \t\n\f\r"

_CODECS: Final = {
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "ibm866": "cp866",
    "iso-8859-8-i": "iso8859-8",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
}
_MULTI_BYTE: Final = frozenset(
    {"utf-8", "utf-16le", "utf-16be", "gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp"}
    | {"shift_jis", "euc-kr"}
)
_UNDEFINED: Final = "\ufffe"
"""Marks bytes without a meaning in a table for `codecs.charmap_decode`."""

_ADDED: Final = {
    "windows-1255": {0xCA: "\u05ba"},
    "koi8-u": {0xAE: "\u045e", 0xBE: "\u040e"},
}
# Where the tables of Japan and Unicode meet, browsers follow Windows, but not in every single byte.
_AS_WINDOWS: Final = {ord(one): other for one, other in zip("〜‖−¢£¬", "～∥－￠￡￢", strict=True)}
_AS_BROWSERS: Final[dict[str, dict[int, str]]] = {
    "euc-jp": _AS_WINDOWS,
    "iso-2022-jp": _AS_WINDOWS,
    "shift_jis": dict.fromkeys((0xA0, 0xF8F0, 0xF8F1, 0xF8F2, 0xF8F3), "\ufffd"),
}


def find_encoding(label: str) -> str | None:
    """Return the standard's name for a label (lower case); None if it is none."""
    name: str | None = LABELS.get(label.strip(_SPACE).lower())
    return name


def decode_by(content: bytes, encoding: str, errors: str = "replace") -> str:
    """Decode by the standard's name of an encoding, with U+FFFD for bytes that have no meaning.

    With `errors="strict"`, raises UnicodeDecodeError instead.
    """
    if encoding == REPLACEMENT:
        return "\ufffd"
    if encoding not in _MULTI_BYTE:
        return codecs.charmap_decode(content, errors, _table(encoding))[0]
    handler = _HANDLERS.get(encoding, errors) if errors == "replace" else errors
    text = content.decode(_CODECS.get(encoding, encoding), handler)
    return text.translate(_AS_BROWSERS[encoding]) if encoding in _AS_BROWSERS else text


@cache
def _table(encoding: str) -> str:
    """Return the characters of a single-byte encoding's 256 bytes."""
    if encoding == USER_DEFINED:
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in range(256))
    codec, added = _CODECS.get(encoding, encoding), _ADDED.get(encoding, {})
    read = [
        added.get(byte) or bytes([byte]).decode(codec, "ignore") or _UNDEFINED
        for byte in range(256)
    ]
    if encoding.startswith("windows-"):
        # Holes among the control characters are control characters.
        read[0x80:0xA0] = [
            chr(byte) if read[byte] == _UNDEFINED else read[byte] for byte in range(0x80, 0xA0)
        ]
    return "".join(read)


def _read_windows_pair(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read two bytes of JIS X 0208 by Windows' table, which has rows that Python's lacks."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2:
        row, cell = (pair[0] & 0x7F) - 0x21, (pair[1] & 0x7F) - 0x21
        if 0 <= row < 94 and 0 <= cell < 94 and (pair[0] ^ pair[1]) < 0x80:
            lead = row // 2 + (0x81 if row < 62 else 0xC1)
            trail = cell + (0x9F if row % 2 else 0x40 if cell < 63 else 0x41)
            read = bytes((lead, trail)).decode("cp932", "ignore")
            if len(read) == 1:
                return read, error.start + 2
    return "\ufffd", error.end


def _read_euro(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read the single byte 0x80, which Windows writes for the euro sign."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    is_euro = error.object[error.start] == 0x80
    return ("€", error.start + 1) if is_euro else ("\ufffd", error.end)


codecs.register_error("answerdesk.windows_pair", _read_windows_pair)
codecs.register_error("answerdesk.euro", _read_euro)
_HANDLERS: Final = {
    "euc-jp": "answerdesk.windows_pair",
    "iso-2022-jp": "answerdesk.windows_pair",
    "gbk": "answerdesk.euro",
    "gb18030": "answerdesk.euro",
}
