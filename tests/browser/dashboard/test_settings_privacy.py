"""Privacy: how long things are kept, what is hidden, and the requests of single people."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import (
    UNSAVED,
    change,
    expect_saved,
    open_part,
    save,
    settings_of,
)
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server

ANN = "ann@visitors.example"


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def conversations_of(shop: Shop) -> list[dict[str, Any]]:
    path = f"/v1/projects/{shop.desk.project_id}/conversations"
    found: list[dict[str, Any]] = shop.boss.client.get(path).json()["items"]
    return found


def receipts_of(shop: Shop) -> list[dict[str, Any]]:
    path = f"/v1/projects/{shop.desk.project_id}/erasures"
    found: list[dict[str, Any]] = shop.boss.client.get(path).json()["items"]
    return found


@pytest.mark.parametrize("role", ["viewer", "agent"])
async def test_who_may_only_read_changes_nothing_and_asks_for_nobody(
    page: Page, server: Server, shop: Shop, role: str
) -> None:
    person = shop.join("Vera", role)
    await open_dashboard(page, server, person, f"/p/{shop.desk.project_id}/settings/privacy")
    await expect(page.get_by_text("You can see this, but not change it.")).to_be_visible()
    await expect(page.get_by_label("Conversations, in days")).to_be_disabled()
    await expect(page.get_by_role("switch", name="Do not store card numbers")).to_be_disabled()
    await expect(page.get_by_label("What visitors agree to")).to_be_disabled()
    for title in ("A request of one person", "Erasures"):
        await expect(page.get_by_role("heading", name=title)).to_have_count(0)


async def test_days_that_cannot_be_are_told_and_those_that_can_are_kept(
    page: Page, server: Server, shop: Shop, take_screenshots: TakeScreenshots
) -> None:
    await open_part(page, server, shop, "privacy")
    await hold_to_the_rules(page, "settings-privacy", take_screenshots)
    days = page.get_by_label("Conversations, in days")
    of_leads = page.get_by_label("Leads, in days")
    await days.fill("0")
    await of_leads.fill("3651")
    await save(page)
    said = page.get_by_text("Write a whole number from 1 to 3,650, or nothing.", exact=True)
    await expect(said).to_have_count(2)
    await expect(days).to_be_focused()
    await expect(of_leads).to_have_value("3651")
    await days.fill("90")
    await of_leads.fill("")
    await page.get_by_role("switch", name="Do not store card numbers").uncheck()
    await page.get_by_label("What visitors agree to").fill("You may write to me.")
    await save(page)
    await expect_saved(page)
    kept = settings_of(shop)
    assert kept["privacy"] == {
        "retention_days": 90,
        "lead_retention_days": None,
        "redact": True,
        "mask_cards": False,
    }
    assert kept["lead_capture"]["consent_text"] == "You may write to me."
    await page.reload()
    await expect(days).to_have_value("90")
    await expect(page.get_by_role("switch", name="Do not store card numbers")).not_to_be_checked()


async def test_what_somebody_else_set_meanwhile_is_shown_and_not_overwritten(
    page: Page, server: Server, shop: Shop
) -> None:
    await open_part(page, server, shop, "privacy")
    days = page.get_by_label("Conversations, in days")
    await days.fill("90")
    change(shop, settings={"privacy": {"retention_days": 30}})
    await save(page)
    await expect(page.get_by_text("Somebody else has changed this meanwhile.")).to_be_visible()
    await expect(days).to_have_value("90")
    await page.get_by_role("button", name="Show theirs").click()
    await expect(days).to_have_value("30")
    await expect(page.get_by_text(UNSAVED)).to_be_hidden()


async def test_what_is_hidden_reaches_the_next_message_of_a_visitor(
    page: Page, server: Server, shop: Shop
) -> None:
    message = "My card is 4111 1111 1111 1111, where is my parcel?"
    before = Visitor(server, shop.desk)
    before.write(message)
    assert "[card]" in before.messages()[0]["content"]
    await open_part(page, server, shop, "privacy")
    await page.get_by_role("switch", name="Do not store card numbers").uncheck()
    await save(page)
    await expect_saved(page)
    after = Visitor(server, shop.desk)
    after.write(message)
    assert "4111" in after.messages()[0]["content"]


async def test_a_person_who_is_not_named_clearly_is_refused_at_the_field(
    page: Page, server: Server, shop: Shop
) -> None:
    await open_part(page, server, shop, "privacy")
    person = page.get_by_role("region", name="A request of one person")
    for act in ("Download everything", "Erase everything…"):
        await person.get_by_role("button", name=act).click()
        await expect(person.get_by_text("Write who it is.")).to_be_visible()
        await expect(person.get_by_role("textbox")).to_be_focused()
    address = person.get_by_label("E-mail address", exact=True)
    await address.fill("nobody")
    await person.get_by_role("button", name="Download everything").click()
    await expect(person.get_by_text("is not an e-mail address")).to_be_visible()
    await expect(address).to_have_value("nobody")
    await address.fill("no one")
    await expect(person.get_by_text("is not an e-mail address")).to_have_count(0)
    await person.get_by_role("button", name="Erase everything…").click()
    dialog = page.get_by_role("dialog", name="Erase everything of no one?")
    await dialog.get_by_role("button", name="Erase it").click()
    await expect(person.get_by_text("is not an e-mail address")).to_be_visible()
    await person.get_by_label("Known by").select_option("Visitor's id")
    await expect(person.get_by_text("is not an e-mail address")).to_have_count(0)
    assert receipts_of(shop) == []


async def test_everything_of_one_person_is_downloaded_and_erased(
    page: Page, server: Server, shop: Shop, tmp_path: Path
) -> None:
    theirs, others = shop.ask(email=ANN), shop.ask("Do you ship to France?")
    await open_part(page, server, shop, "privacy")
    receipts = page.get_by_role("region", name="Erasures")
    await expect(receipts).to_contain_text("Nobody has been erased.")
    person = page.get_by_role("region", name="A request of one person")
    await person.get_by_label("E-mail address", exact=True).fill(ANN)
    async with page.expect_download() as taking:
        await person.get_by_role("button", name="Download everything").click()
    file = await taking.value
    await file.save_as(tmp_path / file.suggested_filename)
    document = json.loads((tmp_path / "person.json").read_text())
    assert [one["id"] for one in document["conversations"]] == [theirs]
    await person.get_by_role("button", name="Erase everything…").click()
    dialog = page.get_by_role("dialog", name=f"Erase everything of {ANN}?")
    await dialog.get_by_role("button", name="Cancel").last.click()
    assert {one["id"] for one in conversations_of(shop)} == {theirs, others}
    await person.get_by_role("button", name="Erase everything…").click()
    await dialog.get_by_role("button", name="Erase it").click()
    receipt = receipts.get_by_role("listitem")
    await expect(receipt).to_contain_text("Erased")
    await expect(receipt).to_contain_text("Conversations: 1")
    # Not even the receipt says whose it was.
    await expect(page.get_by_text(ANN)).to_have_count(0)
    assert [one["id"] for one in conversations_of(shop)] == [others]
    await page.reload()
    await expect(receipt).to_contain_text("by e-mail address")


async def test_it_speaks_german(open_page: OpenPage, server: Server, shop: Shop) -> None:
    page = await open_page(locale="de-DE")
    await open_part(page, server, shop, "privacy")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Datenschutz")
    await page.get_by_label("Unterhaltungen, in Tagen").fill("viele")
    await page.get_by_role("button", name="Speichern").click()
    await expect(page.get_by_text("Schreiben Sie eine ganze Zahl von 1").first).to_be_visible()
