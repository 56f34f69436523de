"""Stretches of a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """Half-open range of character offsets (code points) in a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]
