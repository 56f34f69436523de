"""What the child does with a document.

Imports the readers that nearly every installation needs; each other reader is imported for the
first document of its kind.
"""

from collections.abc import Iterator
from typing import Final

from answerdesk.knowledge.ingestion.parse import (
    ParsedDocument,
    html,  # noqa: F401
    markdown,  # noqa: F401
    parse,
)
from answerdesk.knowledge.ingestion.split import split

_CHUNKS: Final = 64
"""Chunks per message: the parent reads one in well under a millisecond, between two answers."""


def prepare(content: bytes, media_type: str, name: str) -> Iterator[object]:
    """Read a document and yield what `parts_of` does."""
    yield from parts_of(parse(content, media_type, name))


def parts_of(document: ParsedDocument) -> Iterator[object]:
    """Yield the document's title and language, then its chunks, some at a time."""
    yield document.title, document.language
    drafts = split(document)
    for start in range(0, len(drafts), _CHUNKS):
        yield drafts[start : start + _CHUNKS]
