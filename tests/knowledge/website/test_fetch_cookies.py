"""Pages that ask for a cookie before they show themselves, and redirects that never end."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import PageMoved
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from tests.knowledge.website.pages import PAGE, failed, fetched
from tests.websites import Answer, Request, Website

pytestmark = pytest.mark.asyncio(loop_scope="module")

HTML = {"Content-Type": "text/html"}
CHECK = "/cookie-check"


@pytest.fixture
def other() -> Iterator[Website]:
    """Another host."""
    with Website("127.0.0.2") as running:
        yield running


def ask_cookie(site: Website, *, at: str | None = None, keeps: bool = True) -> None:
    """Show a site's pages only with a cookie, which is set by the redirect to `at`, or there."""

    def guard(request: Request) -> Answer | None:
        path = urlsplit(request.path).path
        if path == "/robots.txt" or (keeps and "seen=yes" in request.headers.get("cookie", "")):
            if path != CHECK:
                return None
            return Answer(b"", 302, {"Location": "/"})
        sets = {"Set-Cookie": "seen=yes; Path=/"}
        if at is None:
            return Answer(b"", 302, {"Location": request.path, **sets})
        if path == CHECK:
            back = urlsplit(request.path).query.removeprefix("back=") or "/"
            return Answer(b"", 302, {"Location": back, **sets})
        return Answer(b"", 302, {"Location": f"{CHECK}?back={quote(request.path)}"})

    site.everywhere = guard


async def test_a_page_that_takes_no_cookie_goes_round(site: Website, fetcher: PageFetcher) -> None:
    ask_cookie(site, keeps=False)
    outcome = failed(await fetcher.fetch(f"{site.url}/a"))
    assert (outcome.code, outcome.retriable) == ("http_error", False)
    assert "loop" in outcome.reason
    assert len(site.asked()) == 2


async def test_a_cookie_that_changes_each_time_ends_too(
    site: Website, fetcher: PageFetcher
) -> None:
    def count(request: Request) -> Answer:
        sets = {"Set-Cookie": f"n={len(site.requests)}"}
        return Answer(b"", 302, {"Location": request.path, **sets})

    site.everywhere = count
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "http_error"
    assert len(site.asked()) == 6


async def test_the_way_of_a_cookie_heeds_robots(site: Website, fetcher: PageFetcher) -> None:
    ask_cookie(site, at=CHECK)
    for robots in (Robots(f"User-agent: *\nDisallow: {CHECK}"), None):
        site.forget_requests()
        outcome = await fetcher.fetch(f"{site.url}/a", robots=robots)
        assert isinstance(outcome, PageMoved)
        assert site.asked() == ["/a"]


async def test_a_page_that_redirects_to_itself_gets_its_cookie(
    site: Website, fetcher: PageFetcher
) -> None:
    site.set("/a", PAGE)
    ask_cookie(site)
    for _ in range(2):
        site.forget_requests()
        outcome = fetched(await fetcher.fetch(f"{site.url}/a"))
        assert outcome.url == f"{site.url}/a"
        # Nothing is kept from one fetch to the next.
        assert [one.headers.get("cookie") for one in site.requests] == [None, "seen=yes"]


async def test_a_page_gets_the_cookie_of_a_detour(site: Website, fetcher: PageFetcher) -> None:
    site.set("/a", PAGE)
    ask_cookie(site, at=CHECK)
    assert fetched(await fetcher.fetch(f"{site.url}/a", robots=Robots())).url == f"{site.url}/a"
    assert site.asked() == ["/a", f"{CHECK}?back=/a", "/a"]


@pytest.mark.parametrize("at", [None, CHECK])
async def test_a_start_gets_its_cookie(site: Website, fetcher: PageFetcher, at: str | None) -> None:
    site.set("/", PAGE)
    ask_cookie(site, at=at)
    outcome = fetched(await fetcher.follow(f"{site.url}/", Scope(site.url), Robots()))
    assert outcome.url == f"{site.url}/"


async def test_a_start_takes_its_cookie_onward(site: Website, fetcher: PageFetcher) -> None:
    def guard(request: Request) -> Answer | None:
        if request.path == "/":
            return Answer(b"", 302, {"Location": "/home", "Set-Cookie": "seen=yes"})
        if "seen=yes" not in request.headers.get("cookie", ""):
            return Answer(b"", 302, {"Location": "/"})
        return None

    site.set("/home", PAGE)
    site.everywhere = guard
    outcome = fetched(await fetcher.follow(f"{site.url}/", Scope(site.url), Robots()))
    assert outcome.url == f"{site.url}/home"


async def test_a_page_that_is_shown_after_the_start_is_asked_again(
    site: Website, fetcher: PageFetcher
) -> None:
    def guard(request: Request) -> Answer | None:
        if request.path == "/" or "seen=yes" in request.headers.get("cookie", ""):
            return None
        return Answer(b"", 302, {"Location": "/", "Set-Cookie": "seen=yes"})

    site.put({"/": PAGE, "/a": PAGE})
    site.everywhere = guard
    assert fetched(await fetcher.fetch(f"{site.url}/a", robots=Robots())).url == f"{site.url}/a"
    assert site.asked() == ["/a", "/", "/a"]
    site.everywhere = None
    moves = Answer(b"", 302, {"Location": "/b", "Set-Cookie": "seen=yes"})
    site.answer("/a", moves)
    site.set("/b", PAGE)
    outcome = await fetcher.fetch(f"{site.url}/a", robots=Robots())
    assert isinstance(outcome, PageMoved)
    assert outcome.to == f"{site.url}/b"


async def test_another_host_sees_no_cookie(
    site: Website, other: Website, fetcher: PageFetcher
) -> None:
    back = f"{other.url}/consent"
    site.answer("/a", Answer(b"", 302, {"Location": back, "Set-Cookie": "seen=yes"}))
    other.set("/consent", PAGE)
    outcome = await fetcher.fetch(f"{site.url}/a")
    assert isinstance(outcome, PageMoved)
    assert outcome.to == back
    assert [one.headers.get("cookie") for one in other.requests] == [None]


async def test_a_start_that_comes_back_from_another_host_goes_round(
    site: Website, other: Website, fetcher: PageFetcher
) -> None:
    site.redirect("/", f"{other.url}/b")
    other.redirect("/b", f"{site.url}/")
    outcome = await fetcher.follow(f"{site.url}/", Scope(site.url), Robots())
    assert failed(outcome).code == "http_error"
    other.set("/b", PAGE)
    outcome = await fetcher.follow(f"{site.url}/", Scope(site.url), Robots())
    assert failed(outcome).code == "redirected_away"
