"""What every renderer promises, whatever opens the pages.

The pages are really served, and a script builds their text: a renderer with a browser passes as it
is. One that knows what they show is told so.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from ipaddress import ip_network

import pytest
import pytest_asyncio

from answerdesk.core.errors import DomainError
from answerdesk.core.outbound import AddressRefused, UrlRefused
from answerdesk.providers.fake_page_renderer import FakePageRenderer
from answerdesk.providers.page_renderer import PageRenderer, RenderedPage, RendererUnavailable
from tests.websites import Website

LOOPBACK = (ip_network("127.0.0.0/8"),)
SCRIPTED = """<!doctype html><title>Shop</title><div id="app"></div><script>
document.getElementById("app").innerHTML = "<p>Open from " + (3 * 3) + " to " + (2 + 3) + ".</p>"
</script>"""
BUILT = '<!doctype html><title>Shop</title><div id="app"><p>Open from 9 to 5.</p></div>'


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as running:
        running.set("/shop", SCRIPTED)
        running.redirect("/old", "/shop")
        yield running


def fake(site: Website) -> PageRenderer:
    pages: dict[str, str | RenderedPage | DomainError] = {
        f"{site.url}/shop": BUILT,
        f"{site.url}/old": RenderedPage(BUILT, f"{site.url}/shop"),
    }
    return FakePageRenderer(pages, networks=LOOPBACK)


MAKERS: dict[str, Callable[[Website], PageRenderer]] = {"fake": fake}


@pytest_asyncio.fixture(params=list(MAKERS))
async def renderer(request: pytest.FixtureRequest, site: Website) -> AsyncIterator[PageRenderer]:
    made = MAKERS[request.param](site)
    yield made
    await made.close()


@pytest.mark.parametrize("url", ["", "example.com", "file:///etc/passwd", "javascript:alert(1)"])
async def test_only_addresses_of_the_web_are_opened(renderer: PageRenderer, url: str) -> None:
    with pytest.raises(UrlRefused):
        await renderer.render(url)


@pytest.mark.parametrize(
    "host", ["192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "[::]"]
)
async def test_private_networks_are_refused(renderer: PageRenderer, host: str) -> None:
    with pytest.raises(AddressRefused):
        await renderer.render(f"http://{host}/shop")


async def test_a_closed_renderer_is_unavailable(renderer: PageRenderer, site: Website) -> None:
    await renderer.close()
    await renderer.close()
    with pytest.raises(RendererUnavailable):
        await renderer.render(f"{site.url}/shop")


async def test_a_page_that_is_not_there_says_so(renderer: PageRenderer, site: Website) -> None:
    assert (await renderer.render(f"{site.url}/none")).status == 404


async def test_what_a_script_builds_is_in_the_page(renderer: PageRenderer, site: Website) -> None:
    page = await renderer.render(f"{site.url}/shop")
    assert (page.final_url, page.status) == (f"{site.url}/shop", 200)
    assert "<p>Open from 9 to 5.</p>" in page.html


async def test_a_redirect_ends_at_its_page(renderer: PageRenderer, site: Website) -> None:
    page = await renderer.render(f"{site.url}/old")
    assert page.final_url == f"{site.url}/shop"
    assert "Open from 9 to 5" in page.html


async def test_several_may_ask_at_once(renderer: PageRenderer, site: Website) -> None:
    urls = [f"{site.url}/{path}" for path in ("shop", "none", "old", "shop")]
    pages = await asyncio.gather(*map(renderer.render, urls))
    assert [page.status for page in pages] == [200, 404, 200, 200]
