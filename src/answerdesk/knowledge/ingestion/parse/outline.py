"""Tracks a document's headings, collects its blocks under them, and finds its title."""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from answerdesk.knowledge.ingestion.parse.decoding import clean
from answerdesk.knowledge.ingestion.parse.types import Block, BlockKind

_LONGEST_HEADING: Final = 200
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class _Heading:
    level: int
    text: str
    anchor: str | None
    is_title: bool = False


@dataclass(slots=True)
class Outline:
    """Collects blocks under the headings above them.

    The first heading of level 1 is the document's title, unless another title was given; the title
    is in no heading path. A heading without content becomes a paragraph, so that it can be found.
    If a document has places instead of anchors (a PDF's pages), `place` is the place of the next
    blocks.
    """

    title: str | None = None
    place: str | None = None
    blocks: list[Block] = field(default_factory=list)
    _open: list[_Heading] = field(default_factory=list)
    _pending: bool = False
    _has_title: bool = False

    def heading(self, level: int, text: str, anchor: str | None) -> None:
        """Open a section, which closes sections of the same and deeper levels."""
        text = shorten(_SPACES.sub(" ", clean(text)).strip())
        if not text:
            return
        self.leave(level)
        is_title = level == 1 and not self._has_title and self._may_be_title(text)
        if is_title:
            self.title, self._has_title = self.title or text, True
        self._open.append(_Heading(level, text, anchor or None, is_title))
        self._pending = not is_title

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        has_caption: bool = False,
        is_caption: bool = False,
    ) -> None:
        """Add a block under the open headings; blocks without text are skipped."""
        text = _trim(clean(text))
        if not text:
            return
        self._pending = False
        self.blocks.append(
            Block(
                kind, text, self._path(), self._anchor(), has_caption and "\n" in text, is_caption
            )
        )

    def close(self) -> tuple[Block, ...]:
        """Return the blocks; nothing may be added afterwards."""
        if self._pending:
            self._keep_empty_section()
            self._pending = False
        return tuple(self.blocks)

    def leave(self, level: int) -> None:
        """Close the sections of this and deeper levels."""
        if self._pending and self._open and self._open[-1].level >= level:
            self._keep_empty_section()
            self._pending = False
        while self._open and self._open[-1].level >= level:
            self._open.pop()

    @property
    def level(self) -> int:
        """The level of the innermost open heading; 0 if there is none below the title."""
        return self._open[-1].level if self._open and not self._open[-1].is_title else 0

    def _may_be_title(self, text: str) -> bool:
        return self.title is None or self.title.casefold() == text.casefold()

    def _keep_empty_section(self) -> None:
        last = self._open[-1]
        self.blocks.append(Block("paragraph", last.text, self._path()[:-1], self._anchor()))

    def _path(self) -> tuple[str, ...]:
        return tuple(one.text for one in self._open if not one.is_title)

    def _anchor(self) -> str | None:
        if self.place is not None:
            return self.place
        return next((one.anchor for one in reversed(self._open) if one.anchor), None)


class Slugs:
    """Gives headings GitHub's anchors, unique within a document."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def slug(self, text: str) -> str:
        """Return the anchor of the next heading with this text."""
        base = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        anchor, count = base, self._used.get(base, -1)
        while anchor in self._used or count < 0:
            count += 1
            anchor = f"{base}-{count}" if count else base
            if anchor not in self._used:
                break
        self._used[base] = max(count, 0)
        self._used.setdefault(anchor, 0)
        return anchor


def shorten(heading: str) -> str:
    """Shorten a heading that is too long, such as a whole text marked up as a heading."""
    if len(heading) <= _LONGEST_HEADING:
        return heading
    return heading[: _LONGEST_HEADING - 1].rsplit(" ", 1)[0] + "…"


def _trim(text: str) -> str:
    """Remove blank lines around the text and white space at the ends of its lines."""
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(lines).strip("\n") if any(lines) else ""


_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled.*|unbenannt.*|ohne titel.*|\(anonymous\)"
    r"|title|titel|powerpoint[- ]?pr\w+|presentation\d*|präsentation\d*|document\d*|dokument\d*"
    r"|word document|slide 1|print|template|vorlage|adobe (?:photoshop|illustrator)\b.*"
    r"|.*\.(?:docx?|dotx?|pdf|indd|qxd|xlsx?|pptx?|tex|dvi|ps|odt|html?|txt|rtf|pub|ai|cdr|fm)",
    re.IGNORECASE,
)


def is_title(text: str) -> bool:
    """Say whether a text is a title that a person gave, not a program's default or a file name."""
    text = text.strip()
    return (
        3 <= len(text) <= 200
        and sum(one.isalpha() for one in text) * 2 > len(text)
        and not _NO_TITLE.fullmatch(text)
    )


def reading_name(path: str) -> str:
    """Return the name to read a document by: an address's last part, or the path."""
    if not path.startswith(("http://", "https://")):
        return path
    below = path.partition("://")[2].partition("?")[0].partition("/")[2]
    return unquote(below).rpartition("/")[2] or path


def title_from_name(name: str) -> str:
    """Return a title made from a file name: "docs/getting_started.md" → "Getting started"."""
    stem = PurePosixPath(name.replace("\\", "/")).stem.lstrip(".")
    words = " ".join(clean(stem).replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:] if words else "Untitled"
