"""What a website asks to wait for is waited for: by the page that it is said of, or by all."""

import time
from itertools import count

from tests.conftest import Rows
from tests.knowledge.sync.site_desk import Found, SiteDesk, good
from tests.waiting import PATIENCE
from tests.websites import Answer, Request, Website, manual

BOOK = manual(8)
PATHS = sorted(page.path for page in BOOK.topics())


def _known(site_desk: SiteDesk, site: Website) -> Found:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    assert good(site_desk.pages(source)) == set(BOOK.pages)
    site.forget_requests()
    return source


def _times(site: Website, path: str) -> list[float]:
    return [request.at for request in site.requests if request.path == path]


def _busy(seconds: int, status: int = 503) -> Answer:
    return Answer(b"<h1>Busy</h1>", status, {"Retry-After": str(seconds)})


def test_one_page_that_asks_for_an_hour_does_not_keep_the_others_waiting(
    site_desk: SiteDesk, site: Website
) -> None:
    source = _known(site_desk, site)
    site.answer(PATHS[0], _busy(3600))
    sync = site_desk.sync(source)
    assert (sync["state"], sync["failed"], sync["unchanged"]) == ("done", 1, len(BOOK.pages) - 1)
    assert len(_times(site, PATHS[0])) == 1
    page = site_desk.pages(source)[PATHS[0]]
    assert (page["reason_code"], page["http_status"]) == ("http_error", 503)
    assert page["chunk_count"]


def test_a_page_is_asked_again_when_its_time_has_come_and_after_the_others(
    site_desk: SiteDesk, site: Website
) -> None:
    source = _known(site_desk, site)
    numbers = count()

    def once(request: Request) -> Answer | None:
        return _busy(2, 429) if request.path == PATHS[0] and next(numbers) == 0 else None

    site.everywhere = once
    sync = site_desk.sync(source)
    assert (sync["state"], sync["failed"], sync["unchanged"]) == ("done", 0, len(BOOK.pages))
    first, again = _times(site, PATHS[0])
    assert again - first >= 2.0
    assert all(_times(site, path)[-1] < again for path in PATHS[1:])


def test_rules_that_are_a_day_old_are_asked_for_again(
    site_desk: SiteDesk, site: Website, site_rows: Rows
) -> None:
    source = _known(site_desk, site)
    numbers = count()

    def once(request: Request) -> Answer | None:
        return _busy(10) if request.path == PATHS[0] and next(numbers) == 0 else None

    site.everywhere = once
    sync = site_desk.start(source)
    path = f"sources/{source['id']}/syncs/{sync['id']}"
    deadline = time.monotonic() + PATIENCE
    while not (site_desk.get(path)["waiting"] == 1 and site_desk.get(path)["unchanged"]):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    site_rows(
        "update sync set memory = jsonb_set(memory, '{site,asked_at}',"
        " to_jsonb((memory #>> '{site,asked_at}')::float8 - 86400)) where id = %s",
        sync["id"].removeprefix("sync_"),
    )
    assert site_desk.wait(source["id"], sync["id"])["state"] == "done"
    assert site.asked().count("/robots.txt") == 2


def test_a_site_that_asks_for_a_pause_page_after_page_gets_it(
    site_desk: SiteDesk, site: Website
) -> None:
    source = _known(site_desk, site)
    numbers = count()

    def at_first(request: Request) -> Answer | None:
        return _busy(2, 429) if request.path in PATHS and next(numbers) < 2 else None

    site.everywhere = at_first
    sync = site_desk.sync(source)
    assert (sync["state"], sync["failed"], sync["unchanged"]) == ("done", 0, len(BOOK.pages))
    at = [request.at for request in site.requests]
    second = [request.at for request in site.requests if request.path in PATHS][1]
    assert min(later for later in at if later > second) - second >= 2.0


def test_a_whole_site_that_asks_for_an_hour_is_asked_by_the_next_sync(
    site_desk: SiteDesk, site: Website
) -> None:
    source = _known(site_desk, site)
    site.fail(503, retry_after=3600)
    sync = site_desk.sync(source)
    assert (sync["state"], sync["error_code"]) == ("failed", "site_unavailable")
    assert site.asked() == ["/robots.txt"]
    site.forget_requests()
    site.everywhere = lambda request: None if request.path == "/robots.txt" else _busy(3600)
    assert site_desk.sync(source)["error_code"] == "site_unavailable"
    assert site.asked().count("/") == 1


def test_a_site_is_not_asked_again_before_its_time(site_desk: SiteDesk, site: Website) -> None:
    source = _known(site_desk, site)
    numbers = count()
    site.everywhere = lambda request: (
        _busy(2) if request.path == "/robots.txt" and next(numbers) == 0 else None
    )
    assert site_desk.sync(source)["state"] == "done"
    first, again = _times(site, "/robots.txt")
    assert again - first >= 2.0
