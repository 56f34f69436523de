"""The settings of a project in general: its name, its limits, its end; and what all share."""

from playwright.async_api import expect

from tests.browser.dashboard.opening import expect_told, hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import (
    UNSAVED,
    change,
    expect_saved,
    open_part,
    project_of,
    save,
    settings_of,
)
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import open_shop
from tests.conftest import Server


async def test_who_may_only_read_sees_everything_and_changes_nothing(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    viewer = shop.join("Vera", "viewer")
    at = f"/p/{shop.desk.project_id}/settings"
    await open_dashboard(page, server, viewer, f"{at}/general")
    await expect(page.get_by_text("You can see this, but not change it.")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    await expect(page.get_by_role("button", name="Delete…")).to_have_count(0)
    await page.get_by_role("link", name="Office hours").click()
    await expect(page.get_by_role("combobox", name="Time zone")).to_be_disabled()
    await expect(page.get_by_role("button", name="Add a holiday")).to_have_count(0)


async def test_the_project_is_renamed_and_refusals_stand_at_their_fields(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "general")
    await hold_to_the_rules(page, "settings-general", take_screenshots)
    name = page.get_by_label("Name", exact=True)
    await name.fill(" ")
    await page.get_by_label("All visitors together, a day").fill("many")
    await save(page)
    await expect(name).to_be_focused()
    await expect(page.get_by_text("Give the project a name.").first).to_be_visible()
    await expect(page.get_by_text("Write a number of 0 or more").first).to_be_visible()
    await name.fill("Harbour Bakery")
    await page.get_by_label("All visitors together, a day").fill("500")
    await page.get_by_label("Tokens").first.fill("100000")
    await page.keyboard.press("Control+s")
    await expect_saved(page)
    # Its name is everywhere at once.
    await expect(page.get_by_role("button", name="Harbour Bakery")).to_be_visible()
    assert project_of(shop)["name"] == "Harbour Bakery"
    assert settings_of(shop)["message_caps"]["per_day"] == 500
    assert settings_of(shop)["spending_caps"]["per_day"]["tokens"] == 100_000


async def test_a_change_of_somebody_else_is_shown_and_not_overwritten(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "general")
    name = page.get_by_label("Name", exact=True)
    await name.fill("Mine")
    # Another part of the project is no conflict.
    change(shop, settings={"privacy": {"retention_days": 30}})
    await save(page)
    await expect_saved(page)
    await name.fill("Mine again")
    change(shop, name="Theirs")
    await save(page)
    await expect(page.get_by_text("Somebody else has changed this meanwhile.")).to_be_visible()
    assert project_of(shop)["name"] == "Theirs"
    await page.get_by_role("button", name="Save mine over it").click()
    await expect_saved(page)
    assert project_of(shop)["name"] == "Mine again"
    assert settings_of(shop)["privacy"]["retention_days"] == 30
    await name.fill("Once more")
    change(shop, name="Theirs again")
    await save(page)
    await page.get_by_role("button", name="Show theirs").click()
    await expect(name).to_have_value("Theirs again")
    await expect(page.get_by_text(UNSAVED)).to_be_hidden()


async def test_leaving_with_something_unsaved_asks(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "general")
    await page.get_by_label("Name", exact=True).fill("Typed")
    await page.get_by_role("link", name="Privacy").click()
    asked = page.get_by_role("dialog", name="Leave without saving?")
    await asked.get_by_role("button", name="Stay").last.click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Typed")
    await page.get_by_role("link", name="Privacy").click()
    await asked.get_by_role("button", name="Leave", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Privacy")
    assert project_of(shop)["name"] != "Typed"


async def test_a_project_is_deleted_once_its_name_is_typed(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    name = project_of(shop)["name"]
    page = await open_page()
    await open_part(page, server, shop, "general")
    await page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Type the name").fill("another")
    await dialog.get_by_role("button", name="Delete it for good").click()
    await expect(dialog.get_by_text("This is not the name of the project.")).to_be_visible()
    await dialog.get_by_label("Type the name").fill(name)
    await dialog.get_by_role("button", name="Delete it for good").click()
    await expect_told(page, f"{name} was deleted")
    found = shop.boss.client.get(f"/v1/projects/{shop.desk.project_id}")
    assert found.status_code == 404
