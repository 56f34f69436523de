"""What was read of a document can be kept as bytes, and is not mistaken for what it is not."""

import hashlib
import random
import zlib

import pytest

from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion.prepare import prepare
from answerdesk.knowledge.ingestion.readings import (
    READER_VERSION,
    UnusableReading,
    pack,
    unpack,
)
from answerdesk.knowledge.ingestion.sandbox import values
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.ingestion.types import PreparedDocument

_DOCUMENTS = {
    "shop.md": "# Shop\n\nWe open at nine. We close at six.\n\n## Prices\n\n| A | B |\n|---|---|\n"
    "| Tea | 2 |\n| Cake | 4 |\n\n```\nmake shop\n```\n\n- one\n- two\n",
    "shop.html": "<title>Laden</title><main><h1 id=top>Laden</h1><p>Wir öffnen um neun. Montags ist"
    " zu.</p><h2>Preise</h2><table><tr><th>Was<th>Preis<tr><td>Tee<td>2</table></main>",
    "shop.txt": "OPENING HOURS\n\nWe open at nine.\n\nQ: And on Sundays?\nA: We are closed.\n",
    "shop.rst": "Shop\n====\n\nRun it::\n\n    make shop\n\n    make till\n\n"
    ".. note:: We open at nine.\n",
    "shop.csv": "Plan,Price\nBasic,$10\nPro,$20\n",
    "shop.json": '{"opening": {"monday": "nine", "sunday": "closed"}, "tags": ["tea", "cake"]}',
    "long.md": "# Long\n\n" + "\n\n".join(f"Sentence {n} of many. And on." for n in range(400)),
}
_TYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "txt": "text/plain",
    "rst": "text/x-rst",
    "csv": "text/csv",
    "json": "application/json",
}

# What this version makes of the documents above.
_MADE_BY = (7, "c760aad61c28c1d1")


def _read(name: str) -> PreparedDocument:
    media_type = _TYPES[name.rpartition(".")[2]]
    return prepare(_DOCUMENTS[name].encode(), media_type, name)


@pytest.mark.parametrize("name", _DOCUMENTS)
async def test_what_was_kept_is_what_was_read(name: str) -> None:
    read = _read(name)
    assert read.drafts
    packed = await pack(read)
    assert packed is not None
    assert await unpack(packed) == read


async def test_texts_keep_their_lines_and_signs() -> None:
    odd = "a\u2028b\x85c\x1dd\x0be\r\nf \u0301 🦆"
    draft = ChunkDraft(0, "code", odd, (odd, ""), odd, (Span(0, 3),))
    read = PreparedDocument(odd, "und", (draft,) * 200)
    packed = await pack(read)
    assert packed is not None
    assert await unpack(packed) == read


async def test_a_reading_that_is_too_large_is_not_kept() -> None:
    noise = random.Random(1)
    text = "".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(20_000))
    read = PreparedDocument("Noise", "zh", (ChunkDraft(0, "paragraph", text, (), None, ()),))
    packed = await pack(read)
    assert packed is not None
    assert await pack(read, len(packed)) == packed
    assert await pack(read, len(packed) - 1) is None
    assert await pack(read, 10) is None


def _line(value: object) -> bytes:
    return values.dump(value) + b"\n"


_HEAD = _line(("Title", "en"))
_CHUNK = ChunkDraft(0, "paragraph", "text", (), None, ())


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"garbage",
        zlib.compress(b""),
        zlib.compress(b"\n"),
        zlib.compress(b"{}\n"),
        zlib.compress(_line(("Title",))),
        zlib.compress(_HEAD + b"[[]]\n"),
        zlib.compress(_HEAD + _line([_CHUNK]).replace(b"paragraph", b"sermon")),
        zlib.compress(_HEAD + _line([_CHUNK]).replace(b'"anchor"', b'"anker"')),
        # As version 0.1.0 first wrote them.
        zlib.compress(_HEAD + _line([[0, "paragraph", "text", [], None, []]])),
        zlib.compress(_HEAD)[:-5],
    ],
)
async def test_what_is_no_reading_is_told(packed: bytes) -> None:
    with pytest.raises(UnusableReading):
        await unpack(packed)


def test_who_changes_what_is_read_raises_the_version() -> None:
    digest = hashlib.sha256()
    for name in _DOCUMENTS:
        digest.update(repr(_read(name)).encode())
    assert (READER_VERSION, digest.hexdigest()[:16]) == _MADE_BY, (
        "Documents are read otherwise than before: raise READER_VERSION"
        " (knowledge/ingestion/readings.py), and write the new pair here."
    )
