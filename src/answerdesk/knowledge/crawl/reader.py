"""The port to the limited child process that reads what strangers' websites send."""

from typing import Protocol

from answerdesk.knowledge.crawl.signals import PageSignals
from answerdesk.knowledge.crawl.sitemaps import Sitemap


class PageReader(Protocol):
    """Reads pages and sitemaps somewhere they can do no harm (`ingestion.sandbox` has it)."""

    async def read_page(self, content: bytes, media_type: str, url: str) -> PageSignals:
        """Do as `read_signals`; raises UnreadableDocument, ParsingStopped, ParsingUnavailable."""
        ...

    async def read_sitemap(self, content: bytes, url: str) -> Sitemap:
        """Do as `parse_sitemap`; raises UnreadableSitemap, ParsingStopped, ParsingUnavailable."""
        ...
