"""HTML inside the values of other formats, as help centres and shops export their texts."""

import re
from collections.abc import Iterator

from answerdesk.knowledge.ingestion.parse.html import parse_fragment
from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.types import Block

_MARKUP = re.compile(
    r"<(?:p|div|br|ul|ol|li|h[1-6]|table|strong|em|a|img|hr|pre|blockquote)\b[^<>]*>"
    r"|</(?:b|i|u|s|span|code|small|sup|sub)>",
    re.IGNORECASE,
)


def has_markup(text: str) -> bool:
    return "<" in text and _MARKUP.search(text) is not None


def without_markup(text: str) -> str:
    """Return a text without markup; each block and each heading becomes a line."""
    if not has_markup(text):
        return text
    return "\n".join(
        line for _, headings, block in _parts(text) for line in (*headings, block.text)
    )


def put_markup(outline: Outline, html: str, level: int) -> None:
    """Add the content of HTML to an outline; its headings start at this level."""
    for depth, headings, block in _parts(html):
        outline.leave(level + depth)
        for deeper, heading in enumerate(headings, start=level + depth):
            outline.heading(deeper, heading, None)
        outline.add(
            block.kind, block.text, has_caption=block.has_caption, is_caption=block.is_caption
        )


def _parts(html: str) -> Iterator[tuple[int, tuple[str, ...], Block]]:
    """Yield each block, the new headings above it, and how many headings stay open."""
    before: tuple[str, ...] = ()
    # With a title, even an empty one, every heading stays a heading.
    for block in parse_fragment(html, "").close():
        path = block.heading_path
        depth = next(
            (at for at, one in enumerate(path) if before[at : at + 1] != (one,)), len(path)
        )
        yield depth, path[depth:], block
        before = path
