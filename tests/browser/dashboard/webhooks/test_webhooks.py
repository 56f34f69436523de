"""The webhooks' pages in a real browser: deliveries are sent for real, to a real receiver."""

import re

from playwright.async_api import Page, expect
from standardwebhooks import Webhook

from tests.browser.dashboard.opening import open_dashboard
from tests.browser.dashboard.webhooks.opening import add_lead, open_desk, open_webhook
from tests.conftest import Server
from tests.webhooks.hooks import created
from tests.webhooks.receiver import Receiver, answer

HOSTILE = b"<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"


async def test_an_address_that_is_refused_is_told_in_the_form_and_stays_there(
    page: Page, server: Server
) -> None:
    boss, _ = open_desk(server)
    await open_dashboard(page, server, boss, "/settings/webhooks")
    await expect(page.get_by_role("heading", name="No webhook yet")).to_be_visible()
    await page.keyboard.press("n")
    form = page.get_by_role("dialog")
    field = form.get_by_label("Address of your receiver")
    for address, reason in (
        ("http://10.0.0.1/hook", "ANSWERDESK_WEBHOOK_NETWORKS"),
        ("ftp://example.com/hook", "http"),
    ):
        await field.fill(address)
        await form.get_by_role("button", name="Add a webhook").click()
        await expect(form.get_by_role("alert")).to_contain_text(reason)
        await expect(field).to_have_value(address)
    await form.get_by_label("Only these").check()
    await form.get_by_role("button", name="Add a webhook").click()
    await expect(form.get_by_role("alert")).to_contain_text("Choose at least one event")
    # Who closes the form and opens it again goes on where they were.
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Add a webhook").first.click()
    await expect(field).to_have_value("ftp://example.com/hook")


async def test_a_webhook_is_added_tested_and_its_secret_shown_once(
    page: Page, server: Server, receiver: Receiver
) -> None:
    boss, _ = open_desk(server)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    url = receiver.at("/hook", answer(503, HOSTILE), answer())
    await open_dashboard(page, server, boss, "/settings/webhooks")
    await page.get_by_role("button", name="Add a webhook").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Address of your receiver").fill(url)
    await form.get_by_label("Format").select_option("Noras")
    await form.get_by_label("Only these").check()
    await expect(form.get_by_label("A visitor left a contact")).to_have_count(0)
    await form.get_by_label("Format").select_option("Answerdesk (Standard Webhooks)")
    await form.get_by_label("Only these").check()
    await form.get_by_label("A visitor left a contact").check()
    await form.get_by_role("button", name="Add a webhook").click()
    shown = page.get_by_role("dialog", name="The webhook is added")
    secret = await shown.get_by_test_id("secret").inner_text()
    assert secret.startswith("whsec_")
    await page.keyboard.press("Escape")
    await shown.get_by_role("button", name="Copy it").click()
    await expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == secret
    await shown.get_by_role("button", name="I have it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(url)
    told = page.get_by_role("region", name="Send a test")
    await told.get_by_role("button", name="Send now").click()
    await expect(told).to_contain_text("Status 503")
    await expect(told.get_by_role("region", name="Response", exact=True)).to_have_text(
        HOSTILE.decode()
    )
    assert await told.locator("img, script").count() == 0
    await told.get_by_role("button", name="Send now").click()
    await expect(told).to_contain_text(re.compile(r"Accepted.*Status 200 after \d+ ms"))
    for one in receiver.of("/hook"):
        assert Webhook(secret).verify(one.body, dict(one.headers))["type"] == "lead.created"
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text(url)
    assert secret not in await page.content()
    [made] = boss.client.get("/v1/webhooks").json()["items"]
    assert (made["format"], made["events"]) == ("standard", ["lead.created"])


async def test_a_new_secret_stands_beside_the_old_one(page: Page, server: Server) -> None:
    boss, _ = open_desk(server)
    webhook = created(boss.client)
    await open_webhook(page, server, boss, webhook["id"])
    await page.get_by_role("button", name="New secret").click()
    await page.get_by_role("button", name="Make a new secret").click()
    await expect(page.get_by_test_id("secret")).to_contain_text("whsec_")
    assert await page.get_by_test_id("secret").inner_text() != webhook["secret"]
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_text("The old secret is valid until")).to_be_visible()


