"""Pages and sitemaps read in the limited child process, as in production."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from answerdesk.core.outbound import Outbound
from answerdesk.core.settings import Settings
from answerdesk.knowledge.ingestion.parse import reading_name
from answerdesk.knowledge.ingestion.prepare import prepare
from answerdesk.knowledge.ingestion.readings import unpack
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.website.discovery import discover
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import PageFailed, PageFetched, PageSkipped
from answerdesk.knowledge.website.reader import LimitedReader
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.signals import PageSignals, read_signals
from tests.knowledge.website.conftest import ThreadReader
from tests.knowledge.website.pages import PAGE, fetched
from tests.websites import Website, manual

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parsing() -> AsyncIterator[ParsingProcess]:
    pool = ParsingProcess()
    yield pool
    await pool.close()


@pytest.fixture
def limited(outbound: Outbound, parsing: ParsingProcess) -> PageFetcher:
    return PageFetcher(outbound, LimitedReader(parsing), None, Settings(crawl_delay=0))


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
        here = await ThreadReader().read_page(page.content, page.media_type, url)
        assert page.reading == here
        assert here.document is not None
        # And ingestion would read the same.
        name = reading_name(url)
        assert await unpack(here.document) == prepare(page.content, page.media_type, name)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ('<meta name="robots" content="noindex">', "<p>Nobody is to find this.</p>"),
        ("", '<form><input type="password"></form><p>Log in, please.</p>'),
        ("", ""),
    ],
    ids=["noindex", "log-in", "empty"],
)
async def test_of_a_page_that_is_not_taken_in_the_signals_are_all(
    parsing: ParsingProcess, head: str, text: str
) -> None:
    html = f"<html><head>{head}</head><body>{text}</body></html>".encode()
    read = await LimitedReader(parsing).read_page(html, "text/html", "http://example.com/a")
    assert read == await ThreadReader().read_page(html, "text/html", "http://example.com/a")
    assert read.document is None


class Recollection:
    """A `PageMemory` that knows one page."""

    def __init__(self, page: PageFetched) -> None:
        self._page = page

    async def recall(self, url: str, content_hash: bytes, media_type: str) -> PageSignals | None:
        page = self._page
        is_known = (url, content_hash, media_type) == (page.url, page.content_hash, page.media_type)
        return page.signals if is_known else None


async def test_bytes_that_were_read_before_are_not_read_again(
    site: Website, limited: PageFetcher, parsing: ParsingProcess
) -> None:
    url = f"{site.url}/a"
    site.set("/a", PAGE)
    before = parsing.readings
    page = fetched(await limited.fetch(url))
    memory = Recollection(page)
    assert parsing.readings == before + 1
    again = fetched(await limited.fetch(url, memory=memory))
    assert parsing.readings == before + 1
    assert (again.signals, again.reading) == (page.signals, None)
    # What the header asks for counts, although nothing was read.
    site.set("/a", PAGE, headers={"X-Robots-Tag": "noindex"})
    assert isinstance(await limited.fetch(url, memory=memory), PageSkipped)
    assert parsing.readings == before + 1
    site.set("/a", PAGE.replace("90", "95"))
    changed = fetched(await limited.fetch(url, memory=memory))
    assert parsing.readings == before + 2
    assert changed.reading is not None
