"""Whether a site is there, and which of its answers only look like pages."""

import json

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outage import Probe, SiteState, judge_page, judge_site, probe
from answerdesk.knowledge.website.outcomes import PageFetched, PageOutcome
from answerdesk.knowledge.website.robots import Robots
from answerdesk.knowledge.website.scope import Scope
from tests.knowledge.website.pages import SHELL
from tests.websites import Website, manual

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANUAL = manual(30)
SOFT_404 = (
    "<!doctype html><title>Oops</title><main><h1>Nothing here</h1><p>We could not find the page"
    " that you were looking for. It may have moved, or never have been.</p></main>"
)


async def look(site: Website, fetcher: PageFetcher) -> tuple[PageOutcome, Probe, SiteState]:
    scope = Scope(site.url)
    start = await fetcher.follow(scope.start, scope, Robots())
    seen = await probe(fetcher, scope, Robots())
    # It is kept between the steps of a sync.
    seen = Probe.load(json.loads(json.dumps(seen.dump())))
    return start, seen, judge_site(start, seen)


@pytest.fixture
def manual_site(site: Website) -> Website:
    site.put(MANUAL.all_html())
    return site


@pytest.mark.parametrize(
    ("status", "code", "retriable"),
    [
        (500, "http_error", True),
        (503, "http_error", True),
        (403, "forbidden", False),
        (401, "login_required", False),
    ],
)
async def test_a_site_that_fails_everywhere_is_away(
    manual_site: Website, fetcher: PageFetcher, status: int, code: str, retriable: bool
) -> None:
    manual_site.fail(status)
    _, _, state = await look(manual_site, fetcher)
    assert (state.state, state.code, state.retriable) == ("away", code, retriable)
    assert state.reason


async def test_a_site_that_does_not_answer_is_away(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    manual_site.disconnect()
    _, seen, state = await look(manual_site, fetcher)
    assert (seen.kind, state.state, state.code) == ("away", "away", "unreachable")


async def test_a_site_without_its_start_page_is_away(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    manual_site.remove("/")
    _, _, state = await look(manual_site, fetcher)
    assert state.state == "away"
    assert "does not exist" in (state.reason or "")


@pytest.mark.parametrize("redirect", [False, True])
async def test_a_site_behind_a_log_in_is_away(
    manual_site: Website, fetcher: PageFetcher, redirect: bool
) -> None:
    manual_site.wall_off(redirect=redirect)
    _, seen, state = await look(manual_site, fetcher)
    assert (state.state, state.code) == ("away", "login_required")
    assert seen.kind == "refused"


async def test_a_site_that_leads_away_is_away(manual_site: Website, fetcher: PageFetcher) -> None:
    manual_site.redirect("/", "https://parking.example/")
    _, _, state = await look(manual_site, fetcher)
    assert (state.state, state.code) == ("away", "redirected_away")


@pytest.mark.parametrize(
    "title",
    [
        "Down for maintenance",
        "Site is under maintenance",
        "Maintenance mode",
        "We'll be back soon",
        "Wartungsarbeiten",
        "Site en maintenance",
        "Temporarily unavailable",
    ],
)
async def test_a_page_about_maintenance_is_no_start_page(
    manual_site: Website, fetcher: PageFetcher, title: str
) -> None:
    manual_site.say_everywhere(f"<title>{title}</title><p>Please come back later.")
    _, _, state = await look(manual_site, fetcher)
    assert (state.state, state.code, state.retriable) == ("away", "maintenance", True)


async def test_a_manual_about_maintenance_is_there(site: Website, fetcher: PageFetcher) -> None:
    text = "<p>Oil the hinges twice a year and look after the filters.</p>" * 20
    site.set("/", f"<title>Pump: maintenance</title>{text}")
    _, _, state = await look(site, fetcher)
    assert state.state == "present"


async def test_the_same_answer_everywhere_says_nothing_about_any_page(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    topic = MANUAL.topics()[0]
    manual_site.say_everywhere("<title>Hello</title><h1>Hello</h1><p>This domain is for sale.")
    start, seen, state = await look(manual_site, fetcher)
    assert (state.state, state.code) == ("catch_all", "same_answer_everywhere")
    page = await fetcher.fetch(manual_site.url + topic.path)
    assert judge_page(page, seen, state) == "same_answer_everywhere"
    assert judge_page(start, seen, state) == "same_answer_everywhere"


async def test_shells_everywhere_are_no_pages(manual_site: Website, fetcher: PageFetcher) -> None:
    manual_site.say_everywhere(SHELL)
    start, seen, state = await look(manual_site, fetcher)
    assert not isinstance(start, PageFetched)
    assert seen.code == "needs_javascript"
    assert (state.state, state.code) == ("catch_all", "needs_javascript")


async def test_a_site_that_shows_its_start_page_for_what_is_missing_keeps_its_pages(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    topics = MANUAL.topics()
    manual_site.soft_404(MANUAL.html("/"))
    manual_site.remove(topics[0].path)
    _, seen, state = await look(manual_site, fetcher)
    assert state.state == "catch_all"
    gone = await fetcher.fetch(manual_site.url + topics[0].path)
    assert judge_page(gone, seen, state) == "same_answer_everywhere"
    there = await fetcher.fetch(manual_site.url + topics[1].path)
    assert judge_page(there, seen, state) is None


async def test_a_soft_404_is_recognised_by_the_probe(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    topics = MANUAL.topics()
    manual_site.soft_404(SOFT_404)
    manual_site.remove(topics[0].path)
    _, seen, state = await look(manual_site, fetcher)
    assert (seen.kind, state.state) == ("page", "present")
    gone = await fetcher.fetch(manual_site.url + topics[0].path)
    assert judge_page(gone, seen, state) == "soft_404"
    for topic in topics[1:]:
        page = await fetcher.fetch(manual_site.url + topic.path)
        assert judge_page(page, seen, state) is None


async def test_a_redirect_of_all_that_is_missing_is_a_soft_404(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    topic = MANUAL.topics()[0]
    probed = Probe("moved", to=f"{manual_site.url}/")
    manual_site.redirect(topic.path, "/")
    manual_site.redirect("/old.html", topic.path)
    gone = await fetcher.fetch(manual_site.url + topic.path)
    assert judge_page(gone, probed, SiteState("present")) == "soft_404"
    moved = await fetcher.fetch(f"{manual_site.url}/old.html")
    assert judge_page(moved, probed, SiteState("present")) is None


async def test_an_honest_site_is_there_and_its_pages_are_pages(
    manual_site: Website, fetcher: PageFetcher
) -> None:
    start, seen, state = await look(manual_site, fetcher)
    assert (seen, state) == (Probe("missing"), SiteState("present"))
    for topic in MANUAL.topics():
        page = await fetcher.fetch(manual_site.url + topic.path)
        assert judge_page(page, seen, state) is None
    assert judge_page(start, seen, state) is None
    gone = await fetcher.fetch(f"{manual_site.url}/none")
    assert judge_page(gone, seen, state) is None, "it is missing, and says so itself"


async def test_the_probe_stays_in_the_folder_and_keeps_to_robots(
    site: Website, fetcher: PageFetcher
) -> None:
    scope = Scope(f"{site.url}/docs/intro.html")
    assert (await probe(fetcher, scope, Robots())).kind == "missing"
    (path,) = site.asked()
    assert path.startswith("/docs/answerdesk-check-")
    site.forget_requests()
    forbidding = Robots("User-agent: *\nDisallow: /docs/\nAllow: /docs/intro.html")
    assert (await probe(fetcher, scope, forbidding)).kind == "refused"
    assert site.asked() == []
