"""Documents made to choke a reader end in time, within memory, with a result or a typed error."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import prepare
from answerdesk.knowledge.ingestion.sandbox.errors import ParsingStopped
from answerdesk.knowledge.ingestion.sandbox.frames import Limits
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.website.reader import LimitedReader
from answerdesk.knowledge.website.sitemaps import MOST_ENTRIES, UnreadableSitemap
from tests.knowledge.ingestion.sandbox.bombs import DOCUMENTS, EXTENSIONS, SITEMAPS
from tests.knowledge.ingestion.sandbox.support import MARKDOWN
from tests.waiting import PATIENCE

# Tighter than the product's, so that the bombs are small and quickly over.
LIMITS = Limits(seconds=0.6, memory_mb=320, niceness=0)
MOST_SECONDS = 2 * PATIENCE
"""Of the clock, which says little; their processor time is the limit above."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parsing() -> AsyncIterator[ParsingProcess]:
    pool = ParsingProcess(LIMITS)
    yield pool
    await pool.close()


def expect_within_memory(parsing: ParsingProcess) -> None:
    """Fail if a child that lives on ever had more address space than may be."""
    for pid in parsing.pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        (peak,) = (int(line.split()[1]) for line in lines if line.startswith("VmPeak:"))
        assert peak <= LIMITS.memory_mb * 1024


async def expect_ordinary_documents_are_read(parsing: ParsingProcess) -> None:
    read = await parsing.prepare(MARKDOWN, "text/markdown", "a.md")
    assert read == prepare(MARKDOWN, "text/markdown", "a.md")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_made_to_choke_a_reader(parsing: ParsingProcess, name: str) -> None:
    media_type, make = DOCUMENTS[name]
    content = make()
    file_name = f"bomb.{EXTENSIONS[media_type]}"
    async with asyncio.timeout(MOST_SECONDS):
        try:
            prepared = await parsing.prepare(content, media_type, file_name)
        except (ParsingStopped, UnreadableDocument) as error:
            told = error.message
        else:
            told = f"{file_name}: {len(prepared.drafts)} chunks"
    assert told.startswith(f"{file_name}: ")
    assert not told.endswith(": 0 chunks")
    expect_within_memory(parsing)
    await expect_ordinary_documents_are_read(parsing)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", SITEMAPS)
async def test_a_sitemap_made_to_choke_a_reader(parsing: ParsingProcess, name: str) -> None:
    content = SITEMAPS[name]()
    async with asyncio.timeout(MOST_SECONDS):
        try:
            sitemap = await LimitedReader(parsing).read_sitemap(
                content, "https://example.com/sitemap.xml"
            )
        except (ParsingStopped, UnreadableSitemap):
            pass
        else:
            assert len(sitemap.pages) <= MOST_ENTRIES
    expect_within_memory(parsing)
    await expect_ordinary_documents_are_read(parsing)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("html")])
async def test_a_page_made_to_choke_a_reader(parsing: ParsingProcess, name: str) -> None:
    media_type, make = DOCUMENTS[name]
    content = make()
    async with asyncio.timeout(MOST_SECONDS):
        try:
            read = await LimitedReader(parsing).read_page(
                content, media_type, "https://example.com/a"
            )
        except (ParsingStopped, UnreadableDocument):
            pass
        else:
            assert len(read.signals.text_hash) == 32
    expect_within_memory(parsing)
    await expect_ordinary_documents_are_read(parsing)
