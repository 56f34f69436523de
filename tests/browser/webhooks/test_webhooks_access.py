"""The webhooks page: who may do what, for every pair of eyes, hands and ears; and how it looks."""

import httpx
from playwright.async_api import Page, ViewportSize, expect

from tests.accounts.people import PASSWORD, join, sign_up
from tests.browser.accessibility import problems
from tests.browser.log_ins import log_in
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.browser.webhooks.opening import add_lead, open_add_form
from tests.conftest import Desk, Server
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Receiver, answer

SMALL: ViewportSize = {"width": 320, "height": 640}


def fill_account(desk: Desk, receiver: Receiver) -> str:
    """Create webhooks in several states; return the address of one with two deliveries."""
    url = receiver.at("/shop", answer(500, b'{"error": "The till is closed"}'), answer())
    created(desk.owner, url=url, events=["lead.created"], description="The till")
    for state in ("failed", "delivered"):
        add_lead(desk)
        receiver.wait_for("/shop", 1 if state == "failed" else 2)
    created(desk.owner, format="orac", events=None)
    away = created(desk.owner, url="https://1.2.3.4/a/very/long/path/" + "to-the-receiver" * 12)
    desk.owner.patch(f"/v1/webhooks/{away['id']}", json={"enabled": False}).raise_for_status()
    return url


async def test_orac_secrets_are_shown_again_to_who_gives_the_password(
    page: Page, server: Server
) -> None:
    boss = sign_up(server, "boss")
    webhook = created(boss.client, format="orac", events=None)
    viewer = join(server, boss, "viewer")
    await log_in(page, server, boss.email)
    await page.get_by_role("link", name="Webhooks").click()
    await page.get_by_role("link", name=webhook["url"]).click()
    await page.get_by_role("button", name="Show the secret").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your password").fill("a loud harbour")
    await dialog.get_by_role("button", name="Show it").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("wrong")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Show it").click()
    await expect(page.locator("#secret-text")).to_have_text(webhook["secret"])
    await page.context.clear_cookies()
    await log_in(page, server, viewer.email)
    await page.goto(f"{server.url}/webhooks#/webhook/{webhook['id']}")
    await expect(page.get_by_role("heading", name=webhook["url"])).to_be_visible()
    for name in ("Remove", "Settings", "Send now", "Show the secret", "Send failed ones again"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage,
    server: Server,
    receiver: Receiver,
    take_screenshots: TakeScreenshots,
) -> None:
    boss = sign_up(server, "boss")
    desk = Desk(boss.client, boss.client)
    page = await open_page(viewport=PHONE)
    await log_in(page, server, boss.email)
    await page.goto(f"{server.url}/webhooks")
    await expect(page.get_by_text("There is no webhook yet.")).to_be_visible()
    form = await open_add_form(page)
    await form.get_by_label("Only these:").check()
    assert await problems(page) == []
    await take_screenshots(page, "webhooks-add")
    url = fill_account(desk, receiver)
    await page.reload()
    await expect(page.locator("#webhooks > li")).to_have_count(3)
    assert await problems(page) == []
    await take_screenshots(page, "webhooks-list")
    await page.get_by_role("link", name=url).click()
    await page.get_by_role("button", name="Send now").click()
    await expect(page.locator("#test-answer")).to_contain_text("Accepted")
    failed = page.locator("#deliveries > li", has_text="Failed")
    await failed.get_by_text("Attempts").click()
    await failed.get_by_text("Headers of the response").click()
    await page.get_by_role("button", name="Replace the secret").click()
    assert await problems(page) == []
    await page.get_by_role("button", name="Replace it").click()
    await expect(page.locator("#secret-text")).to_contain_text("whsec_")
    assert await problems(page) == []
    await take_screenshots(page, "webhooks-one")
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Send failed ones again").click()
    assert await problems(page) == []
    await page.keyboard.press("Escape")
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


def test_the_page_is_served_with_its_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        shown = client.get("/webhooks")
        assert shown.status_code == 200
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        for name in ("webhooks/page.js", "webhooks.css", "knowledge.css"):
            assert f'"/assets/{name}"' in shown.text
            assert client.get(f"/assets/{name}").status_code == 200
