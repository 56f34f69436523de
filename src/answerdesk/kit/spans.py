"""Ranges of a text."""

from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of character offsets (code points) in a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def quote(text: str, spans: Sequence[Span]) -> str:
    """Return the text of the spans, in order and unchanged.

    Adjacent spans keep what is between them, such as a line break; an ellipsis marks omitted text.
    """
    parts: list[str] = []
    end = 0
    for span in spans:
        between = text[end : span.start] if parts else ""
        parts.append(between if not between.strip() else " … ")
        parts.append(span.of(text))
        end = span.end
    return "".join(parts)
