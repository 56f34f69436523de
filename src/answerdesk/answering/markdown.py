"""Markdown: written for clients that show it, and read where a model has written an answer.

Elements without their own block type are read as paragraphs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never

from markdown_it import MarkdownIt
from markdown_it.token import Token

from answerdesk.answering.blocks import (
    Block,
    Blocks,
    BulletList,
    Code,
    Heading,
    Paragraph,
    Steps,
    Table,
    row_text,
)
from answerdesk.kit.spans import Span


def markdown(blocks: Sequence[Block]) -> str:
    """Write blocks as CommonMark with GitHub's tables; text that looks like markup is escaped.

    Headings are lines in bold, and so are marked parts, where CommonMark can tell that they are.
    """
    return "\n\n".join(_written(block) for block in blocks)


def _written(block: Block) -> str:
    match block:
        case Heading(text):
            return f"**{_escaped(_one_line(text))}**"
        case Paragraph(text, marked=marked):
            (spans,) = _places((text,), marked)
            # A paragraph wholly in bold would be a heading.
            bold = [span for span in spans if span.of(text).strip() != text.strip()]
            return "  \n".join(_written_lines(text, bold))
        case BulletList(items, marked=marked):
            return "\n".join(_written_items(items, ["- "] * len(items), marked))
        case Steps(items, start, marked=marked):
            numbers = range(start, start + len(items))
            return "\n".join(_written_items(items, [f"{number}. " for number in numbers], marked))
        case Table():
            return "\n".join(_written_rows(block))
        case Code(text, language):
            longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
            fence = "`" * max(3, longest + 1)
            return f"{fence}{language or ''}\n{text}\n{fence}"
        case _:
            assert_never(block)


def _written_items(
    items: Sequence[str], markers: Sequence[str], marked: Sequence[str]
) -> Iterator[str]:
    """Write items; their further lines are indented, so that they stay part of them."""
    for item, marker, spans in zip(items, markers, _places(items, marked), strict=True):
        yield marker + ("  \n" + " " * len(marker)).join(_written_lines(item, spans))


def _written_rows(table: Table) -> Iterator[str]:
    yield _row(map(_escaped, map(_one_line, table.header)))
    yield _row("---" for _ in table.header)
    rows = [[_one_line(cell) for cell in row] for row in table.rows]
    names = [row_text(row) for row in rows]
    marked = [_one_line(part) for part in table.marked]
    whole = {names.index(part) for part in marked if part in names}
    places = iter(
        _places([cell for row in rows for cell in row], [one for one in marked if one not in names])
    )
    for number, row in enumerate(rows):
        spans = [next(places) for _ in row]
        if number in whole:
            spans = [[Span(0, len(cell))] for cell in row]
        yield _row(_bold(cell, found) for cell, found in zip(row, spans, strict=True))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _places(texts: Sequence[str], marked: Sequence[str]) -> list[list[Span]]:
    """Return where the marked parts stand in each text, in order and apart from each other."""
    found: list[list[Span]] = [[] for _ in texts]
    for part in filter(str.strip, marked):
        equal = (number for number, text in enumerate(texts) if text == part)
        holding = (number for number, text in enumerate(texts) if part in text)
        number = next(equal, next(holding, None))
        if number is not None:
            start = texts[number].index(part)
            found[number].append(Span(start, start + len(part)))
    return [_apart(spans) for spans in found]


def _apart(spans: Sequence[Span]) -> list[Span]:
    apart: list[Span] = []
    for span in sorted(spans):
        if apart and span.start <= apart[-1].end:
            apart[-1] = Span(apart[-1].start, max(apart[-1].end, span.end))
        else:
            apart.append(span)
    return apart


def _written_lines(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Write each line of a text, with its share of the marked spans."""
    place = 0
    for line in text.split("\n"):
        said = line.strip()
        start = place + line.index(said)
        shares = (
            Span(max(span.start - start, 0), min(span.end - start, len(said))) for span in spans
        )
        yield _bold(said, [one for one in shares if one.start < one.end], begins_line=True)
        place += len(line) + 1


def _bold(line: str, spans: Sequence[Span], *, begins_line: bool = False) -> str:
    """Write a line with spans of it in bold, where CommonMark can tell that they are."""
    written: list[str] = []
    place = 0
    for span in (*(one for one in spans if _can_be_bold(line, one)), Span(len(line), len(line))):
        for part, asterisks in ((line[place : span.start], ""), (span.of(line), "**")):
            if part:
                escaped = _escaped_start if begins_line and not written else _escaped
                written.append(f"{asterisks}{escaped(part)}{asterisks}")
        place = span.end
    return "".join(written)


def _can_be_bold(line: str, span: Span) -> bool:
    said, before, after = span.of(line), line[: span.start], line[span.end :]
    opens = said[:1].isalnum() or not before[-1:].strip()
    closes = said[-1:].isalnum() or not after[:1].strip()
    return said.strip() == said != "" and opens and closes


# An underscore inside a word is no markup, and neither is "<" before a space. Nor is a source's
# number, which could only be a link with a definition, and that is escaped.
_MARKS: Final = re.compile(
    r"(?P<source>\[\d{1,3}\](?![(\[:]))|[\\`*\[\]~]"
    r"|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,40};)"
)
_LINE_MARKS: Final = re.compile(r"(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-[-\s]*$|:?-+:?\s*\|)")
_NUMBER_MARK: Final = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def _escaped(text: str) -> str:
    return _MARKS.sub(lambda mark: mark["source"] or f"\\{mark[0]}", text)


def _escaped_start(line: str) -> str:
    """Write the beginning of a line, or all of it."""
    numbered = _NUMBER_MARK.match(line)
    if numbered is not None:
        rest = line[numbered.end() :]
        return f"{numbered[1]}\\{numbered[2]}{_escaped(rest)}"
    return f"\\{_escaped(line)}" if _LINE_MARKS.match(line) else _escaped(line)


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
                    yield Heading(_one_line(said)) if _is_bold(token) else Paragraph(said)
            case "heading_open":
                if said := " ".join(map(_said, inside)):
                    yield Heading(said)
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


def _is_bold(inline: Token) -> bool:
    """Tell whether a paragraph is a line in bold, as `markdown` writes headings."""
    said = [token for token in inline.children or () if token.type != "text" or token.content]
    return bool(said) and said[0].type == "strong_open" and _end(said, 0) == len(said) - 1


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
