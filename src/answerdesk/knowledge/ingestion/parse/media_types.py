"""Which files can be read, by extension and by media type."""

from pathlib import PurePosixPath
from typing import Final

from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument

MARKDOWN: Final = "text/markdown"
HTML: Final = "text/html"
TEXT: Final = "text/plain"

_BY_EXTENSION: Final = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdown": MARKDOWN,
    ".mkd": MARKDOWN,
    ".mdx": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".txt": TEXT,
    ".text": TEXT,
}
_SAME: Final = {
    "text/x-markdown": MARKDOWN,
    "text/vnd.daringfireball.markdown": MARKDOWN,
    "application/xhtml+xml": HTML,
}
_READABLE: Final = frozenset({MARKDOWN, HTML, TEXT})
# What a browser or a server says that does not know the type; the name may.
_VAGUE: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", TEXT})


def supported_extensions() -> tuple[str, ...]:
    """Return the extensions of files that can be read, each with its dot, in lower case."""
    return tuple(_BY_EXTENSION)


def media_type_of(name: str) -> str:
    """Return the media type of a file by the extension of its name.

    Raises UnreadableDocument where no file of that kind can be read.
    """
    found = _BY_EXTENSION.get(_extension(name))
    if found is None:
        raise _unsupported(name, _extension(name) or "no extension")
    return found


def resolve_media_type(media_type: str, name: str) -> str:
    """Return the type to read a document by; raises UnreadableDocument if it is no readable one.

    Parameters ("; charset=…") are ignored, and a vague type gives way to the name's extension.
    """
    bare = media_type.partition(";")[0].strip().lower()
    bare = _SAME.get(bare, bare)
    if bare in _VAGUE:
        by_name = _BY_EXTENSION.get(_extension(name))
        if by_name is not None:
            return by_name
    if bare not in _READABLE:
        raise _unsupported(name, bare or _extension(name) or "no extension")
    return bare


def _extension(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _unsupported(name: str, kind: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: files of this kind ({kind}) cannot be read; Markdown, HTML and plain text can"
        f" ({' '.join(_BY_EXTENSION)})",
        reason="unsupported_type",
    )
