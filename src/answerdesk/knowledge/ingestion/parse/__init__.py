"""Parses a document's bytes into blocks, whatever its format."""

from typing import Final

from answerdesk.kit.language import detect_language
from answerdesk.knowledge.ingestion.parse.decoding import clean, decode
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.media_types import (
    DOCX,
    JSON,
    JSON_LINES,
    MARKDOWN,
    PAGES,
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
from answerdesk.knowledge.ingestion.parse.xhtml import as_html

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

_TEXTS: Final = PAGES | {MARKDOWN, TEXT, RST}
_LANGUAGE_SAMPLE: Final = 4_000


def parse(content: bytes, media_type: str, name: str) -> ParsedDocument:
    """Read a document; `name` is its path or file name and supplies type, title and error texts.

    The content's first bytes take precedence over its declared type and its name. Raises
    UnreadableDocument, saying what is wrong and what to do, for a file that is empty, damaged,
    password-protected, without text, in an unknown encoding, of an unsupported kind or too large.
    """
    if not content.strip():
        raise UnreadableDocument(f"{name}: the file is empty", reason="empty")
    kind = resolve_by_content(content, media_type, name)
    outline = _read(content, kind, name)
    blocks = outline.close()
    if not blocks and not outline.title:
        hint = "; is the page built by a script in the browser?" if kind in PAGES else ""
        raise UnreadableDocument(f"{name}: the document has no text{hint}", reason="no_text")
    title = shorten(" ".join(clean(outline.title or "").split())) or title_from_name(name)
    if not blocks:
        blocks = (Block("paragraph", title),)
    return ParsedDocument(title, blocks, _language_of(blocks))


def _read(content: bytes, kind: str, name: str) -> Outline:
    """Call the reader for the kind. Imported here, because most documents need only one reader."""
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
    if kind in PAGES:
        from answerdesk.knowledge.ingestion.parse.html import parse_html  # noqa: PLC0415

        return parse_html(as_html(text, kind))
    if kind == MARKDOWN:
        from answerdesk.knowledge.ingestion.parse.markdown import parse_markdown  # noqa: PLC0415

        return parse_markdown(text, is_mdx=name.lower().endswith(".mdx"))
    from answerdesk.knowledge.ingestion.parse.plain_text import parse_plain_text  # noqa: PLC0415

    return parse_plain_text(text, is_rst=kind == RST)


def _language_of(blocks: tuple[Block, ...]) -> str:
    """Detect the language of the running text; of the code only if there is no other text."""
    prose = [block.text for block in blocks if block.kind != "code"]
    sample: list[str] = []
    length = 0
    for text in prose or [block.text for block in blocks]:
        sample.append(text[:_LANGUAGE_SAMPLE])
        length += len(sample[-1])
        if length >= _LANGUAGE_SAMPLE:
            break
    return detect_language("\n".join(sample))
