"""The websites that other tests crawl do as they say."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.websites import Answer, Website, manual


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as running:
        yield running


def test_what_is_not_set_is_missing_and_what_is_removed_too(site: Website) -> None:
    site.set("/a", "<p>One.")
    assert httpx.get(f"{site.url}/a").text == "<p>One."
    assert httpx.get(f"{site.url}/a?from=b").status_code == 200
    assert httpx.get(f"{site.url}/b").status_code == 404
    site.remove("/a")
    assert httpx.get(f"{site.url}/a").status_code == 404
    assert site.asked() == ["/a", "/a?from=b", "/b", "/a"]


def test_a_known_page_is_not_sent_again(site: Website) -> None:
    changed = datetime(2026, 11, 1, tzinfo=UTC)
    site.set("/a", "<p>One.", last_modified=changed)
    first = httpx.get(f"{site.url}/a")
    again = httpx.get(f"{site.url}/a", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert httpx.get(f"{site.url}/a", headers=since).status_code == 304
    site.set("/a", "<p>Two.")
    changed_page = httpx.get(f"{site.url}/a", headers={"If-None-Match": first.headers["etag"]})
    assert changed_page.text == "<p>Two."


def test_modes_hold_until_the_site_recovers(site: Website) -> None:
    site.set("/a", "<p>One.")
    site.fail(503, retry_after=7)
    failed = httpx.get(f"{site.url}/a")
    assert (failed.status_code, failed.headers["retry-after"]) == (503, "7")
    site.wall_off(redirect=True)
    assert "password" in httpx.get(f"{site.url}/a", follow_redirects=True).text
    site.soft_404("<p>Nothing here.")
    assert httpx.get(f"{site.url}/a").text == "<p>One."
    assert httpx.get(f"{site.url}/b").text == "<p>Nothing here."
    site.recover()
    assert httpx.get(f"{site.url}/b").status_code == 404


def test_a_disconnected_site_refuses_and_comes_back_at_its_address(site: Website) -> None:
    site.set("/a", "<p>One.")
    url = site.url
    site.disconnect()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/a")
    site.recover()
    assert (site.url, httpx.get(f"{url}/a").status_code) == (url, 200)


def test_answers_can_be_late_and_raw(site: Website) -> None:
    site.answer("/raw", Answer(raw=b"no HTTP at all\r\n\r\n"))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{site.url}/raw")
    site.set("/late", "<p>One.", delay=0.2)
    before = time.monotonic()
    httpx.get(f"{site.url}/late")
    assert time.monotonic() - before >= 0.2


def test_a_manual_is_always_the_same_and_as_long_as_asked_for() -> None:
    for count in (3, 50, 400, 929):
        made = manual(count)
        assert len(made.pages) == count
        assert made == manual(count)
    facts = [page.fact for page in manual(929).topics()]
    assert len(set(facts)) == len(facts) > 890


def test_every_page_of_a_manual_can_be_reached_by_links() -> None:
    made = manual(120)
    seen, waiting = {"/"}, ["/"]
    while waiting:
        for path in made.pages[waiting.pop()].links:
            if path not in seen:
                seen.add(path)
                waiting.append(path)
    assert seen == set(made.pages)
    assert all(f'href="{to}"' in made.html("/") for to in made.pages["/"].links)


def test_an_edited_page_says_something_else_and_a_new_build_does_not() -> None:
    made = manual(50)
    page = made.topics()[0]
    edited = made.with_page(page.with_paragraph("limits", "There is no limit any more."))
    assert page.fact in made.html(page.path)
    assert page.fact not in edited.html(page.path)
    assert made.html(page.path, build="2") != made.html(page.path)
    assert f'href="{page.path}"' not in made.without(page.path).html(f"/{page.chapter}/")
