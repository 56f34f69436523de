"""The page of leads: found by search and filters, opened, exported, deleted with undo."""

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.pages import Complaints, OpenPage, TakeScreenshots
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Server

HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def place(shop: Shop, rest: str = "") -> str:
    return f"/p/{shop.desk.project_id}/leads{rest}"


def add_lead(shop: Shop, **fields: Any) -> str:
    made = shop.boss.client.post(f"{shop.desk.path}/leads", json=fields)
    assert made.status_code == 201, made.text
    lead_id: str = made.json()["id"]
    return lead_id


def fill(shop: Shop) -> None:
    add_lead(shop, name="Ann Bell", email="ann@example.com", message="The big order of lamps")
    add_lead(
        shop,
        name="Jonas Weiß",
        email="jonas@example.com",
        phone="+49 30 1234567",
        page_url="https://shop.example/lamps",
        consent={"text": "The shop may write to me."},
    )
    add_lead(shop, name=HOSTILE, email="h@example.com", page_url="javascript:alert(1)")


async def test_without_leads_it_says_how_they_come(page: Page, server: Server, shop: Shop) -> None:
    await open_dashboard(page, server, shop.boss, place(shop))
    await expect(page.get_by_role("heading", name="No leads yet")).to_be_visible()
    await expect(page.get_by_role("button", name="Export as CSV")).to_be_disabled()


async def test_who_may_only_look_deletes_nothing(
    open_page: OpenPage, server: Server, shop: Shop
) -> None:
    lead = add_lead(shop, email="ann@example.com")
    page = await open_page()
    await open_dashboard(page, server, shop.join("Vi", "viewer"), place(shop, f"?lead={lead}"))
    panel = page.get_by_role("complementary", name="Contact")
    await expect(panel).to_contain_text("Your role lets you look")
    await expect(panel.get_by_role("button", name="Delete")).to_have_count(0)


async def test_a_lead_is_found_opened_and_left_by_keys_and_by_address(
    page: Page, server: Server, shop: Shop, complaints: Complaints
) -> None:
    fill(shop)
    await open_dashboard(page, server, shop.boss, place(shop))
    rows = page.get_by_role("list", name="Leads").get_by_role("listitem")
    await expect(rows).to_have_count(3)
    await page.keyboard.press("/")
    await page.keyboard.type("jonas")
    await expect(rows).to_have_count(1)
    await page.reload()
    await expect(rows).to_have_count(1)
    await expect(page.get_by_label("Search", exact=True)).to_have_value("jonas")
    await rows.get_by_role("link").click()
    panel = page.get_by_role("complementary", name="Contact")
    await expect(panel.get_by_role("heading", name="Jonas Weiß")).to_be_focused()
    await expect(panel).to_contain_text("The shop may write to me.")
    link = panel.get_by_role("link", name="https://shop.example/lamps")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(rows.get_by_role("link")).to_be_focused()
    await page.get_by_role("button", name="Clear the filters").click()
    await page.get_by_label("Consent").select_option("Without consent")
    await expect(rows).to_have_count(2)
    await rows.filter(has_text="<img").get_by_role("link").click()
    await expect(panel).to_contain_text("javascript:alert(1)")
    await expect(panel.get_by_role("link", name="javascript")).to_have_count(0)
    await page.keyboard.press("j")
    await expect(panel).to_contain_text("Ann Bell")
    await page.go_back()
    await expect(panel).to_contain_text("<img")
    assert await page.title() != "owned"
    assert complaints.items == []


async def test_what_is_filtered_is_exported(
    page: Page, server: Server, shop: Shop, tmp_path: Path
) -> None:
    fill(shop)
    await open_dashboard(page, server, shop.boss, place(shop))
    await page.goto(f"{server.url}/app{place(shop, '?q=example.com&consent=true')}")
    await expect(page.get_by_role("list", name="Leads").get_by_role("listitem")).to_have_count(1)
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="Export as CSV").click()
    download = await begun.value
    assert download.suggested_filename.endswith(".csv")
    await download.save_as(tmp_path / "leads.csv")
    with (tmp_path / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert "Jonas Weiß" in row.values()


async def test_a_lead_is_deleted_unless_it_is_undone(
    page: Page, server: Server, shop: Shop
) -> None:
    lead = add_lead(shop, name="Ann Bell", email="ann@example.com")
    await open_dashboard(page, server, shop.boss, place(shop, f"?lead={lead}"))
    row = page.get_by_role("link", name="Ann Bell")
    await page.get_by_role("button", name="Delete").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("alert").filter(has_text="Deleted")).to_have_count(0)
    await row.click()
    await page.get_by_role("button", name="Delete").click()
    async with page.expect_response(lambda one: one.request.method == "DELETE"):
        told = page.get_by_role("alert").filter(has_text="Deleted: Ann Bell")
        await told.get_by_role("button", name="Close").click()
    assert shop.boss.client.get(f"{shop.desk.path}/leads").json()["items"] == []


async def test_the_page_keeps_to_the_rules(
    page: Page, server: Server, shop: Shop, take_screenshots: TakeScreenshots
) -> None:
    fill(shop)
    visitor = Visitor(server, shop.desk)
    visitor.write("Where is my parcel?")
    visitor.escalate("who-waits-for-a-person@example.com")
    await open_dashboard(page, server, shop.boss, place(shop))
    await hold_to_the_rules(page, "leads", take_screenshots)
    await page.get_by_role("link", name="who-waits").click()
    await expect(page.get_by_role("link", name="Open the conversation")).to_be_visible()
    await hold_to_the_rules(page, "lead", take_screenshots)
