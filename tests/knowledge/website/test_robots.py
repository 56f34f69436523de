"""What robots.txt asks of us."""

from itertools import pairwise

import pytest

from answerdesk.core.outbound import Outbound, OutboundPolicy
from answerdesk.core.settings import Settings
from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.robots import Robots, SiteUnavailable
from tests.knowledge.website.conftest import LOOPBACK, ThreadReader
from tests.websites import Answer, Website

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_without_an_answer_nothing_may_be_fetched(
    site: Website, fetcher: PageFetcher, status: int
) -> None:
    site.robots("User-agent: *\nAllow: /", status=status)
    with pytest.raises(SiteUnavailable, match=str(status)):
        await Robots.of(fetcher, site.url)


async def test_a_site_that_is_not_there_is_unavailable(site: Website, fetcher: PageFetcher) -> None:
    site.disconnect()
    with pytest.raises(SiteUnavailable) as caught:
        await Robots.of(fetcher, site.url)
    assert caught.value.code == "unreachable"
    assert caught.value.retriable


async def test_a_private_network_is_no_site(fetcher: PageFetcher) -> None:
    with pytest.raises(SiteUnavailable) as caught:
        await Robots.of(fetcher, "http://192.168.1.1/")
    assert caught.value.code == "address_refused"


async def test_a_file_without_end_is_unavailable(site: Website, fetcher: PageFetcher) -> None:
    site.robots("# padding\n" * 600_000)
    with pytest.raises(SiteUnavailable, match="larger"):
        await Robots.of(fetcher, site.url)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_without_a_file_all_is_allowed(
    site: Website, fetcher: PageFetcher, status: int
) -> None:
    site.robots("User-agent: *\nDisallow: /", status=status)
    robots = await Robots.of(fetcher, f"{site.url}/docs/intro.html?x=1")
    assert site.asked() == ["/robots.txt"]
    assert robots.allowed(f"{site.url}/a")


async def test_an_answer_that_takes_too_long_is_unavailable(site: Website) -> None:
    site.answer("/robots.txt", Answer(b"User-agent: *\nAllow: /", delay=5.0))
    hasty = Outbound(OutboundPolicy(networks={"pages": LOOPBACK}, header_seconds=0.2))
    fetcher = PageFetcher(hasty, ThreadReader(), None, Settings(crawl_delay=0.0))
    with pytest.raises(SiteUnavailable) as caught:
        await Robots.of(fetcher, site.url)
    await hasty.close()
    assert (caught.value.code, caught.value.retriable) == ("timed_out", True)


@pytest.mark.parametrize("status", [200, 203])
async def test_rules_that_come_are_kept(site: Website, fetcher: PageFetcher, status: int) -> None:
    site.robots("User-agent: *\nDisallow: /a", status=status)
    assert not (await Robots.of(fetcher, site.url)).allowed(f"{site.url}/a")


async def test_rules_of_another_host_that_ours_leads_to_are_ours(
    site: Website, fetcher: PageFetcher
) -> None:
    with Website("127.0.0.2") as other:
        other.robots("User-agent: *\nDisallow: /a")
        site.redirect("/robots.txt", f"{other.url}/robots.txt", status=301)
        robots = await Robots.of(fetcher, site.url)
    assert not robots.allowed(f"{site.url}/a")
    assert robots.allowed(f"{site.url}/b")


async def test_a_file_behind_five_redirects_is_read_and_one_behind_more_is_none(
    site: Website, fetcher: PageFetcher
) -> None:
    places = ["/robots.txt", *(f"/{number}" for number in range(1, 5)), "/rules"]
    for here, there in pairwise(places):
        site.redirect(here, there)
    site.set("/rules", "User-agent: *\nDisallow: /a", media_type="text/plain")
    assert not (await Robots.of(fetcher, site.url)).allowed(f"{site.url}/a")
    site.redirect("/rules", "/further")
    site.set("/further", "User-agent: *\nDisallow: /a", media_type="text/plain")
    robots = await Robots.of(fetcher, site.url)
    assert robots.allowed(f"{site.url}/a")
    assert "again and again" in (robots.remark or "")


async def test_a_file_that_leads_into_a_private_network_is_unavailable(
    site: Website, fetcher: PageFetcher
) -> None:
    site.redirect("/robots.txt", "http://192.168.1.1/robots.txt")
    with pytest.raises(SiteUnavailable) as caught:
        await Robots.of(fetcher, site.url)
    assert caught.value.code == "address_refused"


async def test_the_rules_are_read_through_redirects(site: Website, fetcher: PageFetcher) -> None:
    site.redirect("/robots.txt", "/rules", status=301)
    site.set("/rules", "User-agent: *\nDisallow: /a", media_type="text/plain")
    robots = await Robots.of(fetcher, site.url)
    assert not robots.allowed(f"{site.url}/a")
    assert Robots(robots.text, robots.note) == robots


async def test_a_page_in_place_of_rules_forbids_nothing(
    site: Website, fetcher: PageFetcher
) -> None:
    site.say_everywhere("<!doctype html>\n<p>User-agent: *\nDisallow: /")
    robots = await Robots.of(fetcher, site.url)
    assert robots.allowed(f"{site.url}/a")
    assert robots.remark is not None
    assert "web page" in robots.remark


async def test_what_stands_behind_500_kb_is_not_read(site: Website, fetcher: PageFetcher) -> None:
    padding = "# padding\n" * 51_199  # Ends ten bytes before the limit, inside the next line.
    site.robots(f"User-agent: *\nDisallow: /a\n{padding}Disallow: /b")
    robots = await Robots.of(fetcher, site.url)
    assert not robots.allowed(f"{site.url}/a")
    assert robots.allowed(f"{site.url}/b")
    assert robots.remark is not None
    assert "500 kB" in robots.remark


async def test_of_very_many_rules_the_first_are_read(site: Website, fetcher: PageFetcher) -> None:
    site.robots("User-agent: *\n" + "".join(f"Disallow: /{one}/\n" for one in range(6_000)))
    robots = await Robots.of(fetcher, site.url)
    assert not robots.allowed(f"{site.url}/4000/")
    assert robots.allowed(f"{site.url}/5999/")
    assert robots.remark is not None
    assert "5,000 rules" in robots.remark


async def test_rules_for_others_are_not_counted(site: Website, fetcher: PageFetcher) -> None:
    others = "User-agent: Other\n" + "".join(f"Disallow: /{one}/\n" for one in range(6_000))
    site.robots(f"{others}\nUser-agent: *\nDisallow: /a")
    robots = await Robots.of(fetcher, site.url)
    assert not robots.allowed(f"{site.url}/a")
    assert robots.remark is None


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffUser-agent: *\nDisallow: /a".encode(),
        "User-agent: *\nDisallow: /a".encode("utf-16"),
        b"# caf\xe9\nUser-agent: *\rDisallow: /a",
        b"User-agent: *\r\n\0\r\nDisallow: /a",
        b"USER-AGENT : *\n disallow:/a   # no\n",
    ],
    ids=["mark", "UTF-16", "Latin-1 and old line ends", "NUL", "odd spelling"],
)
async def test_rules_in_any_dress(site: Website, fetcher: PageFetcher, content: bytes) -> None:
    site.answer("/robots.txt", Answer(content))
    robots = await Robots.of(fetcher, site.url)
    assert not robots.allowed(f"{site.url}/a")
    assert robots.allowed(f"{site.url}/b")
