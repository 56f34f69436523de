"""Actions: calls of the owner's server, which a real server on this machine answers."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import expect_saved, open_part, save
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server
from tests.webhooks.receiver import Answer, Receiver, answer, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def in_json(value: Any, status: int = 200) -> Answer:
    return answer(status, json.dumps(value).encode(), content_type="application/json")


def at_order(receiver: Receiver, *answers: Answer) -> str:
    """Tell what is answered about order A1B2; return the address for any order."""
    return receiver.at("/orders/A1B2", *answers).replace("A1B2", "{order}")


def add_action(shop: Shop, url: str, **fields: Any) -> str:
    """Add an action that tells where an order is; return its id."""
    body = {
        "name": "Where is my order",
        "url": url,
        "parameters": [{"name": "order", "description": "your order number", "format": "code"}],
        "triggers": ["where is my order"],
        "answer": "Your order is {state}.",
        **fields,
    }
    added = shop.boss.client.post(f"{shop.desk.path}/actions", json=body)
    assert added.status_code == 201, added.text
    return str(added.json()["id"])


def action_of(shop: Shop, action_id: str) -> dict[str, Any]:
    found: dict[str, Any] = shop.boss.client.get(f"/v1/actions/{action_id}").json()
    return found


async def open_action(page: Page, server: Server, shop: Shop, action_id: str) -> None:
    await open_part(page, server, shop, f"actions?action={action_id}")


async def test_who_may_only_read_sees_an_action_and_cannot_call_it(
    open_page: OpenPage, server: Server, receiver: Receiver
) -> None:
    shop = open_shop(server)
    add_action(shop, at_order(receiver))
    page = await open_page()
    viewer = shop.join("Vera", "viewer")
    await open_dashboard(page, server, viewer, f"/p/{shop.desk.project_id}/settings/actions")
    await expect(page.get_by_role("button", name="Add an action")).to_have_count(0)
    await expect(page.get_by_role("button", name="Remove Where is my order")).to_have_count(0)
    await page.get_by_role("link", name="Where is my order").click()
    await expect(page.get_by_text("You can see this, but not change it.")).to_be_visible()
    await expect(page.get_by_label("Address", exact=True)).to_be_disabled()
    await expect(page.get_by_role("button", name="Call it now")).to_have_count(0)
    await expect(page.get_by_text("It has not been called yet.")).to_be_visible()


async def test_the_first_action_is_added_and_a_visitor_is_told_what_came_back(
    open_page: OpenPage, server: Server, receiver: Receiver, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    url = at_order(receiver, in_json({"state": "on its way"}))
    page = await open_page()
    await open_part(page, server, shop, "actions")
    await expect(page.get_by_role("heading", name="No action yet")).to_be_visible()
    await hold_to_the_rules(page, "settings-actions-none", take_screenshots)
    await page.keyboard.press("n")
    form = page.get_by_role("dialog", name="Add an action")
    await form.get_by_label("Name").fill("Where is my order")
    await form.get_by_role("button", name="Add it").click()
    await expect(form.get_by_role("alert")).to_have_text("Write a name and an address.")
    address = form.get_by_label("Address")
    await address.fill("ftp://example.com/{order}")
    await form.get_by_role("button", name="Add it").click()
    await expect(form.get_by_role("alert")).to_contain_text("http")
    await expect(address).to_have_value("ftp://example.com/{order}")
    await address.fill(url)
    await address.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Where is my order")
    # The value in the address is there already.
    value = page.get_by_role("group", name="order")
    await value.get_by_label("What visitors are asked for").fill("your order number")
    await value.get_by_label("How it is recognized").select_option(
        "Letters and digits, such as A1B2"
    )
    await page.get_by_label("Phrases, one a line").fill("where is my order")
    await page.get_by_label("Answer", exact=True).fill("Your order is {state}.")
    await save(page)
    await expect_saved(page)
    visitor = Visitor(server, shop.desk)
    visitor.write("Where is my order A1B2?")
    assert "Your order is on its way." in str(visitor.messages())
    await page.reload()
    calls = page.get_by_role("list", name="Calls").get_by_role("listitem")
    await expect(calls).to_contain_text("Worked")
    await expect(calls).to_contain_text("order: A1B2")


async def test_an_action_is_removed_and_brought_back(
    open_page: OpenPage, server: Server, receiver: Receiver, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    action = add_action(shop, at_order(receiver))
    page = await open_page()
    await open_action(page, server, shop, action)
    await page.get_by_role("link", name="All actions").click()
    row = page.get_by_role("list", name="Actions").get_by_role("listitem")
    await expect(row).to_contain_text("Called by: where is my order")
    await hold_to_the_rules(page, "settings-actions", take_screenshots)
    await row.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    await row.get_by_role("link", name="Where is my order").click()
    await page.go_back()
    await expect(row).to_be_visible()
    # Once it is gone, its address says so and leads on.
    shop.boss.client.delete(f"/v1/actions/{action}").raise_for_status()
    await page.goto(f"{server.url}/app/p/{shop.desk.project_id}/settings/actions?action={action}")
    await expect(page.get_by_text("This does not exist, or it was deleted")).to_be_visible()
    await page.get_by_role("link", name="All actions").click()
    await expect(page.get_by_role("heading", name="No action yet")).to_be_visible()


async def test_what_is_refused_stands_at_its_field_and_nothing_is_lost(
    open_page: OpenPage, server: Server, receiver: Receiver
) -> None:
    shop = open_shop(server)
    action = add_action(shop, at_order(receiver))
    page = await open_page()
    await open_action(page, server, shop, action)
    name = page.get_by_label("Name", exact=True)
    await name.fill("")
    await page.get_by_role("button", name="Add a header").click()
    await save(page)
    await expect(name).to_be_focused()
    await expect(page.get_by_text("Give the action a name.").first).to_be_visible()
    await expect(page.get_by_text("Write a name and a value, or remove").first).to_be_visible()
    await name.fill("Order")
    await page.get_by_role("button", name="Remove Headers").click()
    address = page.get_by_label("Address", exact=True)
    await address.fill("ftp://example.com/{order}")
    await save(page)
    await expect(address).to_be_focused()
    await expect(address).to_have_accessible_description(re.compile("http"))
    await expect(name).to_have_value("Order")
    assert action_of(shop, action)["name"] == "Where is my order"


async def test_a_change_of_somebody_else_is_shown_and_not_overwritten(
    open_page: OpenPage, server: Server, receiver: Receiver
) -> None:
    shop = open_shop(server)
    action = add_action(shop, at_order(receiver))
    page = await open_page()
    await open_action(page, server, shop, action)
    told = page.get_by_label("Answer", exact=True)
    await told.fill("Mine: {state}")
    path = f"/v1/actions/{action}"
    theirs = {"answer": "Theirs: {state}", "fallback": "Please call us."}
    shop.boss.client.patch(path, json=theirs).raise_for_status()
    await save(page)
    await expect(page.get_by_text("Somebody else has changed this meanwhile.")).to_be_visible()
    assert action_of(shop, action)["answer"] == "Theirs: {state}"
    await page.get_by_role("button", name="Save mine over it").click()
    await expect_saved(page)
    kept = action_of(shop, action)
    # What they changed besides stays.
    assert (kept["answer"], kept["fallback"]) == ("Mine: {state}", "Please call us.")


async def test_headers_are_kept_secret_replaced_and_removed(
    open_page: OpenPage, server: Server, receiver: Receiver
) -> None:
    shop = open_shop(server)
    url = at_order(receiver, in_json({"state": "packed"}), in_json({"state": "packed"}))
    action = add_action(shop, url, headers={"Authorization": "Bearer first", "X-Shop": "7"})
    page = await open_page()
    await open_action(page, server, shop, action)
    secret = page.get_by_label("Value of Authorization")
    await expect(secret).to_have_value("")
    await secret.fill("Bearer second")
    await page.get_by_role("button", name="Remove X-Shop").click()
    await save(page)
    await expect_saved(page)
    await expect(secret).to_have_value("")
    assert action_of(shop, action)["headers"] == ["Authorization"]
    tried = page.get_by_role("region", name="Try it")
    await tried.get_by_label("order", exact=True).fill("A1B2")
    await page.get_by_role("button", name="Call it now").click()
    await expect(page.get_by_text("Your order is packed.")).to_be_visible()
    [received] = receiver.received
    assert received.headers["authorization"] == "Bearer second"
    assert "x-shop" not in received.headers


async def test_a_trial_shows_what_was_sent_and_what_came_back(
    open_page: OpenPage, server: Server, receiver: Receiver, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    hostile = "<img src=x onerror=\"document.title='owned'\">"
    url = at_order(receiver, in_json({"state": hostile}), answer(500, hostile.encode()))
    action = add_action(shop, url, fallback="Please call us.")
    page = await open_page()
    await open_action(page, server, shop, action)
    call = page.get_by_role("button", name="Call it now")
    # Without the value that it needs, nothing is called.
    await call.click()
    tried = page.get_by_role("region", name="Try it")
    await expect(tried.get_by_role("status")).to_contain_text("order")
    assert receiver.received == []
    await tried.get_by_label("order", exact=True).fill("A1B2")
    await call.click()
    await expect(tried.get_by_text("Worked")).to_be_visible()
    await expect(tried.get_by_text(f"Your order is {hostile}.")).to_be_visible()
    await expect(tried.get_by_role("region", name="What was sent")).to_contain_text("/orders/A1B2")
    await call.click()
    await expect(tried.get_by_text("Failed")).to_be_visible()
    await expect(tried.get_by_text("Please call us.")).to_be_visible()
    calls = page.get_by_role("list", name="Calls").get_by_role("listitem")
    await expect(calls).to_have_count(2)
    await expect(calls.first).to_contain_text("Failed")
    await expect(calls.first).to_contain_text("tried here")
    await page.get_by_label("Answer", exact=True).fill("Changed")
    await expect(tried.get_by_text("what is tried is the saved action")).to_be_visible()
    assert await page.title() != "owned"
    await hold_to_the_rules(page, "settings-action", take_screenshots)
