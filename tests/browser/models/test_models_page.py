"""The page of language models in a real browser, with a service that really answers."""

from typing import Any

import httpx
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.accounts.people import join, sign_up
from tests.agents.language_models.conftest import CHAT, EVERY, KEY, refuses, says
from tests.browser.accessibility import problems
from tests.browser.log_ins import log_in
from tests.browser.pages import PHONE, OpenPage, TakeScreenshots
from tests.conftest import Desk, Rows, Server
from tests.webhooks.receiver import Receiver, answer

SMALL: ViewportSize = {"width": 320, "height": 640}
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


async def open_models(page: Page, server: Server, desk: Desk) -> None:
    place = f"/language-models?project={desk.project_id}#owner_key={server.owner_key}"
    await page.goto(f"{server.url}{place}")
    await expect(page.get_by_role("heading", name="What it costs")).to_be_visible()


async def open_form(page: Page) -> Locator:
    await page.get_by_role("button", name="Add a model").click()
    return page.get_by_role("form", name="Add a model")


def added(desk: Desk, receiver: Receiver, name: str, **fields: Any) -> dict[str, Any]:
    body = {
        "name": name,
        "provider": "compatible",
        "url": f"{receiver.url}/v1",
        "model": "tiny",
        "project_id": desk.project_id,
        **fields,
    }
    made = desk.owner.post(EVERY, json=body, params={"unchecked": "true"})
    assert made.status_code == 201, made.text
    model: dict[str, Any] = made.json()
    return model


def models_of(desk: Desk) -> list[dict[str, Any]]:
    listed = desk.owner.get(EVERY, params={"project_id": desk.project_id}).json()["items"]
    return [one for one in listed if one["project_id"] == desk.project_id]


async def test_what_is_missing_or_refused_is_told_in_the_form_and_stays_there(
    page: Page, server: Server, receiver: Receiver, desk: Desk
) -> None:
    receiver.at(CHAT, refuses(401))
    await open_models(page, server, desk)
    form = await open_form(page)
    await form.get_by_label("Who runs it").select_option("compatible")
    await form.get_by_role("button", name="Add and test it").click()
    await expect(form.get_by_text("Write what its provider calls the model.")).to_be_visible()
    await expect(form.get_by_text("Write the service's base address.")).to_be_visible()
    await form.get_by_label("Model", exact=True).fill("tiny")
    await form.get_by_label("Base address").fill("http://10.0.0.1/v1")
    await form.get_by_role("button", name="Add and test it").click()
    await expect(form.get_by_role("alert")).to_contain_text("ANSWERDESK_PROVIDER_NETWORKS")
    await form.get_by_label("Base address").fill(f"{receiver.url}/v1")
    await form.get_by_label("API key").fill(KEY)
    await form.get_by_role("button", name="Add and test it").click()
    await expect(form.get_by_role("alert")).to_contain_text("it rejects the key")
    await expect(form.get_by_label("API key")).to_have_value(KEY)
    assert models_of(desk) == []
    # Nothing of it stays in the tab.
    assert KEY not in await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")


