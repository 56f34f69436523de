"""What robots.txt asks of us."""

import pytest

from answerdesk.knowledge.crawl.fetch import PageFetcher
from answerdesk.knowledge.crawl.robots import LONGEST_DELAY, Robots, SiteUnavailable
from tests.websites import Answer, Website

SITE = "https://example.com"


def allowed(text: str, path: str) -> bool:
    return Robots(text).allowed(SITE + path)


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


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Answerdesk", True),
        ("ANSWERDESK", True),
        ("Answerdesk/1.0", True),
        ("answerdesk bot", True),
        ("*", True),
        ("Answer", False),
        ("A", False),
        ("desk", False),
        ("Answerdesk-News", False),
        ("Googlebot", False),
    ],
)
def test_rules_are_ours_if_they_name_us(name: str, ours: bool) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /a", "/a") is not ours


def test_our_own_rules_go_before_those_for_all_and_come_together() -> None:
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: Answerdesk\nUser-agent: Other\nDisallow: /a\n\n"
        "User-agent: answerdesk\nDisallow: /b\n"
    )
    assert [allowed(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow:", "/a", True),
        ("Disallow: /\nAllow: /a", "/a/b", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /a*c", "/abbbc?x", False),
        ("Disallow: /straße", "/stra%C3%9Fe", False),
        ("Disallow: /%7Ea", "/~a", False),
        ("Disallow: /*?", "/a?b", False),
        ("Disallow: /A", "/a", True),
    ],
)
def test_rules(rules: str, path: str, expected: bool) -> None:
    assert allowed(f"User-agent: *\n{rules}", path) is expected


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("", 0.0),
        ("Crawl-delay: 2.5", 2.5),
        ("Request-rate: 1/10", 10.0),
        ("Crawl-delay: 30", 30.0),
        ("Crawl-delay: 86400", LONGEST_DELAY),
        ("Crawl-delay: -3", 0.0),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: inf", 0.0),
        ("Crawl-delay: nan", 0.0),
    ],
)
def test_a_pause_is_kept_up_to_a_bound_and_a_cut_is_told(rules: str, delay: float) -> None:
    robots = Robots(f"User-agent: *\nDisallow: /x\n{rules}")
    assert robots.delay == delay
    assert (robots.remark is not None) is ("86400" in rules)


def test_sitemaps_are_named_wherever_they_are() -> None:
    text = (
        "Sitemap: https://cdn.example.net/a.xml.gz\nUser-agent: Other\nDisallow: /\n"
        "sitemap: /b.xml\nSitemap: ftp://example.com/c.xml\nSitemap: https://cdn.example.net/a.xml.gz"
    )
    found = Robots(text).sitemaps(f"{SITE}/docs/")
    assert found == ("https://cdn.example.net/a.xml.gz", f"{SITE}/b.xml")
