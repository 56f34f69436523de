"""The language models of the settings, with a service that really answers."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.agents.language_models.conftest import CHAT, EVERY, KEY, refuses, says
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import expect_saved, save
from tests.browser.pages import TakeScreenshots
from tests.browser.shop import Shop, open_shop
from tests.conftest import Rows, Server
from tests.webhooks.receiver import Receiver

PLACE = "/settings/models"
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def added(shop: Shop, receiver: Receiver, name: str, **fields: Any) -> dict[str, Any]:
    body = {"name": name, "provider": "compatible", "url": f"{receiver.url}/v1", "model": "tiny"}
    made = shop.boss.client.post(EVERY, json=body | fields, params={"unchecked": "true"})
    assert made.status_code == 201, made.text
    model: dict[str, Any] = made.json()
    return model


def models_of(shop: Shop) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = shop.boss.client.get(EVERY).json()["items"]
    return listed


def answer_with(shop: Shop, model: str | None) -> None:
    """Have the shop's agent answer with this model."""
    [agent] = shop.boss.client.get(f"{shop.desk.path}/agents").json()["items"]
    path = f"{shop.desk.path}/agents/{agent['id']}"
    shop.boss.client.patch(path, json={"model": model}).raise_for_status()


def row_of(page: Page, name: str) -> Locator:
    rows = page.get_by_role("list", name="Language models").get_by_role("listitem")
    return rows.filter(has=page.get_by_role("heading", name=name, exact=True))


async def open_form(page: Page) -> Locator:
    await page.get_by_role("button", name="Add a model").click()
    form = page.get_by_role("dialog", name="Add a model")
    await form.get_by_label("Who runs it").select_option("compatible")
    return form


