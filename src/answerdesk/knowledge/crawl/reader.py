"""The ports to what reads pages, and to what remembers how they were read."""

from dataclasses import dataclass
from typing import Protocol

from answerdesk.knowledge.crawl.signals import PageSignals
from answerdesk.knowledge.crawl.sitemaps import Sitemap


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that is read of a page, at once.

    `document` is what ingestion takes in of it, packed (`ingestion.readings`); None where there is
    nothing to take in, or too much to be kept.
    """

    signals: PageSignals
    document: bytes | None = None


class PageReader(Protocol):
    """Reads pages and sitemaps somewhere they can do no harm (`ingestion.sandbox` has it)."""

    async def read_page(self, content: bytes, media_type: str, url: str) -> PageReading:
        """Do as `read_page` of `signals`.

        Raises UnreadableDocument, ParsingStopped, ParsingUnavailable.
        """
        ...

    async def read_sitemap(self, content: bytes, url: str) -> Sitemap:
        """Do as `parse_sitemap`; raises UnreadableSitemap, ParsingStopped, ParsingUnavailable."""
        ...


class PageMemory(Protocol):
    """Remembers what was read of pages, so that the same bytes are not read again."""

    async def recall(self, url: str, content_hash: bytes, media_type: str) -> PageSignals | None:
        """Return what was read of just these bytes at this address; None where that is unknown."""
        ...
