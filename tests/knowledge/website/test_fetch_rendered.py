"""Pages that a script builds."""

import pytest

from answerdesk.knowledge.website.fetch import PageFetcher
from answerdesk.knowledge.website.outcomes import (
    PageMissing,
    PageMoved,
)
from answerdesk.providers.fake_page_renderer import FakePageRenderer
from answerdesk.providers.page_renderer import PageNotRendered, RenderedPage, RendererUnavailable
from tests.knowledge.website.conftest import LOOPBACK, MakeFetcher
from tests.knowledge.website.pages import PAGE, SHELL, failed, fetched
from tests.websites import Website

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_without_a_renderer_a_shell_is_told(site: Website, fetcher: PageFetcher) -> None:
    site.set("/a", SHELL)
    outcome = failed(await fetcher.fetch(f"{site.url}/a"))
    assert (outcome.code, outcome.retriable) == ("needs_javascript", False)


async def test_a_renderer_builds_what_needs_it_and_nothing_else(
    site: Website, make_fetcher: MakeFetcher
) -> None:
    site.set("/a", SHELL)
    site.set("/b", PAGE)
    url = f"{site.url}/a"
    built = SHELL.replace("</div>", "<p>A room costs 90 euros, breakfast included.</p></div>")
    renderer = FakePageRenderer({url: built}, networks=LOOPBACK)
    fetcher = make_fetcher(renderer)
    page = fetched(await fetcher.fetch(url))
    assert page.rendered
    assert page.content == built.encode()
    # The shell never changes, whatever its script shows.
    assert (page.etag, page.last_modified) == (None, None)
    assert not fetched(await fetcher.fetch(f"{site.url}/b")).rendered
    assert renderer.rendered == [url]


async def test_a_renderer_that_fails_leaves_a_failure(
    site: Website, make_fetcher: MakeFetcher
) -> None:
    for path in "abcdefg":
        site.set(f"/{path}", SHELL)
    at = site.url
    renderer = FakePageRenderer(
        {
            f"{at}/a": RendererUnavailable("No browser is free"),
            f"{at}/b": PageNotRendered("The page never comes to rest"),
            f"{at}/c": RenderedPage(PAGE, f"{at}/elsewhere"),
            f"{at}/e": SHELL,
            f"{at}/f": "<p>" + "too much " * 1_000,
            f"{at}/g": '<form><input type="password"></form>',
        },
        networks=LOOPBACK,
    )
    fetcher = make_fetcher(renderer, max_page_bytes=5_000)
    outcomes = {path: await fetcher.fetch(f"{at}/{path}") for path in "abcdefg"}
    assert failed(outcomes["a"]).retriable
    assert not failed(outcomes["b"]).retriable
    assert failed(outcomes["b"]).code == "needs_javascript"
    assert isinstance(outcomes["c"], PageMoved)
    assert isinstance(outcomes["d"], PageMissing)
    assert failed(outcomes["e"]).code == "needs_javascript"
    assert failed(outcomes["f"]).code == "too_large"
    assert failed(outcomes["g"]).code == "login_required"


async def test_a_renderer_is_not_led_into_private_networks(
    site: Website, make_fetcher: MakeFetcher
) -> None:
    site.set("/a", SHELL)
    fetcher = make_fetcher(FakePageRenderer({}))
    assert failed(await fetcher.fetch(f"{site.url}/a")).code == "address_refused"
