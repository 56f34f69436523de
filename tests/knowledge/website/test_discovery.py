"""Finding a site's pages by its sitemaps."""

import gzip
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from answerdesk.knowledge.website.discovery import MOST_SITEMAPS, Discovered, discover
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from tests.websites import Answer, Website, manual

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def found(
    site: Website, fetcher: PageFetcher, start: str = "/", **options: Any
) -> Discovered:
    robots = await Robots.of(fetcher, site.url)
    return await discover(fetcher, Scope(site.url + start), robots, **options)


def paths(site: Website, result: Discovered) -> list[str]:
    return [page.removeprefix(site.url) for page in result.pages]


async def test_a_site_without_a_sitemap_has_none(site: Website, fetcher: PageFetcher) -> None:
    assert await found(site, fetcher) == Discovered((), (), (), complete=True)
    assert site.asked() == ["/robots.txt", "/sitemap.xml", "/sitemap_index.xml"]


async def test_a_page_in_place_of_a_sitemap_is_none(site: Website, fetcher: PageFetcher) -> None:
    site.soft_404("<!doctype html><p>Nothing here.")
    result = await found(site, fetcher)
    assert (result.sitemaps, result.faults) == ((), ())


async def test_what_robots_announces_and_does_not_hold_is_told(
    site: Website, fetcher: PageFetcher
) -> None:
    site.robots("Sitemap: /none.xml\nSitemap: /page.xml\nSitemap: /broken.xml\nSitemap: /error.xml")
    site.set("/page.xml", "<!doctype html><p>A page.")
    site.set("/broken.xml", "<urlset><url>", media_type="application/xml")
    site.set("/error.xml", "", status=500)
    site.sitemap(["/a"])
    result = await found(site, fetcher)
    assert not result.complete
    assert len(result.faults) == 4
    # The usual places are asked as well, since none of these could be read.
    assert paths(site, result) == ["/a"]


async def test_a_sitemap_that_can_be_had_later_is_no_missing_one(
    site: Website, fetcher: PageFetcher
) -> None:
    site.set("/sitemap.xml", "", status=429)
    result = await found(site, fetcher)
    assert not result.complete
    assert "429" in result.faults[0]


async def test_a_sitemap_on_a_private_network_is_not_fetched(
    site: Website, fetcher: PageFetcher
) -> None:
    site.robots("Sitemap: http://192.168.1.1/sitemap.xml\nSitemap: http://169.254.169.254/latest")
    result = await found(site, fetcher)
    assert (result.pages, len(result.faults)) == ((), 2)


async def test_a_sitemap_of_another_place_is_told(site: Website, fetcher: PageFetcher) -> None:
    site.sitemap(["https://example.com/a", "https://example.com/b", "/blog/c"])
    result = await found(site, fetcher, "/docs/")
    assert result.pages == ()
    assert "3 pages, none of which" in result.faults[0]


async def test_an_index_is_followed_to_its_end(site: Website, fetcher: PageFetcher) -> None:
    site.robots("Sitemap: /maps/index.xml")
    site.sitemap_index(
        ["/maps/1.xml.gz", "/maps/index.xml", "/maps/nested.xml"], at="/maps/index.xml"
    )
    site.sitemap_index(["/maps/2.txt"], at="/maps/nested.xml")
    site.sitemap(["/a", "/b", "https://example.com/c"], at="/maps/1.xml")
    packed = gzip.compress(site.answers["/maps/1.xml"].body)
    site.answer("/maps/1.xml.gz", Answer(packed, headers={"Content-Type": "application/gzip"}))
    site.set("/maps/2.txt", f"{site.url}/b\n{site.url}/d\n", media_type="text/plain")
    result = await found(site, fetcher)
    assert paths(site, result) == ["/a", "/b", "/d"]
    assert len(result.sitemaps) == 4
    assert (result.faults, result.complete) == ((), True)
    assert "/sitemap.xml" not in site.asked()


async def test_sitemaps_have_an_end(site: Website, fetcher: PageFetcher) -> None:
    deep = ["/sitemap.xml", "/1.xml", "/2.xml", "/3.xml"]
    for here, there in pairwise(deep):
        site.sitemap_index([there], at=here)
    site.sitemap(["/a"], at="/3.xml")
    result = await found(site, fetcher)
    assert (result.pages, result.complete) == ((), False)
    site.sitemap_index([f"/sitemap-{number}.xml" for number in range(MOST_SITEMAPS + 20)])
    site.forget_requests()
    result = await found(site, fetcher)
    assert len(site.asked()) <= MOST_SITEMAPS + 1
    assert (len(result.faults), result.complete) == (20, False)


async def test_a_folder_may_have_a_sitemap_of_its_own(site: Website, fetcher: PageFetcher) -> None:
    site.sitemap(["/a", "/docs/b"])
    assert paths(site, await found(site, fetcher, "/docs/")) == ["/docs/b"]
    site.sitemap(["/docs/c", "/a"], at="/docs/sitemap.xml")
    assert paths(site, await found(site, fetcher, "/docs/")) == ["/docs/c"]


async def test_no_more_pages_are_taken_than_asked_for(site: Website, fetcher: PageFetcher) -> None:
    site.sitemap([f"/{number}" for number in range(20)])
    result = await found(site, fetcher, most=7)
    assert (len(result.pages), result.complete) == (7, False)
    assert (await found(site, fetcher, most=20)).complete
    # A sitemap that is not read for that reason has pages that nobody knows of.
    site.sitemap_index(["/1.xml", "/2.xml"])
    site.sitemap(["/a", "/b"], at="/1.xml")
    site.sitemap(["/c"], at="/2.xml")
    result = await found(site, fetcher, most=2)
    assert (paths(site, result), result.complete) == (["/a", "/b"], False)
    assert len(result.faults) == 1


async def test_sitemaps_that_take_too_long_are_left_out(
    site: Website, fetcher: PageFetcher
) -> None:
    site.sitemap_index(["/1.xml", "/2.xml"])
    site.sitemap(["/a"], at="/1.xml")
    site.answer("/1.xml", replace(site.answers["/1.xml"], delay=1.5))
    site.sitemap(["/b"], at="/2.xml")
    result = await found(site, fetcher, seconds=1.5)
    assert (paths(site, result), result.complete) == (["/a"], False)
    assert "/2.xml" not in site.asked()
    assert "too long" in result.faults[0]


async def test_a_sitemap_may_be_elsewhere_and_redirected(
    site: Website, fetcher: PageFetcher
) -> None:
    with Website() as other:
        other.sitemap([f"{site.url}/a"], at="/maps/site.xml")
        site.redirect("/sitemap.xml", f"{other.url}/maps/site.xml")
        result = await found(site, fetcher)
    assert paths(site, result) == ["/a"]


async def test_all_pages_of_a_manual_are_found(site: Website, fetcher: PageFetcher) -> None:
    made = manual(400)
    site.put(made.all_html())
    site.sitemap(made.pages)
    result = await found(site, fetcher)
    assert paths(site, result) == list(made.pages)
    assert result.complete
