"""Reads a model's Markdown as blocks; elements without their own block type become paragraphs."""

from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from answerdesk.answering.blocks import Block, Blocks, BulletList, Code, Paragraph, Steps, Table

_DEEPEST: Final = 20
_reader: Final = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table")


def read_markdown(text: str) -> Blocks:
    """Return the blocks of a text; a list inside an item becomes lines of that item."""
    return tuple(_blocks(_reader.parse(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = _end(tokens, place)
        inside = tokens[place + 1 : end]
        match token.type:
            case "bullet_list_open":
                yield BulletList(_items(inside))
            case "ordered_list_open":
                yield Steps(_items(inside), int(token.attrs.get("start", 1)))
            case "table_open":
                yield _table(inside)
            case "fence" | "code_block":
                language = token.info.split()
                yield Code(token.content.rstrip("\n"), language[0] if language else None)
            case "inline":
                if said := _said(token):
                    yield Paragraph(said)
            case _:
                yield from _blocks(inside)
        place = end + 1


def _end(tokens: Sequence[Token], place: int) -> int:
    """Return where the element that opens at `place` closes; `place` if nothing opens there."""
    depth = 0
    for number in range(place, len(tokens)):
        depth += tokens[number].nesting
        if depth <= 0:
            return number
    return len(tokens) - 1


def _items(tokens: Sequence[Token]) -> tuple[str, ...]:
    items = []
    place = 0
    while place < len(tokens):
        end = _end(tokens, place)
        lines = [
            token.content.rstrip("\n") if token.type in ("fence", "code_block") else _said(token)
            for token in tokens[place : end + 1]
            if token.type in ("inline", "fence", "code_block")
        ]
        if said := "\n".join(line for line in lines if line):
            items.append(said)
        place = end + 1
    return tuple(items)


def _table(tokens: Sequence[Token]) -> Table:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_said(token))
    header, *rest = rows
    return Table(tuple(header), tuple(tuple(row) for row in rest))


def _said(inline: Token) -> str:
    parts = []
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n" if token.type == "hardbreak" else " ")
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "image":
            parts.append(_said(token))
    return "".join(parts).strip()
