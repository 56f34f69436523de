"""Every part of the product that fetches, with every tricky address: nobody is connected to."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from answerdesk.core.errors import DomainError
from answerdesk.core.outbound import Outbound
from answerdesk.core.outbound.addresses import refusal
from answerdesk.core.settings import Settings
from answerdesk.knowledge.website.discovery import discover
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outage import probe
from answerdesk.knowledge.website.outcomes import PageFailed
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from answerdesk.providers.openai_embedder import EmbeddingService, OpenAiEmbedder
from tests.core.outbound.listening import Listener, RecordingSockets
from tests.core.outbound.serving import Served
from tests.core.outbound.tricky_urls import TRICKY
from tests.knowledge.website.conftest import ThreadReader


@dataclass
class Parts:
    """What fetches, as the product puts it together."""

    outbound: Outbound
    fetcher: PageFetcher
    site: Served


@pytest.fixture
async def parts(outbound: Outbound, site: Served) -> Parts:
    settings = Settings.model_validate({"crawl_delay": 0.0})
    return Parts(outbound, PageFetcher(outbound, ThreadReader(), None, settings), site)


async def _page(parts: Parts, url: str) -> None:
    outcome = await parts.fetcher.fetch(url)
    assert isinstance(outcome, PageFailed)


async def _followed_page(parts: Parts, url: str) -> None:
    """A page of an allowed site that leads to the address, with the address's site as scope."""
    scope = Scope(url)
    start = parts.site.redirect("/leads-away", url.encode("utf-8", "surrogatepass"))
    await parts.fetcher.follow(start, scope, Robots())


async def _robots(parts: Parts, url: str) -> None:
    await Robots.of(parts.fetcher, Scope(url).start)


async def _redirected_robots(parts: Parts, url: str) -> None:
    parts.site.redirect("/robots.txt", url.encode("utf-8", "surrogatepass"))
    await Robots.of(parts.fetcher, f"{parts.site.url}/docs/")


async def _sitemap(parts: Parts, url: str) -> None:
    await parts.fetcher.fetch_sitemap(url)


async def _redirected_sitemap(parts: Parts, url: str) -> None:
    location = url.encode("utf-8", "surrogatepass")
    await parts.fetcher.fetch_sitemap(parts.site.redirect("/sitemap.xml", location))


async def _probe(parts: Parts, url: str) -> None:
    await probe(parts.fetcher, Scope(url), Robots())


async def _embeddings(parts: Parts, url: str) -> None:
    embedder = OpenAiEmbedder(parts.outbound, EmbeddingService(url, "model", "key", 8))
    # Where nobody answers, it would try again.
    async with asyncio.timeout(0.2):
        await embedder.embed_questions(["Where does this go?"])


FETCHERS: dict[str, Callable[[Parts, str], Awaitable[None]]] = {
    "page": _page,
    "page that redirects": _followed_page,
    "robots": _robots,
    "robots that redirects": _redirected_robots,
    "sitemap": _sitemap,
    "sitemap that redirects": _redirected_sitemap,
    "probe": _probe,
    "embeddings": _embeddings,
}


@pytest.mark.parametrize("name", FETCHERS)
async def test_no_fetcher_connects_to_a_private_address(
    name: str, parts: Parts, listener: Listener, sockets: RecordingSockets
) -> None:
    for tricky in TRICKY:
        url = tricky.url.replace("{port}", str(listener.port))
        for _ in range(tricky.fetches):
            with suppress(DomainError, TimeoutError):
                await FETCHERS[name](parts, url)
        assert _private(sockets) <= {(parts.site.host, parts.site.port)}, tricky.id
        assert listener.connections == 0, tricky.id


@pytest.mark.parametrize("first", range(0, len(TRICKY), 90))
async def test_sitemaps_that_robots_names_are_not_fetched_from_a_private_address(
    first: int, parts: Parts, listener: Listener, sockets: RecordingSockets
) -> None:
    """They may be on other hosts than the website."""
    urls = [tricky.url.replace("{port}", str(listener.port)) for tricky in TRICKY]
    lines = "\n".join(f"Sitemap: {url}" for url in urls[first : first + 90] * 2)
    robots = f"User-agent: *\nAllow: /\n{lines}\n".encode("utf-8", "surrogatepass")
    parts.site.page("/robots.txt", robots, "Content-Type: text/plain")
    rules = await Robots.of(parts.fetcher, parts.site.url)
    assert rules.sitemaps(parts.site.url)
    await discover(parts.fetcher, Scope(f"{parts.site.url}/"), rules, most=10)
    assert _private(sockets) <= {(parts.site.host, parts.site.port)}
    assert listener.connections == 0


def _private(sockets: RecordingSockets) -> set[tuple[str, int]]:
    return {where for where in sockets.wanted if refusal(ip_address(where[0])) is not None}
