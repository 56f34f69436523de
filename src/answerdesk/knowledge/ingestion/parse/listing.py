"""Lists as lines of text."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Level:
    ordered: bool
    number: int


class Listing:
    """Writes a list with the lists inside it: a marker an item, two spaces a level."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._levels: list[_Level] = []
        self._marker: str | None = None
        self._joins = False
        self._is_new = False

    def open(self, *, ordered: bool, start: int = 1) -> None:
        """Begin a list, inside the current item if there is one."""
        self._levels.append(_Level(ordered, start))
        self._marker = None

    def close(self) -> bool:
        """End the innermost list; True when that was the outermost."""
        self._levels.pop()
        self._marker, self._joins = None, False
        return not self._levels

    def item(self) -> None:
        """Begin an item of the innermost list."""
        level = self._levels[-1]
        self._marker = f"{level.number}. " if level.ordered else "- "
        self._joins, self._is_new = False, True
        level.number += 1

    def definition(self) -> None:
        """Let the next text follow the term before it on its line; a second one stands below."""
        self._joins = self._is_new and bool(self.lines) and self._marker is None
        self._is_new = False

    def add(self, text: str) -> None:
        """Add text to the current item."""
        # Beyond ten levels the indentation says nothing more and only grows the text.
        indent = "  " * min(len(self._levels) - 1, 10)
        first, *others = [line for line in text.split("\n") if line.strip()] or [""]
        if not first:
            return
        if self._joins:
            self.lines[-1] = f"{self.lines[-1].rstrip(':')}: {first}"
        else:
            self.lines.append(f"{indent}{self._marker or '  '}{first}")
        self.lines.extend(f"{indent}  {line}" for line in others)
        self._marker, self._joins = None, False
