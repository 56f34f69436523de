"""What the chat costs a website's page before anybody opens it."""

from collections.abc import Callable

from playwright.async_api import Page, expect

from tests.browser.widget.host import launcher, project_tag, put_page
from tests.conftest import Desk, Server
from tests.websites import Website

MOST_MS = 100
"""Of the main thread. It takes about 5 ms on a free machine; tests share theirs with others."""

WATCH = """<script>
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
</script>"""
TEXT = "<p>A shop has many words on its page.</p>" * 40


async def main_thread_ms(page: Page, url: str) -> float:
    """Return for how long a page's main thread works until nothing happens any more."""
    client = await page.context.new_cdp_session(page)
    await client.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = await client.send("Performance.getMetrics")
    await page.goto(url)
    await page.wait_for_load_state("networkidle")
    after = await client.send("Performance.getMetrics")
    await client.detach()
    names = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    spent = [
        sum(one["value"] for one in told["metrics"] if one["name"] in names)
        for told in (before, after)
    ]
    return float(1000 * (spent[1] - spent[0]))


async def test_before_it_is_opened_it_costs_next_to_nothing(
    page: Page,
    server: Server,
    shop: Desk,
    site: Website,
    record_property: Callable[[str, object], None],
) -> None:
    """Two requests, no layout shift, hardly any work (chatwoot#4828, ubuntu.com#7917)."""
    put_page(site, WATCH, "/without", more=TEXT)
    put_page(site, WATCH + project_tag(server, shop), more=TEXT)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    without = min([await main_thread_ms(page, f"{site.url}/without") for _ in range(3)])
    asked.clear()
    spent = [await main_thread_ms(page, site.url)]
    await expect(launcher(page)).to_have_accessible_name("Chat with Assistant")
    ours = [url for url in asked if url.startswith(server.url)]
    assert [url.partition("?")[0].rpartition("/")[2] for url in ours] == ["widget.js", "look.js"]
    assert await page.evaluate("window.shifts") == 0
    assert await page.locator("iframe").count() == 0
    spent += [await main_thread_ms(page, site.url) for _ in range(2)]
    cost = min(spent) - without
    record_property("main_thread_ms", round(cost, 1))
    print(f"The chat costs {cost:.1f} ms of the main thread.")  # noqa: T201
    assert cost < MOST_MS
    sizes = await page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.name.includes('widget.js'))"
        ".map((one) => one.encodedBodySize)"
    )
    assert all(size < 6000 for size in sizes), sizes
