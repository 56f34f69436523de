"""A website, and what reads it, with nothing between them but HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from ipaddress import ip_network
from typing import Any, cast

import pytest
import pytest_asyncio

from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.settings import Settings
from answerdesk.knowledge.ingestion.readings import pack
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.reader import PageReading
from answerdesk.knowledge.website.signals import PageSignals, read_page
from answerdesk.knowledge.website.sitemaps import Sitemap, parse_sitemap
from answerdesk.providers.page_renderer import PageRenderer
from tests.websites import Website

LOOPBACK = (ip_network("127.0.0.0/8"),)


class ThreadReader:
    """Reads in this process what the tests themselves have written; `pages` are those read."""

    def __init__(self) -> None:
        self.pages: list[str] = []

    async def read_page(self, content: bytes, media_type: str, url: str) -> PageReading:
        self.pages.append(url)
        signals, *parts = await asyncio.to_thread(list, read_page(content, media_type, url))
        assert isinstance(signals, PageSignals)
        if not parts:
            return PageReading(signals)
        (title, language), *lists = cast("list[Any]", parts)
        drafts = tuple(draft for drafts in lists for draft in drafts)
        return PageReading(signals, await pack(PreparedDocument(title, language, drafts)))

    async def read_sitemap(self, content: bytes, url: str) -> Sitemap:
        return await asyncio.to_thread(parse_sitemap, content, url)


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as running:
        yield running


# One for all tests of a module: loading the certificates takes longer than most of them.
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outbound() -> AsyncIterator[Outbound]:
    client = Outbound(OutboundPolicy(networks={"pages": LOOPBACK}))
    yield client
    await client.close()


MakeFetcher = Callable[..., PageFetcher]


@pytest.fixture
def make_fetcher(outbound: Outbound) -> MakeFetcher:
    """Make a fetcher, with a renderer or other settings if asked for."""

    def make(renderer: PageRenderer | None = None, **settings: object) -> PageFetcher:
        chosen = Settings.model_validate({"crawl_delay": 0.0, **settings})
        return PageFetcher(outbound, ThreadReader(), renderer, chosen)

    return make


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> PageFetcher:
    """What fetches pages, without a renderer and without pauses."""
    return make_fetcher()
