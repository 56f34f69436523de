"""A running server takes the tricky addresses as sources, and meets them on a website."""

from collections.abc import Iterator
from html import escape

import httpx
import pytest

from tests.conftest import Server, serving
from tests.core.outbound.listening import Listener
from tests.core.outbound.tricky_app import OPEN_PORTS, REACHED, SITE
from tests.core.outbound.tricky_urls import TRICKY
from tests.knowledge.sync.site_desk import Found, SiteDesk
from tests.websites import Answer, Website


@pytest.fixture(scope="module")
def tricky_server(listener: Listener) -> Iterator[Server]:
    """A server that may read one loopback address, and whose listener's ports are open."""
    settings = {
        OPEN_PORTS: ",".join(str(port) for port in listener.ports),
        "ANSWERDESK_CRAWL_DELAY": "0",
        "ANSWERDESK_CRAWL_RETRY_DELAY": "0.02",
    }
    with serving(factory="tests.core.outbound.tricky_app:create_tricky_app", **settings) as running:
        yield running


@pytest.fixture
def desk(tricky_server: Server) -> Iterator[SiteDesk]:
    """A project of that server; after its test, nobody private has been connected to."""
    with tricky_server.client(owner=True) as owner, tricky_server.client() as visitor:
        yield SiteDesk(owner, visitor)


@pytest.fixture(autouse=True)
def nobody_connects(listener: Listener, tricky_server: Server) -> Iterator[None]:
    yield
    assert listener.connections == 0
    assert REACHED not in tricky_server.log()


@pytest.fixture
def site() -> Iterator[Website]:
    with Website(SITE) as website:
        yield website


def _urls(listener: Listener) -> dict[str, str]:
    """The corpus by id, less what JSON and HTML cannot carry: text is without lone surrogates."""
    return {
        tricky.id: tricky.url.replace("{port}", str(listener.port))
        for tricky in TRICKY
        if not any(0xD800 <= ord(sign) < 0xE000 for sign in tricky.url)
    }


@pytest.mark.parametrize(
    "step", [6, pytest.param(2, marks=pytest.mark.soak)], ids=["a third", "all"]
)
@pytest.mark.parametrize("kind", ["page", "site"])
def test_a_tricky_source_is_refused_or_fails(
    kind: str, step: int, desk: SiteDesk, listener: Listener
) -> None:
    # test_every_fetcher has all of them fetched: the sync's own fetcher is one of those.
    taken: dict[str, Found] = {}
    urls = _urls(listener)
    for name, url in list(urls.items())[(kind == "site") * step // 2 :: step]:
        body = {"kind": kind, "url": url, "sync_every_hours": None}
        answer = desk.owner.post(f"{desk.path}/sources", json=body)
        assert answer.status_code in (200, 201, 422), f"{name}: {answer.text}"
        if answer.status_code == 201:
            taken[name] = answer.json()
    assert len(taken) > 100 / step
    for name, source in taken.items():
        sync = desk.wait(source["id"], source["last_sync"]["id"])
        assert sync["state"] == "failed", f"{name}: {sync}"


def test_what_a_website_leads_to_is_not_followed_there(
    desk: SiteDesk, listener: Listener, site: Website
) -> None:
    # A page with control characters in it is none that is read.
    urls = [url for url in _urls(listener).values() if url.isprintable()]
    site.robots("User-agent: *\nAllow: /\n" + "".join(f"Sitemap: {url}\n" for url in urls[::10]))
    # Each costs a page to be read; all of them go through the same fetcher in test_every_fetcher.
    trapped = urls[::4]
    pages = [f"/page-{number}" for number in range(len(trapped))]
    links = "".join(f'<a href="{escape(url)}">x</a>' for url in [*urls, *pages])
    site.set("/", f"<title>Home</title><h1>Home</h1><p>Here is much to read.</p>{links}")
    for number, (path, url) in enumerate(zip(pages, trapped, strict=True)):
        if number % 3 == 0:
            location = url.encode().decode("latin-1")
            site.answer(path, Answer(b"", (301, 302, 307)[number // 3 % 3], {"Location": location}))
        elif number % 3 == 1:
            site.set(path, _page(number, f'<link rel="canonical" href="{escape(url)}">'))
        else:
            refresh = f'<meta http-equiv="refresh" content="0; url={escape(url)}">'
            site.set(path, _page(number, refresh if number % 2 else f'<base href="{escape(url)}">'))
    source = desk.add(site, sync_every_hours=None)
    assert source["last_sync"]["state"] == "done", source["last_sync"]
    # The site itself was read: its pages were asked for.
    assert len(set(site.asked()) & set(pages)) > len(pages) * 0.9


def _page(number: int, head: str) -> str:
    words = f"<h1>Page {number}</h1><p>What page {number} says about itself is short.</p>"
    return f"<html><head><title>{number}</title>{head}</head><body>{words}</body></html>"


def test_a_sitemap_and_its_index_lead_nowhere_else(
    desk: SiteDesk, listener: Listener, site: Website
) -> None:
    urls = [url for url in _urls(listener).values() if "://" in url and url.isprintable()]
    site.set("/", "<title>Home</title><h1>Home</h1><p>Here is much to read.</p>")
    site.sitemap([*urls, "/"], at="/pages.xml")
    site.sitemap_index(["/pages.xml", *urls])
    source = desk.add(site, sync_every_hours=None)
    assert source["last_sync"]["state"] == "done", source["last_sync"]
    assert "/pages.xml" in site.asked()


def test_a_robots_txt_that_leads_elsewhere_is_not_read(
    desk: SiteDesk, listener: Listener, site: Website
) -> None:
    site.set("/", "<title>Home</title><h1>Home</h1><p>Here is much to read.</p>")
    for name, url in list(_urls(listener).items())[::20]:
        if url.isascii() and url.isprintable():
            site.redirect("/robots.txt", url)
            source = desk.add(site, f"/{name}/", sync_every_hours=None)
            assert source["last_sync"]["finished_at"] is not None


def test_an_allowed_site_is_read(desk: SiteDesk, site: Website) -> None:
    """Else the tests above would pass with a server that reaches nobody."""
    site.set("/", "<title>Home</title><h1>Home</h1><p>The till opens with key F2.</p>")
    source = desk.add(site, sync_every_hours=None)
    assert [page["state"] for page in desk.pages(source).values()] == ["good"]


def test_the_api_answers_a_refused_address_with_its_code(desk: SiteDesk) -> None:
    answer: httpx.Response = desk.owner.post(
        f"{desk.path}/sources", json={"kind": "page", "url": "file:///etc/passwd"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "url_refused")
