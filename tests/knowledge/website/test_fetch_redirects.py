"""What comes of a page that leads elsewhere."""

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outage import Probe, judge_site
from answerdesk.knowledge.website.outcomes import PageMoved, PageSkipped
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from tests.knowledge.website.pages import PAGE, failed, fetched
from tests.websites import Website

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("status", "permanent"), [(301, True), (302, False), (303, False), (307, False), (308, True)]
)
async def test_a_redirect_is_told_and_not_followed(
    site: Website, fetcher: PageFetcher, status: int, permanent: bool
) -> None:
    site.redirect("/a", "/b?utm_source=x#top", status=status)
    expected = PageMoved(f"{site.url}/a", status, f"{site.url}/b", permanent)
    assert await fetcher.fetch(f"{site.url}/a") == expected
    assert site.asked() == ["/a"]


@pytest.mark.parametrize("to", ["", "javascript:alert(1)", "http://[", "/a", "/a#top"])
async def test_a_redirect_to_nowhere_or_itself_is_a_failure(
    site: Website, fetcher: PageFetcher, to: str
) -> None:
    site.redirect("/a", to)
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "http_error"


@pytest.mark.parametrize(
    "to",
    [
        "/login?next=/a",
        "/en/sign-in",
        "/wp-login.php",
        "/users/log_in/",
        "https://login.example.com/",
        "https://sso.example.com/start",
    ],
)
async def test_a_redirect_to_a_log_in_asks_for_one(
    site: Website, fetcher: PageFetcher, to: str
) -> None:
    site.redirect("/a", to)
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "login_required"


async def test_a_page_about_logging_in_may_move(site: Website, fetcher: PageFetcher) -> None:
    site.redirect("/help/blogging-in", "/help/login-problems.html")
    assert isinstance(await fetcher.fetch(f"{site.url}/help/blogging-in"), PageMoved)
    site.redirect("/sign-in", "/login")
    assert isinstance(await fetcher.fetch(f"{site.url}/sign-in"), PageMoved)


async def test_a_start_is_followed_within_its_site(site: Website, fetcher: PageFetcher) -> None:
    site.redirect("/", "/en")
    site.redirect("/en", "/en/", status=301)
    site.set("/en/", PAGE)
    outcome = await fetcher.follow(f"{site.url}/", Scope(site.url), Robots())
    assert fetched(outcome).url == f"{site.url}/en/"


async def test_a_start_that_leads_away_or_round_is_a_failure(
    site: Website, fetcher: PageFetcher
) -> None:
    site.redirect("/", "https://other.example/home")
    away = failed(await fetcher.follow(f"{site.url}/", Scope(site.url), Robots()))
    assert away.code == "redirected_away"
    assert "https://other.example/home" in away.reason
    site.redirect("/", "/b")
    site.redirect("/b", "/")
    site.forget_requests()
    assert (
        failed(await fetcher.follow(f"{site.url}/", Scope(site.url), Robots())).code == "http_error"
    )
    assert site.asked() == ["/", "/b"]
    for number in range(20):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.forget_requests()
    assert (
        failed(await fetcher.follow(f"{site.url}/0", Scope(site.url), Robots())).code
        == "http_error"
    )
    assert len(site.asked()) == 6


async def test_a_start_is_not_followed_to_what_robots_forbid(
    site: Website, fetcher: PageFetcher
) -> None:
    site.redirect("/", "/private/")
    site.set("/private/", PAGE)
    robots = Robots("User-agent: *\nDisallow: /private/\nDisallow: /answerdesk-check")
    outcome = await fetcher.follow(f"{site.url}/", Scope(site.url), robots)
    assert isinstance(outcome, PageSkipped)
    assert (outcome.url, outcome.code) == (f"{site.url}/", "robots_disallowed")
    assert site.asked() == ["/"]
    # That says nothing against the site.
    assert judge_site(outcome, Probe("refused", code="robots_disallowed")).state == "present"
