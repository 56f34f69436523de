"""Reads pages and sitemaps in the limited child process."""

from typing import Final

from answerdesk.core.errors import InvalidInput
from answerdesk.knowledge.crawl.reader import PageReading
from answerdesk.knowledge.crawl.signals import PageSignals
from answerdesk.knowledge.crawl.sitemaps import Sitemap, UnreadableSitemap
from answerdesk.knowledge.ingestion.readings import pack
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess

_PAGE: Final = Operation("answerdesk.knowledge.crawl.signals:read_page", PageSignals)
_SITEMAP: Final = Operation("answerdesk.knowledge.crawl.sitemaps:parse_sitemap", Sitemap)


class LimitedReader:
    """A `PageReader` that reads nothing in this process."""

    def __init__(self, parsing: ParsingProcess) -> None:
        self._parsing = parsing

    async def read_page(self, content: bytes, media_type: str, url: str) -> PageReading:
        """Do as `signals.read_page`.

        Raises UnreadableDocument, ParsingStopped, ParsingUnavailable.
        """
        signals, document = await self._parsing.run_and_prepare(
            _PAGE, content, media_type, url, name=url
        )
        return PageReading(signals, None if document is None else await pack(document))

    async def read_sitemap(self, content: bytes, url: str) -> Sitemap:
        """Do as `parse_sitemap`; raises UnreadableSitemap, ParsingStopped, ParsingUnavailable."""
        try:
            return await self._parsing.run(_SITEMAP, content, url, name=url)
        except InvalidInput as error:
            if error.code != UnreadableSitemap.code:
                raise
            raise UnreadableSitemap(error.message) from error
