"""Pages and sitemaps read in the limited child process, as in production."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from answerdesk.core.outbound import Outbound
from answerdesk.core.settings import Settings
from answerdesk.knowledge.crawl.discovery import discover
from answerdesk.knowledge.crawl.fetch import PageFetcher
from answerdesk.knowledge.crawl.limited_reader import LimitedReader
from answerdesk.knowledge.crawl.outcomes import PageFailed, PageFetched
from answerdesk.knowledge.crawl.robots import Robots
from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.signals import read_signals
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from tests.websites import Website, manual

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def limited(outbound: Outbound) -> AsyncIterator[PageFetcher]:
    parsing = ParsingProcess()
    yield PageFetcher(outbound, LimitedReader(parsing), None, Settings(crawl_delay=0))
    await parsing.close()


async def test_what_cannot_be_read_is_told_across_the_process(
    site: Website, limited: PageFetcher
) -> None:
    site.set("/a", b"<p>\0\1")
    outcome = await limited.fetch(f"{site.url}/a")
    assert isinstance(outcome, PageFailed)
    assert (outcome.code, outcome.retriable) == ("unreadable_document", False)
    site.robots("Sitemap: /a")
    found = await discover(limited, Scope(site.url), await Robots.of(limited, site.url))
    assert len(found.faults) == 1


async def test_the_child_reads_what_this_process_would(site: Website, limited: PageFetcher) -> None:
    made = manual(40)
    site.put(made.all_html())
    site.sitemap(made.pages)
    found = await discover(limited, Scope(site.url), Robots())
    assert list(found.pages) == [site.url + path for path in made.pages]
    for url in found.pages[:8]:
        page = await limited.fetch(url)
        assert isinstance(page, PageFetched)
        assert page.signals == read_signals(page.content, page.media_type, url)