async def test_a_failed_delivery_is_shown_and_sent_again(
    page: Page, server: Server, receiver: Receiver
) -> None:
    boss, desk = open_desk(server)
    url = receiver.at("/shop", answer(500, b"Broken"), answer(502, b"Away"), answer())
    webhook = created(boss.client, url=url, events=["lead.created"], project_id=desk.project_id)
    add_lead(desk)
    await open_webhook(page, server, boss, webhook["id"])
    log = page.get_by_role("list", name="Deliveries").get_by_role("listitem")
    await expect(log).to_contain_text("Failed")
    await log.get_by_role("button", name="A visitor left a contact").click()
    panel = page.get_by_role("dialog", name="Delivery")
    await expect(panel).to_contain_text("Status 500")
    await expect(panel.get_by_role("region", name="Response", exact=True)).to_have_text("Broken")
    await panel.get_by_text("What is sent").click()
    sent = panel.get_by_role("region", name="What is sent")
    await expect(sent).to_contain_text('"type": "lead.created"')
    await page.reload()
    await panel.get_by_role("button", name="Send again").click()
    await expect(panel).to_contain_text("Status 502")
    await expect(panel.get_by_role("heading", name="Attempt")).to_have_count(2)
    await page.go_back()
    await expect(panel).to_be_hidden()
    await expect(page.get_by_text("Nothing has been accepted since")).to_be_visible()
    await page.get_by_role("button", name="Send failed ones again").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("From").fill("2020-01-01T00:00")
    await dialog.get_by_label("Until").fill("2020-01-02T00:00")
    await dialog.get_by_role("button", name="Send again").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Choose a longer one")
    await dialog.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Send failed ones again").click()
    await dialog.get_by_role("button", name="Send again").click()
    await expect(page.get_by_text("1 delivery is sent again.")).to_be_visible()
    await expect(log).to_contain_text("Delivered")
    await expect(page.get_by_text("Nothing has been accepted since")).to_be_hidden()
    await page.get_by_label("State").select_option("Failed")
    await expect(page.get_by_text("No delivery fits these filters.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("State")).to_have_value("failed")
    assert len({(one.id, one.body) for one in receiver.wait_for("/shop", 3)}) == 1


async def test_a_webhook_is_changed_paused_started_and_deleted(
    page: Page, server: Server, receiver: Receiver
) -> None:
    boss, _ = open_desk(server)
    webhook = created(boss.client, url=receiver.at("/old"), events=["lead.created"])
    path = f"/v1/webhooks/{webhook['id']}"
    await open_webhook(page, server, boss, webhook["id"])
    await page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit")
    await expect(form.get_by_label("A visitor left a contact")).to_be_checked()
    await form.get_by_label("Address of your receiver").fill(receiver.at("/new"))
    await form.get_by_label("A contact has a detail").check()
    await form.get_by_label("What it is for").fill("The till")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("/new")
    kept = boss.client.get(path).json()
    assert (kept["description"], kept["events"]) == ("The till", ["lead.created", "lead.updated"])
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("Nothing is sent. What happens meanwhile")).to_be_visible()
    assert boss.client.get(path).json()["enabled"] is False
    await page.get_by_role("button", name="Start again").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert boss.client.get(path).json()["enabled"] is True
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Webhooks")
    row = page.get_by_role("link", name="/new")
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("alert").filter(has_text="Deleted")).to_have_count(0)
    await row.click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("heading", name="No webhook yet")).to_be_visible()
    async with page.expect_response(lambda one: one.request.method == "DELETE") as deleted:
        told = page.get_by_role("alert").filter(has_text="Deleted")
        await told.get_by_role("button", name="Close").click()
    assert (await deleted.value).status == 204
    assert boss.client.get(path).status_code == 404
