"""What a parsed document consists of, whatever it was written in."""

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "list", "table", "code", "quote", "qa"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document, as plain text.

    By kind, the lines of `text` are: of a paragraph or quote, where its author broke them; of a
    list, its items, each with its marker ("- ", "3. ") and two spaces a level, lines that continue
    an item indented below it; of a table, its caption if `has_caption`, then its rows
    ("Plan: Pro | Price: $20"); of code, as they are.

    `heading_path` holds the headings above it, outermost first, without the document's title;
    `anchor` is the fragment (without "#") of the nearest heading that has one.
    """

    kind: BlockKind
    text: str
    heading_path: tuple[str, ...] = ()
    anchor: str | None = None
    has_caption: bool = False


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document's title, its blocks in order, and its language ("und" if it cannot be told)."""

    title: str
    blocks: tuple[Block, ...]
    language: str
