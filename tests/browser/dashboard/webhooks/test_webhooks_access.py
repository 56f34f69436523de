"""The webhooks' pages: who may do what, and how they look to every pair of eyes, hands and ears."""

from playwright.async_api import Page, expect

from tests.accounts.people import PASSWORD, join
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.webhooks.opening import add_lead, open_desk, open_webhook
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.conftest import Server
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Receiver, answer


async def test_who_may_only_look_changes_nothing(open_page: OpenPage, server: Server) -> None:
    boss, _ = open_desk(server)
    webhook = created(boss.client)
    viewer = join(server, boss, "viewer")
    page = await open_page()
    await open_dashboard(page, server, viewer, "/settings/webhooks")
    await expect(page.get_by_text("Only owners and administrators")).to_be_visible()
    await page.get_by_role("link", name=webhook["url"]).click()
    await expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()
    for name in ("Delete", "Edit", "Pause", "Send now", "New secret", "Send failed ones again"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


async def test_another_accounts_webhook_is_not_there(page: Page, server: Server) -> None:
    boss, _ = open_desk(server)
    other, _ = open_desk(server)
    webhook = created(other.client)
    await open_dashboard(page, server, boss, "/settings/webhooks")
    await page.goto(f"{server.url}/app/settings/webhooks/{webhook['id']}")
    await expect(page.get_by_role("heading", name="This does not exist")).to_be_visible()


async def test_orac_secrets_are_shown_again_to_who_gives_the_password(
    page: Page, server: Server
) -> None:
    boss, _ = open_desk(server)
    webhook = created(boss.client, format="orac", events=None)
    await open_webhook(page, server, boss, webhook["id"])
    await page.get_by_role("button", name="Show the secret").click()
    dialog = page.get_by_role("dialog", name="Show the secret")
    await dialog.get_by_label("Your password").fill("a loud harbour")
    await dialog.get_by_role("button", name="Show it").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("wrong")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Show it").click()
    await expect(page.get_by_test_id("secret")).to_have_text(webhook["secret"])


async def test_everything_can_be_read_hit_and_named(
    page: Page, server: Server, receiver: Receiver, take_screenshots: TakeScreenshots
) -> None:
    boss, desk = open_desk(server)
    url = receiver.at("/shop", answer(500, b'{"error": "The till is closed"}'), answer())
    webhook = created(boss.client, url=url, events=["lead.created"], description="The till")
    far = created(boss.client, url="https://1.2.3.4/a/very/long/path/" + "to-the-receiver" * 12)
    boss.client.patch(f"/v1/webhooks/{far['id']}", json={"enabled": False}).raise_for_status()
    for count in (1, 2):
        add_lead(desk)
        receiver.wait_for("/shop", count)
    await open_dashboard(page, server, boss, "/settings/webhooks")
    await expect(page.get_by_role("list", name="All webhooks").get_by_role("link")).to_have_count(2)
    await hold_to_the_rules(page, "webhooks", take_screenshots)
    await page.keyboard.press("n")
    await page.get_by_label("Only these").check()
    await hold_to_the_rules(page, "webhooks-add", take_screenshots)
    await page.goto(f"{server.url}/app/settings/webhooks/{webhook['id']}")
    log = page.get_by_role("list", name="Deliveries")
    await expect(log.get_by_text("Delivered")).to_be_visible()
    await hold_to_the_rules(page, "webhook", take_screenshots)
    await page.get_by_role("button", name="A visitor left a contact").last.click()
    await expect(page.get_by_role("heading", name="Attempt 1")).to_be_visible()
    await hold_to_the_rules(page, "webhook-delivery", take_screenshots)
