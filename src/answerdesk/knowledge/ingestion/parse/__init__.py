"""From a document's bytes to its blocks, whatever it was written in."""

from pathlib import PurePosixPath
from typing import Final

from answerdesk.kit.language import detect_language
from answerdesk.knowledge.ingestion.parse.characters import clean
from answerdesk.knowledge.ingestion.parse.decoding import decode
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.html import parse_html
from answerdesk.knowledge.ingestion.parse.markdown import parse_markdown
from answerdesk.knowledge.ingestion.parse.media_types import (
    HTML,
    MARKDOWN,
    media_type_of,
    resolve_media_type,
    supported_extensions,
)
from answerdesk.knowledge.ingestion.parse.outline import Outline, shorten
from answerdesk.knowledge.ingestion.parse.plain_text import parse_plain_text
from answerdesk.knowledge.ingestion.parse.types import Block, BlockKind, ParsedDocument

__all__ = [
    "Block",
    "BlockKind",
    "ParsedDocument",
    "UnreadableDocument",
    "media_type_of",
    "parse",
    "supported_extensions",
]

_LANGUAGE_SAMPLE: Final = 4_000


def parse(content: bytes, media_type: str, name: str) -> ParsedDocument:
    """Read a document; `name` is its path or file name, for its type, its title and for errors.

    Raises UnreadableDocument naming what is wrong: an empty file, binary content, another encoding
    than UTF-8, a type that cannot be read, or no text in it.
    """
    kind = resolve_media_type(media_type, name)
    outline = _read(decode(content, kind, name), kind, name)
    blocks = outline.close()
    if not blocks and not outline.title:
        hint = "; is it built by a script in the browser?" if kind == HTML else ""
        raise UnreadableDocument(f"{name}: the document holds no text{hint}", reason="no_text")
    title = shorten(" ".join(clean(outline.title or "").split())) or title_from_name(name)
    if not blocks:
        blocks = (Block("paragraph", title),)
    return ParsedDocument(title, blocks, _language_of(blocks))


def _read(text: str, kind: str, name: str) -> Outline:
    if kind == MARKDOWN:
        return parse_markdown(text, is_mdx=name.lower().endswith(".mdx"))
    return parse_html(text) if kind == HTML else parse_plain_text(text)


def title_from_name(name: str) -> str:
    """Return a title made of a file's name: "docs/getting_started.md" → "Getting started"."""
    stem = PurePosixPath(name.replace("\\", "/")).stem.lstrip(".")
    words = " ".join(clean(stem).replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:] if words else "Untitled"


def _language_of(blocks: tuple[Block, ...]) -> str:
    """Detect the language of the running text; of code only where there is nothing else."""
    prose = [block.text for block in blocks if block.kind != "code"]
    sample: list[str] = []
    length = 0
    for text in prose or [block.text for block in blocks]:
        sample.append(text[:_LANGUAGE_SAMPLE])
        length += len(sample[-1])
        if length >= _LANGUAGE_SAMPLE:
            break
    return detect_language("\n".join(sample))
