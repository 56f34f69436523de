"""What comes of a page that cannot be had."""

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import (
    PageMissing,
)
from tests.knowledge.website.conftest import MakeFetcher
from tests.knowledge.website.pages import PAGE, failed
from tests.websites import Answer, Website

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "url",
    ["http://192.168.1.1/", "http://[::1]/", "http://169.254.169.254/", "http://93.184.216.34:22/"],
)
async def test_private_networks_are_refused(fetcher: PageFetcher, url: str) -> None:
    outcome = failed(await fetcher.fetch(url))
    assert (outcome.code, outcome.retriable) == ("address_refused", False)


async def test_a_site_that_is_not_there_may_come_back(site: Website, fetcher: PageFetcher) -> None:
    site.disconnect()
    outcome = failed(await fetcher.fetch(f"{site.url}/a"))
    assert (outcome.code, outcome.retriable) == ("unreachable", True)


async def test_an_answer_that_is_no_http_may_become_one(
    site: Website, fetcher: PageFetcher
) -> None:
    site.answer("/a", Answer(raw=b"SSH-2.0-OpenSSH_9.9\r\n"))
    assert failed(await fetcher.fetch(f"{site.url}/a")).retriable


async def test_a_page_that_is_too_large_is_not_read(
    site: Website, make_fetcher: MakeFetcher
) -> None:
    site.set("/a", PAGE + "<p>more</p>" * 1_000)
    outcome = failed(await make_fetcher(max_page_bytes=2_000).fetch(f"{site.url}/a"))
    assert (outcome.code, outcome.retriable) == ("too_large", False)
    assert "ANSWERDESK_MAX_PAGE_BYTES" in outcome.reason


@pytest.mark.parametrize(
    ("status", "code", "retriable"),
    [
        (400, "http_error", False),
        (401, "login_required", False),
        (403, "forbidden", False),
        (407, "login_required", False),
        (408, "http_error", True),
        (418, "http_error", False),
        (429, "http_error", True),
        (451, "forbidden", False),
        (500, "http_error", True),
        (503, "http_error", True),
        (204, "empty_page", False),
        (206, "http_error", False),
        (300, "http_error", False),
        (304, "http_error", False),
    ],
)
async def test_other_statuses_are_failures(
    site: Website, fetcher: PageFetcher, status: int, code: str, retriable: bool
) -> None:
    site.set("/a", PAGE if status not in (204, 304) else "", status=status)
    outcome = failed(await fetcher.fetch(f"{site.url}/a"))
    assert (outcome.code, outcome.retriable, outcome.status) == (code, retriable, status)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_missing_page_is_missing(site: Website, fetcher: PageFetcher, status: int) -> None:
    site.set("/a", PAGE, status=status)
    outcome = await fetcher.fetch(f"{site.url}/a")
    assert isinstance(outcome, PageMissing)
    assert outcome.status == status


@pytest.mark.parametrize("status", [429, 503])
async def test_the_site_says_how_long_to_wait(
    site: Website, fetcher: PageFetcher, status: int
) -> None:
    site.answer("/a", Answer(status=status, headers={"Retry-After": "7"}))
    assert failed(await fetcher.fetch(f"{site.url}/a")).retry_after == 7.0
    site.answer("/a", Answer(status=status))
    assert failed(await fetcher.fetch(f"{site.url}/a")).retry_after is None


async def test_a_time_to_wait_that_no_clock_has_is_none(
    site: Website, fetcher: PageFetcher
) -> None:
    never = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    site.answer("/a", Answer(status=503, headers={"Retry-After": never}))
    assert failed(await fetcher.fetch(f"{site.url}/a")).retry_after is None
