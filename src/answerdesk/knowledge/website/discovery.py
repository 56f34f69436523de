"""Finds the pages of a site from its sitemaps."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from answerdesk.core.errors import DomainError, InvalidInput
from answerdesk.core.outbound import OutboundError
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from answerdesk.knowledge.website.sitemaps import Sitemap

MOST_SITEMAPS: Final = 100
DEEPEST: Final = 3
MOST_SECONDS: Final = 300.0
"""Time for reading the sitemaps of one site: pauses and slow sitemaps add up."""

_USUAL: Final = ("/sitemap.xml", "/sitemap_index.xml")
_MOST_FAULTS: Final = 20
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Discovered:
    """What the sitemaps of a site list.

    `pages` are those in scope, each address once, as `Scope.address` writes it. `sitemaps` are the
    addresses of the sitemaps that could be read; empty if the site has none. `faults` says what
    was wrong with the others, one sentence each. `complete` is False if something was cut or
    broken: a page that is not listed may then still exist.
    """

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...]
    faults: tuple[str, ...]
    complete: bool


async def discover(
    fetcher: PageFetcher,
    scope: Scope,
    robots: Robots,
    *,
    most: int = 50_000,
    seconds: float = MOST_SECONDS,
) -> Discovered:
    """Read the sitemaps that robots.txt names, otherwise one in a usual place.

    The usual places are sitemap.xml in the start's folder, then /sitemap.xml, then
    /sitemap_index.xml. Reads at most 100 sitemaps, three levels deep, up to `most` pages, for at
    most `seconds`. Never raises for what a website sends; raises ParsingUnavailable if no child
    process is available.
    """
    search = _Search(fetcher, scope, robots, most, time.monotonic() + seconds)
    await search.read(robots.sitemaps(scope.start), announced=True)
    for path in (f"{scope.folder}sitemap.xml", *_USUAL):
        if not search.read_ones:
            await search.read((urljoin(scope.start, path),), announced=False)
    return search.result()


class _Search:
    """One search and its findings so far."""

    def __init__(
        self, fetcher: PageFetcher, scope: Scope, robots: Robots, most: int, until: float
    ) -> None:
        self.read_ones: list[str] = []
        self._fetcher = fetcher
        self._scope = scope
        self._robots = robots
        self._most = most
        self._until = until
        self._asked: set[str] = set()
        self._pages: dict[str, None] = {}
        self._listed = 0
        self._faults: list[str] = []
        self._complete = True

    async def read(self, urls: tuple[str, ...], *, announced: bool) -> None:
        """Read sitemaps and those that they name; without `announced` they may be missing."""
        waiting = deque((url, 1, announced) for url in urls)
        while waiting:
            url, depth, expected = waiting.popleft()
            if url in self._asked:
                continue
            end = self._end()
            if end is not None:
                self._fault(end)
                return
            self._asked.add(url)
            sitemap = await self._fetch(url, expected=expected)
            if sitemap is None:
                continue
            await self._take(url, sitemap)
            if sitemap.indexes and depth >= DEEPEST:
                self._fault(f"{url} lists more sitemaps, which are nested too deeply.")
            elif sitemap.indexes:
                waiting.extend((one, depth + 1, True) for one in sitemap.indexes)

    def _end(self) -> str | None:
        """Return why no more sitemaps are read, or None to go on."""
        if len(self._pages) >= self._most:
            return self._most_are_taken()
        if len(self._asked) >= MOST_SITEMAPS:
            return f"Only the first {MOST_SITEMAPS} sitemaps are read."
        if time.monotonic() >= self._until:
            return "Reading the sitemaps took too long; the rest are left out."
        return None

    def _most_are_taken(self) -> str:
        return f"Only the first {self._most} pages of the sitemaps are used."

    def result(self) -> Discovered:
        if self._listed and not self._pages:
            self._fault(
                f"The sitemaps list {self._listed} pages, none of which belongs to this source."
                " Check the source's address and patterns."
            )
        return Discovered(
            tuple(self._pages),
            tuple(self.read_ones),
            tuple(self._faults),
            self._complete,
        )

    async def _fetch(self, url: str, *, expected: bool) -> Sitemap | None:
        try:
            sitemap = await self._fetcher.fetch_sitemap(url, delay=self._robots.delay)
        except (OutboundError, InvalidInput) as error:
            # Many sites send a page in place of a sitemap that does not exist.
            if expected or not _is_no_sitemap(error):
                self._fault(f"{url}: {error.message}")
            return None
        if sitemap is None and expected:
            self._fault(
                f"{url} is named by robots.txt or a sitemap, but the website does not serve it."
            )
        return sitemap

    async def _take(self, url: str, sitemap: Sitemap) -> None:
        self.read_ones.append(url)
        if sitemap.fault is not None:
            self._fault(f"{url}: {sitemap.fault}")
        for page in sitemap.pages:
            self._listed += 1
            if self._listed % _AT_ONCE == 0:
                await asyncio.sleep(0)  # Tens of thousands would block this process.
            address = self._scope.address(page)
            if address is None or address in self._pages or not self._scope.contains(address):
                continue
            if len(self._pages) >= self._most:
                self._fault(self._most_are_taken())
                return
            self._pages[address] = None

    def _fault(self, text: str) -> None:
        self._complete = False
        if text in self._faults:
            return
        if len(self._faults) < _MOST_FAULTS:
            self._faults.append(text)


def _is_no_sitemap(error: DomainError) -> bool:
    return error.code == "unreadable_sitemap"
