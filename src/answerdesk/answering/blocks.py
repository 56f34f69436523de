"""The typed blocks of an answer, and what they say as plain text.

A client that renders answers itself uses the blocks; every other client uses plain text or Markdown
(`answering/markdown`).

`marked` has the parts of a block that answer what was asked, verbatim: a sentence, an item, a cell,
or a whole row as `row_text` writes it. Each marks the first text equal to it, else the first place
where it stands. `unsupported` has the sentences that a model wrote and no source says, in the same
way.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, assert_never


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading under which the blocks after it stand in their document."""

    text: str
    source: int | None = None
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; line breaks are intended. `source` is its citation's place, if any."""

    text: str
    source: int | None = None
    marked: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items without a meaningful order."""

    items: tuple[str, ...]
    source: int | None = None
    marked: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    type: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Steps:
    """Items in the order in which to do them; the first has the number `start`."""

    items: tuple[str, ...]
    start: int = 1
    source: int | None = None
    marked: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    type: Literal["steps"] = "steps"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: int | None = None
    marked: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Code:
    """Text to show verbatim, including spaces and line breaks."""

    text: str
    language: str | None = None
    source: int | None = None
    type: Literal["code"] = "code"


Block = Heading | Paragraph | BulletList | Steps | Table | Code
Blocks = tuple[Block, ...]

_BETWEEN: Final = "\n\n"


def paragraphs(text: str, source: int | None = None) -> Blocks:
    """Return text as paragraphs, which empty lines separate."""
    parts = (part.strip() for part in re.split(r"\n[^\S\n]*\n", text))
    return tuple(Paragraph(part, source) for part in parts if part)


_ITEM: Final = re.compile(r"[^\S\n]*(?:- |(?P<number>\d{1,3})\. )[^\S\n]*(?P<text>\S.*)")


def from_lines(text: str, source: int | None = None) -> list[Block]:
    """Read lists and paragraphs as ingestion writes them: items begin with "- " or "1. "."""
    blocks: list[Block] = []
    for part in paragraphs(text, source):
        assert isinstance(part, Paragraph)  # noqa: S101  # For the type checker; `paragraphs` makes only these.
        blocks.extend(_lists_apart(part.text.split("\n"), source))
    return blocks


def _lists_apart(lines: Sequence[str], source: int | None) -> list[Block]:
    blocks: list[Block] = []
    plain: list[str] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item is None:
            plain.append(line)
            continue
        if plain:
            blocks.append(Paragraph("\n".join(plain), source))
            plain = []
        number, said = item["number"], item["text"].rstrip()
        last = blocks[-1] if blocks else None
        if number is None:
            if isinstance(last, BulletList):
                blocks[-1] = BulletList((*last.items, said), source)
            else:
                blocks.append(BulletList((said,), source))
        elif isinstance(last, Steps) and int(number) == last.start + len(last.items):
            blocks[-1] = Steps((*last.items, said), last.start, source)
        else:
            blocks.append(Steps((said,), int(number), source))
    if plain:
        blocks.append(Paragraph("\n".join(plain), source))
    return blocks


def unsupported_in(blocks: Sequence[Block]) -> list[str]:
    """Return the sentences that a model wrote and no source says."""
    proved = (block for block in blocks if not isinstance(block, Heading | Code))
    return [sentence for block in proved for sentence in block.unsupported]


_PIECES: Final = re.compile(r"(?:\S+\s*){1,4}")


def pieces(text: str) -> list[str]:
    """Split a text into pieces of a few words, for streams whose text is complete immediately."""
    return _PIECES.findall(text)


def plain_text(blocks: Sequence[Block]) -> str:
    """Write blocks for clients that show text as it is."""
    return _BETWEEN.join(_plain(block) for block in blocks)


def _plain(block: Block) -> str:
    match block:
        case Heading(text):
            return " ".join(text.split())
        case Paragraph(text) | Code(text):
            return text
        case BulletList(items):
            return "\n".join(f"- {item}" for item in items)
        case Steps(items, start):
            return "\n".join(f"{number}. {item}" for number, item in enumerate(items, start))
        case Table(header, rows):
            return "\n".join(_plain_row(header, row) for row in rows)
        case _:
            assert_never(block)


def _plain_row(header: tuple[str, ...], row: tuple[str, ...]) -> str:
    """Write a row that is clear on its own: each cell after its column's name."""
    cells = (
        f"{name}: {cell}" if name else cell
        for name, cell in zip(header, row, strict=True)
        if cell.strip()
    )
    return "; ".join(cells)


def row_text(row: Sequence[str]) -> str:
    """Return a row as one text, by which `marked` names it."""
    return " | ".join(row)


def stored_blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [asdict(block) for block in blocks]


def read_blocks(stored: Sequence[dict[str, Any]]) -> Blocks:
    """Read blocks from the JSON that `stored_blocks` wrote.

    A newer version, which may run beside this one, may have written kinds that this one doesn't
    know: their texts are shown plainly, and what has none is left out.
    """
    found = (_read_block(one) for one in stored)
    return tuple(one for one in found if one is not None)


def _read_block(stored: dict[str, Any]) -> Block | None:
    # Blocks that were stored before anything was marked lack it.
    parts = tuple(stored.get("marked", ())), tuple(stored.get("unsupported", ()))
    match stored:
        case {"type": "heading", "text": text, "source": source}:
            return Heading(text, source)
        case {"type": "paragraph", "text": text, "source": source}:
            return Paragraph(text, source, *parts)
        case {"type": "list", "items": items, "source": source}:
            return BulletList(tuple(items), source, *parts)
        case {"type": "steps", "items": items, "start": start, "source": source}:
            return Steps(tuple(items), start, source, *parts)
        case {"type": "table", "header": header, "rows": rows, "source": source}:
            return Table(tuple(header), tuple(map(tuple, rows)), source, *parts)
        case {"type": "code", "text": text, "language": language, "source": source}:
            return Code(text, language, source)
        case _:
            return _read_plainly(stored)


def _read_plainly(stored: dict[str, Any]) -> Block | None:
    source = stored.get("source")
    source = source if isinstance(source, int) else None
    match stored:
        case {"text": str(text)}:
            return Paragraph(text, source)
        case {"items": [*items]} if items and all(isinstance(item, str) for item in items):
            return BulletList(tuple(items), source)
        case _:
            return None
