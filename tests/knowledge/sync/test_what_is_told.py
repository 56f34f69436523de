"""What the list of pages and a source's name tell of a website."""

from datetime import UTC, datetime

import pytest

from tests.knowledge.sync.site_desk import SiteDesk
from tests.websites import Website


def _text(words: str) -> str:
    return f"<html><head><title>Harbour</title></head><body><main><p>{words}</p></main></body>"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://127.0.0.1:9/docs/", "127.0.0.1:9/docs"),
        ("http://[::1]:9/", "[::1]:9"),
        ("https://localhost:443/a/b", "localhost/a/b"),
        ("https://LOCALHOST:8443", "localhost:8443"),
    ],
)
def test_a_source_is_named_after_host_port_and_path(
    site_desk: SiteDesk, url: str, name: str
) -> None:
    body = {"kind": "page", "url": url, "sync_every_hours": None}
    added = site_desk.owner.post(f"{site_desk.path}/sources", json=body)
    assert (added.status_code, added.json()["name"]) == (201, name)


def test_the_last_try_of_a_page_is_told_whatever_came_of_it(
    site_desk: SiteDesk, site: Website
) -> None:
    links = "".join(f'<a href="/{name}">{name}</a>' for name in ("good", "bad", "none", "secret"))
    site.set("/", _text(f"The harbour opens at nine. {links}"))
    site.set("/good", _text("The ferry leaves at noon."))
    site.set("/bad", "<h1>Broken</h1>", status=500)
    site.robots("User-agent: *\nDisallow: /secret")
    began = datetime.now(UTC)
    source = site_desk.add(site)
    first = {path: page["fetched_at"] for path, page in site_desk.pages(source).items()}
    assert first.pop("/secret") is None, "it was never asked for"
    assert set(first) == {"/", "/good", "/bad", "/none"}
    assert all(datetime.fromisoformat(at) > began for at in first.values())
    site_desk.sync(source)
    again = site_desk.pages(source)
    # Not modified, failed and missing alike.
    assert all(again[path]["fetched_at"] > at for path, at in first.items())


def test_the_last_try_of_a_site_that_never_worked_is_told(
    site_desk: SiteDesk, site: Website
) -> None:
    site.disconnect()
    began = datetime.now(UTC)
    (page,) = site_desk.pages(site_desk.add(site)).values()
    assert (page["state"], page["last_seen_at"]) == ("failed", None)
    assert datetime.fromisoformat(page["fetched_at"]) > began


def test_the_page_that_led_to_another_is_told(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", _text('The harbour opens at nine. <a href="/ferry">Ferry</a>'))
    site.set("/ferry", _text('The ferry leaves at noon. <a href="/away">Fares</a>'))
    site.redirect("/away", "/fares")
    source = site_desk.add(site)
    pages = site_desk.pages(source)
    assert pages["/"]["linked_from"] is None
    assert pages["/ferry"]["linked_from"] == f"{site.url}/"
    assert pages["/away"]["linked_from"] == f"{site.url}/ferry"
    broken = pages["/fares"]
    assert (broken["state"], broken["linked_from"]) == ("failed", f"{site.url}/away")


def test_no_page_led_to_what_the_sitemap_lists(site_desk: SiteDesk, site: Website) -> None:
    site.set("/", _text('The harbour opens at nine. <a href="/ferry">Ferry</a>'))
    site.set("/ferry", _text("The ferry leaves at noon."))
    site.sitemap(["/", "/ferry"])
    pages = site_desk.pages(site_desk.add(site))
    assert (pages["/ferry"]["found_by"], pages["/ferry"]["linked_from"]) == ("sitemap", None)
