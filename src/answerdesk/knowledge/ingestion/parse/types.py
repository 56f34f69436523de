"""The parts of a parsed document, whatever its format."""

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "list", "table", "code", "quote", "qa"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document, as plain text.

    The lines of `text` depend on the kind. Paragraph or quote: as its author broke them. List: its
    items, each with its marker ("- ", "3. ") and two spaces per level; lines that continue an item
    are indented below it. Table: its caption if `has_caption`, then its rows ("Plan: Pro | Price:
    $20"). Code: unchanged.

    `heading_path` has the headings above the block, outermost first, without the document's title;
    `anchor` is the fragment (without "#") of the nearest heading that has one. `is_caption`: a
    paragraph says what is in a picture; it is searched, and not quoted.
    """

    kind: BlockKind
    text: str
    heading_path: tuple[str, ...] = ()
    anchor: str | None = None
    has_caption: bool = False
    is_caption: bool = False


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document's title, its blocks in order, and its language ("und" if unknown)."""

    title: str
    blocks: tuple[Block, ...]
    language: str
