"""What was read of a document, packed: kept beside its bytes until it is taken in.

Reading means parsing and splitting, all that the limited child process does. Its result is plain
text with places, so that taking it in later needs neither the child nor the document's bytes.
"""

import asyncio
import zlib
from collections.abc import Iterator
from typing import Final

from answerdesk.knowledge.ingestion.sandbox import values
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import PreparedDocument

READER_VERSION: Final = 7
"""To be raised by whoever changes what parsing or splitting makes of a document.

A reading of an older reader that waits is read again from the document's bytes. Documents remember
which reader made what is in the index, and their owner can have older ones read again
(`ingestion.reading_again`).
"""

NEEDED_READER: Final = 6
"""What a reader before this one made is read again without anybody asking.

To be raised to `READER_VERSION` if answers from what it made may be wrong, and not only poorer.
Readers before 4 took some values from the wrong column of a table, and some letters for others;
those before 6 were four years off in workbooks that count days from 1904, and took the first row of
some tables for names.
"""

MOST_PACKED_BYTES: Final = 16 * 1024 * 1024
"""The largest reading that is kept; a document that has more in it is read again.

Files are 10 MiB at most by default, and what is read of one is hardly ever larger when packed.
"""

_MOST_BYTES: Final = 512 * 1024 * 1024
_CHUNKS: Final = 64
"""Chunks that are written at a time: a moment's work, between which others get their turn."""
_LEVEL: Final = 3
_LINE: Final = b"\n"


class UnusableReading(Exception):
    """Bytes that are no reading as this version writes them."""


async def pack(document: PreparedDocument, most: int = MOST_PACKED_BYTES) -> bytes | None:
    """Return a document that was read as bytes to keep; None where they would be more than `most`.

    The work is done in a thread.
    """
    return await asyncio.to_thread(_pack, document, most)


async def unpack(packed: bytes) -> PreparedDocument:
    """Return the document that was packed; raises UnusableReading. The work is done in a thread."""
    return await asyncio.to_thread(_unpack, packed)


def _pack(document: PreparedDocument, most: int) -> bytes | None:
    packer = zlib.compressobj(_LEVEL)
    parts: list[bytes] = []
    size = 0
    for line in _lines(document):
        parts.append(packer.compress(line + _LINE))
        size += len(parts[-1])
        if size > most:
            return None
    parts.append(packer.flush())
    return b"".join(parts) if size + len(parts[-1]) <= most else None


def _lines(document: PreparedDocument) -> Iterator[bytes]:
    """Yield JSON without line breaks: the title with the language, then some chunks a line."""
    yield values.dump((document.title, document.language))
    for start in range(0, len(document.drafts), _CHUNKS):
        yield values.dump(document.drafts[start : start + _CHUNKS])


def _unpack(packed: bytes) -> PreparedDocument:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(packed, _MOST_BYTES)
        if not unpacker.eof:
            raise UnusableReading("it has no end")
        head, *lines = content.splitlines()
        title, language = values.load(tuple[str, str], head)
        drafts = [draft for line in lines for draft in values.load(tuple[ChunkDraft, ...], line)]
    except (zlib.error, ValueError, values.WrongShape) as error:
        raise UnusableReading(str(error)) from error
    return PreparedDocument(title, language, tuple(drafts))
