"""Stretches of a text."""

from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open range of character offsets (code points) in a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]


def quote(text: str, spans: Sequence[Span]) -> str:
    """Return the spans' stretches of `text`, in order, as they stand there.

    Neighbours keep what is between them, such as a line break; where something is left out between
    two, an ellipsis says so.
    """
    parts: list[str] = []
    end = 0
    for span in spans:
        between = text[end : span.start] if parts else ""
        parts.append(between if not between.strip() else " … ")
        parts.append(span.of(text))
        end = span.end
    return "".join(parts)
