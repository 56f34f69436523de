"""The webhooks page in a real browser: deliveries are sent for real, to a real receiver."""

import re

from playwright.async_api import Page, expect
from standardwebhooks import Webhook

from tests.browser.webhooks.opening import add_lead, open_add_form, open_webhooks
from tests.conftest import Desk, Server
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Receiver, answer

HOSTILE = b"<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"


async def test_an_address_that_is_refused_is_told_in_the_form_and_stays_there(
    page: Page, server: Server
) -> None:
    await open_webhooks(page, server)
    form = await open_add_form(page)
    field = form.get_by_label("Address of your receiver")
    for address, reason in (
        ("http://10.0.0.1/hook", "ANSWERDESK_WEBHOOK_NETWORKS"),
        ("ftp://example.com/hook", "http"),
    ):
        await field.fill(address)
        await form.get_by_role("button", name="Add the webhook").click()
        await expect(form.get_by_role("alert")).to_contain_text(reason)
        await expect(field).to_have_value(address)
    await form.get_by_label("Only these:").check()
    await form.get_by_role("button", name="Add the webhook").click()
    await expect(form.get_by_role("alert")).to_contain_text("Tick at least one event")


async def test_a_webhook_is_added_tested_and_its_secret_shown_once(
    page: Page, server: Server, receiver: Receiver, desk: Desk
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    url = receiver.at("/hook", answer(503, HOSTILE), answer())
    await open_webhooks(page, server)
    form = await open_add_form(page)
    await form.get_by_label("Address of your receiver").fill(url)
    await form.get_by_label("Format", exact=True).select_option("Noras")
    await form.get_by_label("Only these:").check()
    await expect(form.get_by_label("lead.created")).to_have_count(0)
    await form.get_by_label("Format", exact=True).select_option("Answerdesk (Standard Webhooks)")
    await form.get_by_label("lead.created").check()
    await form.get_by_role("button", name="Add the webhook").click()
    await expect(page.get_by_role("heading", name=url)).to_be_visible()
    secret = await page.locator("#secret-text").inner_text()
    assert secret.startswith("whsec_")
    await page.get_by_role("button", name="Copy").click()
    await expect(page.locator("#told")).to_contain_text("was copied")
    assert await page.evaluate("navigator.clipboard.readText()") == secret
    await page.get_by_role("button", name="Send now").click()
    told = page.locator("#test-answer")
    await expect(told).to_contain_text("Status 503")
    await expect(told.get_by_role("region")).to_have_text(HOSTILE.decode())
    assert await told.locator("img, script").count() == 0
    await page.get_by_role("button", name="Send now").click()
    await expect(told).to_contain_text(re.compile(r"Accepted.* Status 200 after \d+ ms"))
    for one in receiver.of("/hook"):
        assert Webhook(secret).verify(one.body, dict(one.headers))["type"] == "lead.created"
    await page.reload()
    await expect(page.get_by_role("heading", name=url)).to_be_visible()
    assert secret not in await page.content()
    [made] = [one for one in desk.owner.get("/v1/webhooks").json()["items"] if one["url"] == url]
    assert (made["format"], made["events"]) == ("standard", ["lead.created"])
    await page.get_by_role("button", name="Replace the secret").click()
    await page.get_by_role("dialog").get_by_role("button", name="Replace it").click()
    await expect(page.locator("#secret-text")).to_contain_text("whsec_")
    assert await page.locator("#secret-text").inner_text() != secret
    await expect(page.locator("#webhook-facts")).to_contain_text("Old secret valid until")


async def test_a_failed_delivery_is_shown_and_sent_again(
    page: Page, server: Server, desk: Desk, receiver: Receiver
) -> None:
    url = receiver.at("/shop", answer(500, b"Broken"), answer(502, b"Away"), answer())
    webhook = created(desk.owner, url=url, events=["lead.created"], project_id=desk.project_id)
    add_lead(desk)
    await open_webhooks(page, server, f"#/webhook/{webhook['id']}")
    row = page.locator("#deliveries > li")
    await expect(row).to_contain_text("Failed")
    await row.get_by_text("Attempts").click()
    await expect(row.locator("ol > li").first).to_contain_text("Status 500")
    await expect(row).to_contain_text("Broken")
    await row.get_by_role("button", name="Send again").click()
    await expect(row.locator("ol > li").first).to_contain_text("Status 502")
    await expect(row.locator("ol > li")).to_have_count(2)
    await expect(page.locator("#webhook-state")).to_contain_text("Failing")
    await page.get_by_role("button", name="Send failed ones again").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("From").fill("2020-01-01T00:00")
    await dialog.get_by_label("Until").fill("2020-01-02T00:00")
    await dialog.get_by_role("button", name="Send again").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Choose a longer time")
    await dialog.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Send failed ones again").click()
    await dialog.get_by_role("button", name="Send again").click()
    await expect(page.locator("#told")).to_contain_text("1 delivery is sent again")
    await expect(row).to_contain_text("Delivered")
    await expect(page.locator("#webhook-state")).to_contain_text("Enabled")
    await page.locator("#delivery-state").select_option("failed")
    await expect(page.get_by_text("No delivery is in this state.")).to_be_visible()
    assert len({(one.id, one.body) for one in receiver.wait_for("/shop", 3)}) == 1


async def test_a_webhook_is_changed_disabled_enabled_and_removed(
    page: Page, server: Server, receiver: Receiver, desk: Desk
) -> None:
    webhook = created(desk.owner, url=receiver.at("/old"), events=["lead.created"])
    path = f"/v1/webhooks/{webhook['id']}"
    await open_webhooks(page, server, f"#/webhook/{webhook['id']}")
    await page.get_by_role("button", name="Settings").click()
    form = page.get_by_role("form", name="Settings of this webhook")
    await expect(form.get_by_label("lead.created")).to_be_checked()
    await form.get_by_label("Address of your receiver").fill(receiver.at("/new"))
    await form.get_by_label("lead.updated").check()
    await form.get_by_label("Description").fill("The till")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="/new")).to_be_focused()
    kept = desk.owner.get(path).json()
    assert (kept["description"], kept["events"]) == ("The till", ["lead.created", "lead.updated"])
    await page.get_by_role("button", name="Disable").click()
    await expect(page.locator("#webhook-state")).to_contain_text("Nothing is sent")
    assert desk.owner.get(path).json()["enabled"] is False
    await page.get_by_role("button", name="Enable").click()
    await expect(page.locator("#webhook-state")).to_have_text("Enabled")
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    assert desk.owner.get(path).status_code == 200
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove it").click()
    await expect(page.get_by_role("heading", name="All webhooks")).to_be_visible()
    assert desk.owner.get(path).status_code == 404
