"""Words that a line's end has parted."""

import re
from collections.abc import Iterable
from typing import Final

from answerdesk.knowledge.ingestion.parse.pdf_lines import SOFT_HYPHEN

_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST = re.compile(r"(\w+(?:-\w+)*)[-‐\xad]$")
_FIRST = re.compile(r"\w+")
_LONGEST_WORD: Final = 200
_HYPHENS: Final = ("-", "‐", SOFT_HYPHEN)
_AFTER_SHARED_PART: Final = frozenset(
    {"und", "oder", "bzw", "sowie", "and", "or", "to", "y", "o", "e", "et", "ou", "en", "of", "og"}
)
"""What follows a hyphen that stands for a part shared with the next word: "Haus- und Garten"."""


class Vocabulary:
    """The words of a document, which tell how those parted at a line's end are written."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        for line in lines:
            self._words.update(word.casefold() for word in _WORD.findall(line))

    def join(self, text: str, following: str) -> str | None:
        """Return both as one, if a word goes on over the line's end; None if not."""
        if text.endswith("/") and "://" in text.rsplit(" ", 1)[-1]:
            return text + following
        if not text.endswith(_HYPHENS):
            return None
        first = _FIRST.match(following)
        before = _LAST.search(text, max(0, len(text) - _LONGEST_WORD))
        if first is None or before is None or not following[:1].isalnum():
            return text.rstrip(SOFT_HYPHEN) + " " + following
        if first[0].casefold() in _AFTER_SHARED_PART:
            return text.rstrip(SOFT_HYPHEN + "-") + "- " + following
        head = text[:-1]
        joined = f"{before[1]}{first[0]}".casefold()
        hyphenated = f"{before[1]}-{first[0]}".casefold()
        if joined in self._words:
            return head + following
        if hyphenated in self._words or not following[0].islower() or not head[-1].isalpha():
            return f"{head}-{following}"
        return head + following
