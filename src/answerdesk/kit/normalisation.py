"""Unicode normal forms in time proportional to the text's length."""

import re
import unicodedata
from typing import Final, Literal

_MOST_MARKS: Final = 30
"""Marks per letter, as in Unicode's stream-safe format (UAX #15): no language needs more."""

# Characters that may be marks: non-letters, and the two letters that normalise to a mark.
_MAY_BE_MARKS: Final = re.compile(rf"(?:[^\w\s\x00-\u02ff]|[\uff9e\uff9f]){{{_MOST_MARKS + 1},}}")


def normalised(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> str:
    """Return the text in a normal form, without marks beyond the 30th on one letter.

    Normalising sorts a letter's marks in quadratic time: 64,000 marks would block the process for
    six seconds.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _MAY_BE_MARKS.sub(_with_fewer_marks, text))


def _with_fewer_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for sign in run.group():
        marks = marks + 1 if _is_mark(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _is_mark(sign: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]) != 0
