"""Who speaks for a project: the agents, each one's form, and texts for programs."""

import re
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.dashboard.opening import expect_told, hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import UNSAVED, change, expect_saved, open_part, save
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, open_shop
from tests.conftest import Server
from tests.waiting import PATIENCE, attempts


def agents_of(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.boss.client.get(f"{shop.desk.path}/agents").json()["items"]
    return found


def active_agent(shop: Shop) -> dict[str, Any]:
    [active] = [one for one in agents_of(shop) if one["active"]]
    return active


def change_agent(shop: Shop, **body: Any) -> None:
    """As somebody else of the team does meanwhile."""
    path = f"{shop.desk.path}/agents/{active_agent(shop)['id']}"
    shop.boss.client.patch(path, json=body).raise_for_status()


async def open_agent(page: Page, server: Server, shop: Shop) -> None:
    await open_part(page, server, shop, f"agents?agent={active_agent(shop)['id']}")


async def test_who_may_only_read_sees_the_agents_and_changes_nothing(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    viewer = shop.join("Vera", "viewer")
    await open_dashboard(page, server, viewer, f"/p/{shop.desk.project_id}/settings/agents")
    for name in ("Add an agent", "Add a text"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    await expect(page.get_by_text("None yet. You need them only for programs")).to_be_visible()
    await page.get_by_role("link", name=active_agent(shop)["name"]).click()
    await expect(page.get_by_text("You can see this, but not change it.")).to_be_visible()
    for label in ("Name", "Greeting"):
        await expect(page.get_by_label(label, exact=True)).to_be_disabled()
    await expect(page.get_by_label("People are available")).to_be_disabled()
    await expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)


async def test_an_agent_that_is_not_there_is_told(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, f"agents?agent=agent_{'0' * 32}")
    await expect(page.get_by_text("This does not exist, or it was deleted")).to_be_visible()
    await page.get_by_role("link", name="All agents").click()
    await expect(page.get_by_role("list", name="Agents")).to_be_visible()


async def test_an_agent_is_added_made_active_and_removed(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    first = active_agent(shop)["name"]
    page = await open_page()
    await open_part(page, server, shop, "agents")
    await page.keyboard.press("n")
    form = page.get_by_role("dialog", name="Add an agent")
    await form.get_by_role("button", name="Add it").click()
    name = form.get_by_label("Name")
    await expect(name).to_have_accessible_description(re.compile("Give the agent a name"))
    await name.fill("Night shift")
    await name.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Night shift")
    await page.go_back()
    row = page.get_by_role("list", name="Agents").get_by_role("listitem")
    await expect(row).to_have_count(2)
    await hold_to_the_rules(page, "settings-agents", take_screenshots)
    await page.get_by_role("button", name="Make active: Night shift").click()
    await expect_told(page, "Night shift answers from now on")
    assert active_agent(shop)["name"] == "Night shift"
    await page.get_by_role("button", name=f"Remove {first}").click()
    await expect(row).to_have_count(1)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_have_count(2)
    await page.get_by_role("button", name=f"Remove {first}").click()
    await page.reload()
    # The page that was left has it removed; the new one may have been quicker.
    assert any(len(agents_of(shop)) == 1 for _ in attempts(PATIENCE))
    await page.reload()
    await expect(row).to_have_count(1)
    assert [one["name"] for one in agents_of(shop)] == ["Night shift"]


async def test_the_greeting_is_edited_and_what_hides_it_is_told(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    shop.boss.client.post(f"{shop.desk.path}/agents", json={"name": "Night"}).raise_for_status()
    page = await open_page()
    await open_agent(page, server, shop)
    name = page.get_by_label("Name", exact=True)
    await name.fill(" ")
    await page.get_by_label("Greeting", exact=True).fill("Welcome aboard")
    await save(page)
    await expect(name).to_be_focused()
    await expect(page.get_by_text("Give the agent a name.").first).to_be_visible()
    await name.fill("Ada")
    await save(page)
    await expect_saved(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ada")
    assert {one["greeting"] for one in agents_of(shop) if one["active"]} == {"Welcome aboard"}
    assert {one["greeting"] for one in agents_of(shop) if not one["active"]} == {None}
    # Visitors read it, until the look has a welcome of its own.
    visitor = await open_page()
    await visitor.goto(f"{server.url}/widget/test?project={shop.desk.project_id}")
    await visitor.get_by_role("button", name="Chat with Ada").click()
    await expect(visitor.frame_locator("iframe").get_by_text("Welcome aboard")).to_be_visible()
    change(shop, settings={"look": {"welcome": "Hi"}})
    await page.reload()
    await expect(page.get_by_text("Visitors read the welcome that is set under")).to_be_visible()
    await hold_to_the_rules(page, "settings-agent", take_screenshots)


async def test_hours_of_its_own_are_refused_and_kept(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_agent(page, server, shop)
    await page.get_by_label("People are available").select_option(
        "People are there in hours of its own"
    )
    own = page.get_by_role("region", name="Hours of this agent")
    await own.get_by_label("At these times", exact=True).check()
    await own.get_by_label("Monday: until").fill("08:00")
    await save(page)
    await expect(own.get_by_text("The end is not after the beginning.")).to_be_visible()
    await own.get_by_label("Monday: until").fill("12:00")
    await save(page)
    await expect_saved(page)
    kept = active_agent(shop)
    assert kept["availability"] == "own_hours"
    assert kept["hours"]["days"]["mon"] == [{"start": "09:00:00", "end": "12:00:00"}]
    await page.reload()
    await expect(own.get_by_label("Monday: until")).to_have_value("12:00")


async def test_a_change_of_somebody_else_is_shown_and_not_overwritten(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_agent(page, server, shop)
    greeting = page.get_by_label("Greeting", exact=True)
    await greeting.fill("Mine")
    change_agent(shop, greeting="Theirs", availability="always")
    await save(page)
    await expect(page.get_by_text("Somebody else has changed this meanwhile.")).to_be_visible()
    assert active_agent(shop)["greeting"] == "Theirs"
    await page.get_by_role("button", name="Save mine over it").click()
    await expect_saved(page)
    kept = active_agent(shop)
    # What they changed besides stays.
    assert (kept["greeting"], kept["availability"]) == ("Mine", "always")
    await greeting.fill("Mine again")
    change_agent(shop, greeting="Theirs again")
    await save(page)
    await page.get_by_role("button", name="Show theirs").click()
    await expect(greeting).to_have_value("Theirs again")
    await expect(page.get_by_text(UNSAVED)).to_be_hidden()


async def test_background_texts_are_added_edited_and_removed(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "agents")
    await page.get_by_role("button", name="Add a text").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Name").fill("House rules")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_have_text("Write a name and a text.")
    await form.get_by_label("Text", exact=True).fill("We never promise a date.")
    await form.get_by_role("button", name="Save").click()
    row = page.get_by_role("list", name="Background texts").get_by_role("listitem")
    await expect(row).to_contain_text("We never promise a date.")
    await page.get_by_role("button", name="Edit House rules").click()
    await form.get_by_label("Text", exact=True).fill("We sometimes promise a date.")
    await form.get_by_role("button", name="Save").click()
    await expect(row).to_contain_text("We sometimes promise a date.")
    await page.get_by_role("button", name="Remove House rules").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    [kept] = shop.boss.client.get(f"{shop.desk.path}/contexts").json()["items"]
    assert kept["text"] == "We sometimes promise a date."
