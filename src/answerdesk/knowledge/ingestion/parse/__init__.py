"""From a document's bytes to its blocks, whatever it was written in."""

from typing import Final

from answerdesk.kit.language import detect_language
from answerdesk.knowledge.ingestion.parse.decoding import clean, decode
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import (
    DOCX,
    HTML,
    JSON,
    JSON_LINES,
    MARKDOWN,
    PDF,
    RST,
    TEXT,
    media_type_of,
    resolve_by_content,
    supported_extensions,
)
from answerdesk.knowledge.ingestion.parse.outline import (
    Outline,
    reading_name,
    shorten,
    title_from_name,
)
from answerdesk.knowledge.ingestion.parse.types import Block, BlockKind, ParsedDocument

__all__ = [
    "Block",
    "BlockKind",
    "ParsedDocument",
    "UnreadableDocument",
    "media_type_of",
    "parse",
    "reading_name",
    "supported_extensions",
]

_TEXTS: Final = frozenset({HTML, MARKDOWN, TEXT, RST})
_LANGUAGE_SAMPLE: Final = 4_000


def parse(content: bytes, media_type: str, name: str) -> ParsedDocument:
    """Read a document; `name` is its path or file name, for its type, its title and for errors.

    What its first bytes say goes before its type and its name. Raises UnreadableDocument naming
    what is wrong and what to do: an empty or damaged file, one with a password, without text, in
    an unknown encoding, of a kind that is not read, or with more in it than is read.
    """
    if not content.strip():
        raise UnreadableDocument(f"{name}: the file is empty", reason="empty")
    kind = resolve_by_content(content, media_type, name)
    outline = _read(content, kind, name)
    blocks = outline.close()
    if not blocks and not outline.title:
        hint = "; is it built by a script in the browser?" if kind == HTML else ""
        raise UnreadableDocument(f"{name}: the document holds no text{hint}", reason="no_text")
    title = shorten(" ".join(clean(outline.title or "").split())) or title_from_name(name)
    if not blocks:
        blocks = (Block("paragraph", title),)
    return ParsedDocument(title, blocks, _language_of(blocks))


def _read(content: bytes, kind: str, name: str) -> Outline:
    """Call the reader of a kind, imported only now: most documents need one of them."""
    if kind == PDF:
        from answerdesk.knowledge.ingestion.parse.pdf import parse_pdf  # noqa: PLC0415

        return parse_pdf(content, name)
    if kind == DOCX:
        from answerdesk.knowledge.ingestion.parse.docx import parse_docx  # noqa: PLC0415

        return parse_docx(content, name)
    if kind in (JSON, JSON_LINES):
        from answerdesk.knowledge.ingestion.parse.json_text import parse_json  # noqa: PLC0415

        return parse_json(content, kind, name)
    if kind in _TEXTS:
        return _read_text(decode(content, kind, name), kind, name)
    from answerdesk.knowledge.ingestion.parse.spreadsheets import parse_spreadsheet  # noqa: PLC0415

    return parse_spreadsheet(content, kind, name)


def _read_text(text: str, kind: str, name: str) -> Outline:
    if kind == HTML:
        from answerdesk.knowledge.ingestion.parse.html import parse_html  # noqa: PLC0415

        return parse_html(text)
    if kind == MARKDOWN:
        from answerdesk.knowledge.ingestion.parse.markdown import parse_markdown  # noqa: PLC0415

        return parse_markdown(text, is_mdx=name.lower().endswith(".mdx"))
    from answerdesk.knowledge.ingestion.parse.plain_text import parse_plain_text  # noqa: PLC0415

    return parse_plain_text(text, is_rst=kind == RST)


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
