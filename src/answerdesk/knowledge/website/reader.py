"""Ports for reading pages and recalling readings; the reader in the limited child process."""

from dataclasses import dataclass
from typing import Final, Protocol

from answerdesk.core.errors import InvalidInput
from answerdesk.knowledge.ingestion.readings import pack
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess
from answerdesk.knowledge.website.signals import PageSignals
from answerdesk.knowledge.website.sitemaps import Sitemap, UnreadableSitemap


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything read from a page in one pass.

    `document` is the packed reading for ingestion (`ingestion.readings`); None if there is nothing
    to ingest, or too much to keep.
    """

    signals: PageSignals
    document: bytes | None = None


class PageReader(Protocol):
    """Reads pages and sitemaps where they can do no harm (`ingestion.sandbox`)."""

    async def read_page(self, content: bytes, media_type: str, url: str) -> PageReading:
        """Read a page as `signals.read_page` does.

        Raises UnreadableDocument, ParsingStopped, ParsingUnavailable.
        """
        ...

    async def read_sitemap(self, content: bytes, url: str) -> Sitemap:
        """Read a sitemap as `parse_sitemap` does.

        Raises UnreadableSitemap, ParsingStopped, ParsingUnavailable.
        """
        ...


class PageMemory(Protocol):
    """Remembers the signals of pages, so that the same bytes are not read again."""

    async def recall(self, url: str, content_hash: bytes, media_type: str) -> PageSignals | None:
        """Return the signals of exactly these bytes at this address; None if unknown."""
        ...


_PAGE: Final = Operation("answerdesk.knowledge.website.signals:read_page", PageSignals)
_SITEMAP: Final = Operation("answerdesk.knowledge.website.sitemaps:parse_sitemap", Sitemap)


class LimitedReader:
    """A `PageReader` that reads in the limited child process."""

    def __init__(self, parsing: ParsingProcess) -> None:
        self._parsing = parsing

    async def read_page(self, content: bytes, media_type: str, url: str) -> PageReading:
        signals, document = await self._parsing.run_and_prepare(
            _PAGE, content, media_type, url, name=url
        )
        return PageReading(signals, None if document is None else await pack(document))

    async def read_sitemap(self, content: bytes, url: str) -> Sitemap:
        try:
            return await self._parsing.run(_SITEMAP, content, url, name=url)
        except InvalidInput as error:
            if error.code != UnreadableSitemap.code:
                raise
            raise UnreadableSitemap(error.message) from error