async def test_a_model_is_added_with_its_prices_and_tested(
    page: Page, server: Server, receiver: Receiver, desk: Desk
) -> None:
    receiver.at(CHAT, says("ok"), says(HOSTILE), refuses(503))
    await open_models(page, server, desk)
    form = await open_form(page)
    await form.get_by_label("Who runs it").select_option("compatible")
    await form.get_by_label("Model", exact=True).fill("tiny")
    await form.get_by_label("Base address").fill(f"{receiver.url}/v1")
    await form.get_by_label("API key").fill(KEY)
    await form.get_by_label("Name", exact=True).fill("Fast")
    await form.get_by_label("For", exact=True).select_option(desk.project_id)
    await form.get_by_text("Length, prices, fallback").click()
    await form.get_by_label("Price of a million tokens read").fill("0.15")
    await form.get_by_role("button", name="Add and test it").click()
    await expect(form.get_by_text("Write both prices and their currency")).to_be_visible()
    await form.get_by_label("Price of a million tokens written").fill("0.6")
    await form.get_by_label("Currency").fill("usd")
    await form.get_by_role("button", name="Add and test it").click()
    await expect(page.locator("#told")).to_contain_text("Fast was added")
    [model] = models_of(desk)
    prices = (model["input_price"], model["output_price"], model["currency"])
    assert prices == (150_000, 600_000, "USD")
    assert receiver.of(CHAT)[0].headers["authorization"] == f"Bearer {KEY}"
    card = page.locator("#models > li", has_text="Fast")
    await expect(card).to_contain_text(f"…{KEY[-4:]}")
    assert KEY not in await page.content()
    await card.get_by_role("button", name="Test it").click()
    await expect(card).to_contain_text("Answers")
    await expect(card).to_contain_text(HOSTILE)
    assert await card.locator("img").count() == 0
    await card.get_by_role("button", name="Test it").click()
    await expect(card).to_contain_text("Does not answer")
    await expect(card).to_contain_text("responded with 503")
    removed = desk.owner.delete(f"{EVERY}/{model['id']}")
    assert removed.status_code == 204


async def test_a_model_is_chosen_for_an_agent_changed_and_removed(
    page: Page, server: Server, receiver: Receiver, desk: Desk
) -> None:
    added(desk, receiver, "Fast", key=KEY, input_price=150_000, output_price=1, currency="USD")
    await open_models(page, server, desk)
    card = page.locator("#models > li", has_text="Fast")
    await page.get_by_label("Answers with (Assistant)").select_option("Fast")
    await expect(page.locator("#told")).to_contain_text("Assistant answers with Fast")
    await expect(card).to_contain_text("Assistant (")
    await card.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove it").click()
    await expect(page.locator("#trouble")).to_contain_text("Agents answer with this language model")
    await page.get_by_label("Answers with (Assistant)").select_option("No model")
    await expect(page.locator("#told")).to_contain_text("without a model")
    await card.get_by_role("button", name="Change").click()
    change = page.get_by_role("form", name="Change Fast")
    await expect(change.get_by_label("Price of a million tokens read")).to_have_value("0.15")
    await change.get_by_label("Model", exact=True).fill("larger")
    await change.get_by_role("button", name="Save").click()
    await expect(page.locator("#told")).to_contain_text("Fast was changed")
    [model] = models_of(desk)
    assert (model["model"], model["has_key"], model["version"]) == ("larger", True, 2)
    await card.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove it").click()
    await expect(page.locator("#told")).to_contain_text("Fast was removed")
    assert models_of(desk) == []


async def test_caps_are_set_beside_what_was_spent(
    page: Page, server: Server, receiver: Receiver, desk: Desk, rows: Rows
) -> None:
    added(desk, receiver, "Priced", input_price=1, output_price=1, currency="USD")
    project = desk.project_id.removeprefix("proj_")
    rows(
        "insert into model_usage (account_id, project_id, model_id, day, model_name, answers,"
        "  input_tokens, output_tokens, money)"
        " select account_id, id, id, (now() at time zone 'utc')::date, 'Priced', 2, 1500, 500,"
        "  1250000 from project where id = %s returning 1",
        project,
    )
    await open_models(page, server, desk)
    row = page.locator("#usage > tr", has_text="Priced")
    await expect(row).to_contain_text("2 answers, 2,000 tokens, US$1.25")
    caps = page.locator("#project-caps")
    day = caps.get_by_role("group", name="A day", exact=True)
    await day.get_by_label("Tokens").fill("1.5")
    await caps.get_by_role("button").click()
    await expect(caps.get_by_text("Write a number of 0 or more")).to_be_visible()
    await day.get_by_label("Tokens").fill("50000")
    await caps.get_by_role("group", name="A visitor, a month").get_by_label("Money").fill("0.25")
    await caps.get_by_role("button").click()
    await expect(page.locator("#told")).to_contain_text("The caps were saved")
    await expect(day.get_by_label("Tokens")).to_have_value("50000")
    await expect(page.locator("#totals")).to_contain_text("of 50,000 tokens")
    kept = desk.owner.get(desk.path).json()["settings"]["spending_caps"]
    assert kept["per_day"] == {"tokens": 50_000, "money": None}
    assert kept["per_visitor_per_month"] == {"tokens": None, "money": 250_000}
    account = page.locator("#account-caps")
    await account.get_by_role("group", name="A month").get_by_label("Money").fill("20")
    await account.get_by_role("button").click()
    await expect(page.locator("#totals")).to_contain_text("of US$20.00")
    shown = desk.owner.get("/v1/account").json()["spending_caps"]
    assert shown["per_month"] == {"tokens": None, "money": 20_000_000}
    desk.owner.patch("/v1/account", json={"spending_caps": None})
    rows("delete from language_model where project_id = %s returning 1", project)


