"""Pages whose redirects never end are failures; a page that only wants a cookie is not."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.websites import Answer, Request, Website

HTML = {"Content-Type": "text/html"}


def page(words: str, *links: str) -> str:
    shown = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    return f"<!doctype html><title>Harbour guide</title><main><p>{words}</p>{shown}</main>"


@pytest.fixture
def other() -> Iterator[Website]:
    """Another host."""
    with Website("127.0.0.2") as running:
        yield running


def _codes(pages: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {path: (one["state"], one["reason_code"]) for path, one in pages.items()}


FAILED = ("failed", "http_error")


def test_circles_of_one_two_and_three_are_failures(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", page("The harbour opens at nine.", "/self", "/a", "/x", "/in", "/old"))
    site.redirect("/self", "/self")
    site.redirect("/a", "/b", status=301)
    site.redirect("/b", "/a")
    for path, to in {"/x": "/y", "/y": "/z", "/z": "/x", "/in": "/x"}.items():
        site.redirect(path, to)
    site.redirect("/old", "/new", status=301)
    site.set("/new", page("The ferry leaves at ten."))
    source = site_desk.add(site)
    pages = site_desk.pages(source)
    codes = _codes(pages)
    lost = ("/self", "/a", "/b", "/x", "/y", "/z", "/in")
    assert {path: codes[path] for path in lost} == dict.fromkeys(lost, FAILED)
    assert all("redirect" in pages[path]["reason"] for path in lost)
    assert codes["/old"] == ("skipped", "moved")
    assert good(pages) == {"/", "/new"}
    sync = source["last_sync"]
    assert (sync["failed"], sync["skipped"], sync["fetched"]) == (7, 1, 2)
    changes = site_desk.changes(source, sync)
    assert {path for path, change in changes.items() if change == "failed"} == set(lost)


def test_a_circle_through_another_host_is_a_failure(
    site_desk: SiteDesk, site: Website, other: Website
) -> None:
    site.set("/", page("The harbour opens at nine.", "/a", "/b", "/gone"))
    site.redirect("/a", f"{other.url}/round")
    site.redirect("/b", "/a")
    other.redirect("/round", f"{site.url}/a")
    site.redirect("/gone", f"{other.url}/new")
    other.set("/new", page("We have moved."))
    codes = _codes(site_desk.pages(site_desk.add(site)))
    assert (codes["/a"], codes["/b"]) == (FAILED, FAILED)
    assert codes["/gone"] == ("failed", "redirected_away")


def test_too_many_redirects_are_a_failure(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", page("The harbour opens at nine.", "/0"))
    for number in range(24):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.set("/24", page("The ferry leaves at ten."))
    codes = _codes(site_desk.pages(site_desk.add(site)))
    # Browsers follow 20: whoever begins at one of the first four never arrives.
    assert [codes[f"/{number}"] == FAILED for number in range(24)] == [True] * 4 + [False] * 20
    assert codes["/24"] == ("good", None)


def test_pages_that_fall_into_a_circle_keep_their_content(
    site_desk: SiteDesk, site: Website
) -> None:
    site.set("/", page("The harbour opens at nine.", "/a", "/b", "/c"))
    for path in ("/a", "/b", "/c"):
        site.set(path, page(f"The pier {path[1:]} is long."))
    source = site_desk.add(site)
    assert good(site_desk.pages(source)) == {"/", "/a", "/b", "/c"}
    site.redirect("/a", "/b", status=301)
    site.redirect("/b", "/a", status=301)
    sync = site_desk.sync(source)
    codes = _codes(site_desk.pages(source))
    assert (codes["/a"], codes["/b"]) == (FAILED, FAILED)
    assert (sync["failed"], sync["skipped"], sync["removed"]) == (2, 0, 0)
    assert set(site_desk.documents(source)) == {"/", "/a", "/b", "/c"}
    site.set("/a", page("The pier a is long."))
    site_desk.sync(source)
    codes = _codes(site_desk.pages(source))
    assert (codes["/a"], codes["/b"][1]) == (("good", None), "moved")


@pytest.mark.parametrize("first", ["sets", "leads", "start"])
def test_a_site_that_wants_a_cookie_is_read(site_desk: SiteDesk, site: Website, first: str) -> None:
    site.set("/", page("The harbour opens at nine.", "/ferry"))
    site.set("/home", page("The harbour opens at nine.", "/ferry"))
    site.set("/ferry", page("The ferry leaves at ten.", "/pier"))
    site.set("/pier", page("The pier is long."))
    sets = {"Set-Cookie": "seen=yes; Path=/"}

    def guard(request: Request) -> Answer | None:
        path = urlsplit(request.path).path
        with_cookie = "seen=yes" in request.headers.get("cookie", "")
        if path == "/robots.txt" or path.startswith("/answerdesk-check"):
            return Answer(b"", 404)
        if first == "start" and path == "/":
            return Answer(b"", 302, {"Location": "/home", **sets})
        if path == "/check":
            back = urlsplit(request.path).query.removeprefix("back=") or "/"
            return Answer(b"", 302, {"Location": back, **sets})
        if with_cookie:
            return None
        if first == "leads":
            return Answer(b"", 302, {"Location": f"/check?back={path}"})
        if first == "start":
            return Answer(b"", 302, {"Location": "/"})
        return Answer(b"", 302, {"Location": path, **sets})

    site.everywhere = guard
    source = site_desk.add(site)
    pages = site_desk.pages(source)
    begin = "/home" if first == "start" else "/"
    assert good(pages) == {begin, "/ferry", "/pier"}
    assert first != "start" or _codes(pages)["/"] == ("skipped", "moved_temporarily")
