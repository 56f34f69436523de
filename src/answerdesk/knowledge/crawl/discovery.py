"""Finds the pages of a site by its sitemaps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerdesk.knowledge.crawl.robots import Robots
from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.sitemaps import SitemapEntry

if TYPE_CHECKING:
    from answerdesk.knowledge.crawl.fetch import PageFetcher


@dataclass(frozen=True, slots=True)
class Discovered:
    """What the sitemaps of a site list.

    `entries` are those in scope, each address once, as `Scope.address` writes it. `sitemaps` are
    the addresses of those that could be read; empty where the site has none. `faults` says what
    was wrong with others, a sentence each. `complete` is False where something was cut or broken:
    then a page that is not listed may still be.
    """

    entries: tuple[SitemapEntry, ...]
    sitemaps: tuple[str, ...]
    faults: tuple[str, ...]
    complete: bool


async def discover(
    fetcher: "PageFetcher", scope: Scope, robots: Robots, *, most: int = 50_000
) -> Discovered:
    """Read the sitemaps that robots.txt names, else /sitemap.xml, else /sitemap_index.xml.

    At most 100 of them, three levels deep, `most` entries. Never raises for what a website sends.
    """
    raise NotImplementedError