async def test_a_viewer_sees_and_changes_nothing(
    page: Page, server: Server, receiver: Receiver
) -> None:
    boss = sign_up(server, "boss")
    desk = Desk(boss.client, boss.client)
    added(desk, receiver, "Fast", key=KEY)
    viewer = join(server, boss, "viewer")
    await log_in(page, server, viewer.email)
    await page.get_by_role("link", name="Models").click()
    await expect(page.locator("#models > li")).to_contain_text("Fast")
    await expect(page.get_by_label("Answers with (Assistant)")).to_be_disabled()
    for name in ("Test it", "Change", "Remove", "Add a model", "Save the project's caps"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


async def test_everything_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, receiver: Receiver, take_screenshots: TakeScreenshots
) -> None:
    boss = sign_up(server, "boss")
    page = await open_page(viewport=PHONE)
    await log_in(page, server, boss.email)
    await page.goto(f"{server.url}/language-models")
    await expect(page.get_by_text("There is no model yet")).to_be_visible()
    assert await problems(page) == []
    await take_screenshots(page, "models-none")
    desk = Desk(boss.client, boss.client)
    receiver.at(CHAT, says("ok"), answer(500))
    last = added(desk, receiver, "Last resort", project_id=None)
    prices = {"input_price": 150_000, "output_price": 600_000, "currency": "EUR"}
    added(desk, receiver, "Fast", fallback=last["id"], key=KEY, **prices)
    added(desk, receiver, "x" * 200, url=f"https://{'long.' * 20}example/v1")
    [agent] = boss.client.get(f"{desk.path}/agents").json()["items"]
    boss.client.patch(f"{desk.path}/agents/{agent['id']}", json={"model": "Fast"})
    await page.goto(f"{server.url}/language-models?project={desk.project_id}")
    await expect(page.locator("#models > li")).to_have_count(3)
    for number in range(2):
        await page.locator("#models > li").nth(number).get_by_role("button", name="Test it").click()
        await expect(page.locator("#models > li").nth(number).locator(".badge")).to_be_visible()
    await take_screenshots(page, "models-list")
    assert await problems(page) == []
    form = await open_form(page)
    await form.get_by_label("Who runs it").select_option("compatible")
    await form.get_by_text("Length, prices, fallback").click()
    assert await problems(page) == []
    await take_screenshots(page, "models-add")
    await page.get_by_role("heading", name="What it costs").scroll_into_view_if_needed()
    await take_screenshots(page, "models-costs")
    for size in (PHONE, SMALL):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


def test_the_page_is_served_with_its_files(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        shown = client.get("/language-models")
        assert shown.status_code == 200
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        for name in ("models/page.js", "models.css", "settings.css", "knowledge.css"):
            assert f'"/assets/{name}"' in shown.text
            assert client.get(f"/assets/{name}").status_code == 200