async def test_who_may_only_read_sees_the_models_and_changes_nothing(
    page: Page, server: Server, receiver: Receiver, shop: Shop
) -> None:
    added(shop, receiver, "Fast", key=KEY)
    await open_dashboard(page, server, shop.join("Vera", "viewer"), PLACE)
    await expect(row_of(page, "Fast")).to_contain_text(f"…{KEY[-4:]}")
    for name in ("Test Fast", "Change Fast", "Remove Fast", "Add a model"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    await expect(page.get_by_role("heading", name="Caps of the whole account")).to_have_count(0)


async def test_what_is_missing_or_refused_is_told_at_its_field_and_nothing_is_lost(
    page: Page, server: Server, receiver: Receiver, shop: Shop
) -> None:
    receiver.at(CHAT, refuses(401))
    await open_dashboard(page, server, shop.boss, PLACE)
    form = await open_form(page)
    send = form.get_by_role("button", name="Add and test it")
    await send.click()
    await expect(form.get_by_text("Write what its provider calls the model.")).to_be_visible()
    await expect(form.get_by_text("Write the service's base address.")).to_be_visible()
    await expect(form.get_by_label("What its provider calls it")).to_be_focused()
    await form.get_by_label("What its provider calls it").fill("tiny")
    await form.get_by_label("Base address").fill("http://10.0.0.1/v1")
    await send.click()
    await expect(form.get_by_text("ANSWERDESK_PROVIDER_NETWORKS")).to_be_visible()
    await form.get_by_label("Base address").fill(f"{receiver.url}/v1")
    key = form.get_by_role("textbox", name="API key")
    await key.fill(KEY)
    await form.get_by_label("Read", exact=True).fill("0.15")
    await send.click()
    await expect(form.get_by_text("Write both prices and their currency")).to_be_visible()
    await form.get_by_label("Read", exact=True).fill("")
    await send.click()
    await expect(form.get_by_role("alert")).to_contain_text("it rejects the key")
    await expect(key).to_have_value(KEY)
    assert models_of(shop) == []
    # Nothing of it stays in the tab.
    assert KEY not in await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")


async def test_a_model_is_added_with_its_prices_and_tested(
    page: Page,
    server: Server,
    receiver: Receiver,
    shop: Shop,
    take_screenshots: TakeScreenshots,
) -> None:
    receiver.at(CHAT, says("ok"), says(HOSTILE), refuses(503))
    await open_dashboard(page, server, shop.boss, PLACE)
    await expect(page.get_by_role("heading", name="No model yet")).to_be_visible()
    await hold_to_the_rules(page, "settings-models-none", take_screenshots)
    form = await open_form(page)
    await form.get_by_label("What its provider calls it").fill("tiny")
    await form.get_by_label("Base address").fill(f"{receiver.url}/v1")
    await form.get_by_role("textbox", name="API key").fill(KEY)
    await form.get_by_label("What your agents call it").fill("Fast")
    await form.get_by_label("Read", exact=True).fill("0.15")
    await form.get_by_label("Written", exact=True).fill("0.6")
    await form.get_by_label("Currency").fill("usd")
    await hold_to_the_rules(page, "settings-models-add", take_screenshots)
    await form.get_by_role("button", name="Add and test it").click()
    await expect(page.get_by_text("Fast was added")).to_be_visible()
    [model] = models_of(shop)
    prices = (model["input_price"], model["output_price"], model["currency"])
    assert prices == (150_000, 600_000, "USD")
    assert receiver.of(CHAT)[0].headers["authorization"] == f"Bearer {KEY}"
    row = row_of(page, "Fast")
    await expect(row).to_contain_text(f"…{KEY[-4:]}")
    assert KEY not in await page.content()
    await row.get_by_role("button", name="Test Fast").click()
    told = row.get_by_role("status")
    await expect(told).to_contain_text("Answers")
    await expect(told).to_contain_text(HOSTILE)
    assert await row.locator("img").count() == 0
    await row.get_by_role("button", name="Test Fast").click()
    await expect(told).to_contain_text("Does not answer")
    await expect(told).to_contain_text("responded with 503")


async def test_a_model_is_changed_keeps_its_key_and_falls_back_to_another(
    page: Page, server: Server, receiver: Receiver, shop: Shop
) -> None:
    prices = {"input_price": 150_000, "output_price": 1, "currency": "USD"}
    added(shop, receiver, "Last resort", key=KEY, **prices)
    fast = added(shop, receiver, "Fast", key=KEY, **prices)
    await open_dashboard(page, server, shop.boss, PLACE)
    await row_of(page, "Fast").get_by_role("button", name="Change Fast").click()
    form = page.get_by_role("dialog", name="Change Fast")
    await expect(form.get_by_label("Read", exact=True)).to_have_value("0.15")
    await expect(form.get_by_role("textbox", name="API key")).to_have_value("")
    await form.get_by_label("What its provider calls it").fill("larger")
    await form.get_by_label("If it is unavailable").select_option("Last resort")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Fast was changed")).to_be_visible()
    await page.reload()
    await expect(row_of(page, "Fast")).to_contain_text("larger")
    await expect(row_of(page, "Fast")).to_contain_text("Last resort")
    [model] = [one for one in models_of(shop) if one["id"] == fast["id"]]
    assert (model["model"], model["has_key"], model["version"]) == ("larger", True, 2)
    # A model that another falls back to stays.
    await page.get_by_role("button", name="Remove Last resort").click()
    await expect(page.get_by_role("alert").filter(has_text="falls back to it")).to_be_visible()
    assert len(models_of(shop)) == 2


async def test_a_model_is_removed_unless_an_agent_answers_with_it_or_it_is_undone(
    page: Page, server: Server, receiver: Receiver, shop: Shop
) -> None:
    added(shop, receiver, "Fast", key=KEY)
    answer_with(shop, "Fast")
    await open_dashboard(page, server, shop.boss, PLACE)
    row = row_of(page, "Fast")
    await expect(row).to_contain_text("Used by")
    await page.get_by_role("button", name="Remove Fast").click()
    await expect(page.get_by_role("alert").filter(has_text="An agent answers")).to_be_visible()
    await row.get_by_role("link").click()
    await expect(page.get_by_role("combobox", name="Language model")).to_have_value("Fast")
    answer_with(shop, None)
    await page.go_back()
    await page.reload()
    await expect(row).to_contain_text("No agent uses it yet.")
    await page.get_by_role("button", name="Remove Fast").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    assert len(models_of(shop)) == 1
    await page.get_by_role("button", name="Remove Fast").click()
    await expect(page.get_by_role("heading", name="No model yet")).to_be_visible()
    # Leaving the page does it at once.
    await page.reload()
    await expect(page.get_by_role("heading", name="No model yet")).to_be_visible()
    assert models_of(shop) == []


def spend(shop: Shop, rows: Rows) -> None:
    """As if a model had answered twice today."""
    rows(
        "insert into model_usage (account_id, project_id, model_id, day, model_name, answers,"
        "  input_tokens, output_tokens, money)"
        " select account_id, id, id, (now() at time zone 'utc')::date, 'Priced', 2, 1500, 500,"
        "  1250000 from project where id = %s returning 1",
        shop.desk.project_id.removeprefix("proj_"),
    )


async def test_caps_are_set_beside_what_was_spent(
    page: Page,
    server: Server,
    receiver: Receiver,
    shop: Shop,
    rows: Rows,
    take_screenshots: TakeScreenshots,
) -> None:
    added(shop, receiver, "Priced", input_price=1, output_price=1, currency="USD")
    added(shop, receiver, "x" * 200, url=f"https://{'long.' * 20}example/v1")
    spend(shop, rows)
    await open_dashboard(page, server, shop.boss, PLACE)
    costs = page.get_by_role("region", name="What it costs")
    await expect(costs.get_by_role("row", name="Priced")).to_contain_text(
        "answers: 2, 2,000 tokens, $1.25"
    )
    day = page.get_by_role("group", name="A day", exact=True)
    await day.get_by_label("Tokens").fill("1.5")
    await save(page)
    await expect(page.get_by_text("Write a number of 0 or more").first).to_be_visible()
    await expect(day.get_by_label("Tokens")).to_be_focused()
    await day.get_by_label("Tokens").fill("2000")
    month = page.get_by_role("group", name="A month", exact=True)
    await month.get_by_label("Money (USD)").fill("20")
    await save(page)
    await expect_saved(page)
    await expect(page.get_by_text("0 of 2,000 tokens")).to_be_visible()
    await expect(page.get_by_text("$0.00 of $20.00")).to_be_visible()
    caps = shop.boss.client.get("/v1/account").json()["spending_caps"]
    assert caps["per_day"] == {"tokens": 2000, "money": None}
    assert caps["per_month"] == {"tokens": None, "money": 20_000_000}
    await page.reload()
    await expect(month.get_by_label("Money (USD)")).to_have_value("20")
    await hold_to_the_rules(page, "settings-models", take_screenshots)


async def test_caps_that_somebody_else_changed_are_not_overwritten(
    page: Page, server: Server, shop: Shop
) -> None:
    await open_dashboard(page, server, shop.boss, PLACE)
    tokens = page.get_by_role("group", name="A day", exact=True).get_by_label("Tokens")
    await tokens.fill("7")
    theirs = {"spending_caps": {"per_day": {"tokens": 9}}}
    shop.boss.client.patch("/v1/account", json=theirs).raise_for_status()
    await save(page)
    await expect(page.get_by_text("Somebody else has changed this meanwhile.")).to_be_visible()
    await expect(tokens).to_have_value("7")
    await page.get_by_role("button", name="Show theirs").click()
    await expect(tokens).to_have_value("9")
