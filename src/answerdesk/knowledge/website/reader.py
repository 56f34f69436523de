"""The ports to what reads pages, and the reader that does it in the limited child process."""

from dataclasses import dataclass
from typing import Final, Protocol

from answerdesk.core.errors import InvalidInput
from answerdesk.knowledge.ingestion.readings import pack
from answerdesk.knowledge.ingestion.sandbox.process import Operation, ParsingProcess
from answerdesk.knowledge.website.signals import PageSignals
from answerdesk.knowledge.website.sitemaps import Sitemap, UnreadableSitemap


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


_PAGE: Final = Operation("answerdesk.knowledge.website.signals:read_page", PageSignals)
_SITEMAP: Final = Operation("answerdesk.knowledge.website.sitemaps:parse_sitemap", Sitemap)


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
