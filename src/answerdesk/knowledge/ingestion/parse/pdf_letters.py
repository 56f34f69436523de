"""The letters of a PDF's lines: ligatures, parted words, and accents beside their letters."""

import re
import unicodedata
from typing import Final

from answerdesk.knowledge.ingestion.parse.decoding import clean

SOFT_HYPHEN: Final = "\xad"
"""Ends a line whose last word continues on the next line."""
LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | {"\x02": SOFT_HYPHEN, "\ufffe": SOFT_HYPHEN, "\xa0": " ", "\t": " ", "\r": ""}
)
_SPACES = re.compile(r" {2,}")


def clean_line(text: str) -> str:
    """Return a line with ligatures as letters, and a soft hyphen only at its end."""
    text = text.translate(LIGATURES)
    ends = text.endswith(SOFT_HYPHEN)
    return _SPACES.sub(" ", clean(text)).strip() + (SOFT_HYPHEN if ends else "")


_PROGRAMS = re.compile(r"tex|dvips|dvipdf", re.IGNORECASE)
_COMBINING: Final = {
    "¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c",
    "˘": "\u0306", "˙": "\u0307", "˚": "\u030a", "˝": "\u030b", "¯": "\u0304", "¸": "\u0327",
}  # fmt: skip
_DOTLESS: Final = {"ı": "i", "ȷ": "j"}
# A grave accent that begins a word may be a quotation mark of code.
_BEFORE = re.compile(r"([¨´ˆ˜ˇ˘˙˚˝¯]|(?<=[^\W\d_])`)([^\W\d_])")
_AFTER = re.compile(r"([cCsStT])(¸)")


def is_by_tex(*programs: str) -> bool:
    """Say whether a PDF was made from TeX, by the programs that it names."""
    return any(map(_PROGRAMS.search, programs))


def with_accents(text: str) -> str:
    """Return the text with each accent on its letter, where there is such a letter.

    TeX sets accents beside letters: "M¨unchen", "tr`es", "gar c¸on".
    """
    text = _BEFORE.sub(lambda match: _composed(match[2], match[1]) or match[0], text)
    return _AFTER.sub(lambda match: _composed(match[1], match[2]) or match[0], text)


def _composed(letter: str, accent: str) -> str | None:
    letter = _DOTLESS.get(letter, letter)
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
    return composed if len(composed) == 1 else None
