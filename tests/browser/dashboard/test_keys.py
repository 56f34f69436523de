"""The page of API keys: made for what is chosen, shown once, revoked with undo."""

import pytest
from playwright.async_api import Page, expect

from tests.accounts.keys import make_key, works
from tests.accounts.people import Person, join, sign_up
from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.conftest import Server

PLACE = "/settings/keys"


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


async def test_an_agent_may_not_see_keys(open_page: OpenPage, server: Server, boss: Person) -> None:
    page = await open_page()
    await open_dashboard(page, server, join(server, boss, "agent"), "/settings/profile")
    await page.goto(f"{server.url}/app{PLACE}")
    await expect(page.get_by_role("heading", name="You may not see this")).to_be_visible()


async def test_what_is_missing_is_told_and_nothing_typed_is_lost(
    page: Page, server: Server, boss: Person
) -> None:
    boss.client.post("/v1/projects", json={"name": "Shop"}).raise_for_status()
    await open_dashboard(page, server, boss, PLACE)
    await expect(page.get_by_role("heading", name="No key works at present")).to_be_visible()
    await page.keyboard.press("n")
    form = page.get_by_role("dialog")
    await form.get_by_label("Name").fill("The till")
    await form.get_by_label("do only this").check()
    await form.get_by_role("button", name="Make a key").click()
    await expect(form.get_by_role("alert")).to_contain_text("at least one thing")
    await form.get_by_label("Change: Leads").check()
    await expect(form.get_by_label("Read: Leads")).to_be_checked()
    await form.get_by_label("Only these").check()
    await form.get_by_role("button", name="Make a key").click()
    await expect(form.get_by_role("alert")).to_contain_text("at least one project")
    await form.get_by_label("Shop").check()
    await form.get_by_label("Works until").select_option("A day of your choice")
    await form.get_by_label("Last day").fill("2020-01-31")
    await form.get_by_role("button", name="Make a key").click()
    await expect(form.get_by_role("alert")).to_contain_text("not over")
    await expect(form.get_by_label("Name")).to_have_value("The till")
    await form.get_by_label("Last day").fill("2099-01-31")
    await form.get_by_role("button", name="Make a key").click()
    await expect(page.get_by_role("dialog", name="The key is made")).to_be_visible()
    [made] = boss.client.get("/v1/api-keys").json()["items"]
    assert (made["name"], made["scopes"]) == ("The till", ["leads:write"])
    assert len(made["project_ids"]) == 1
    assert made["expires_at"].startswith(("2099-01-31", "2099-02-01"))


async def test_a_key_for_another_service_is_made_by_a_link_and_works(
    page: Page, server: Server, boss: Person
) -> None:
    await open_dashboard(page, server, boss, f"{PLACE}?program=novachat")
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("For programs written for")).to_have_value("novachat")
    await form.get_by_label("Name").fill("The till")
    await form.get_by_role("button", name="Make a key").click()
    key = await page.get_by_test_id("secret").inner_text()
    assert key.startswith("nc_live_")
    assert works(server, {"key": key})
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_role("listitem").filter(has_text="The till")).to_contain_text(
        "Reads and changes: everything"
    )
    await page.reload()
    assert key not in await page.content()


async def test_a_key_is_revoked_unless_it_is_undone(
    page: Page, server: Server, boss: Person
) -> None:
    key = make_key(boss.client, name="The till")
    await open_dashboard(page, server, boss, PLACE)
    revoke = page.get_by_role("button", name="Revoke “The till”")
    await revoke.click()
    await expect(revoke).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(revoke).to_be_visible()
    await expect(page.get_by_role("alert").filter(has_text="Revoked")).to_have_count(0)
    assert works(server, key)
    await revoke.click()
    async with page.expect_response(lambda one: one.request.method == "DELETE"):
        told = page.get_by_role("alert").filter(has_text="Revoked: The till")
        await told.get_by_role("button", name="Close").click()
    assert not works(server, key)
    await page.get_by_label("Show").select_option("All, also revoked and expired ones")
    await expect(page.get_by_role("listitem").filter(has_text="The till")).to_contain_text(
        "Revoked"
    )
    await page.reload()
    await expect(page.get_by_text("The till")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_label("Show")).to_have_value("")


async def test_the_page_keeps_to_the_rules(
    page: Page, server: Server, boss: Person, take_screenshots: TakeScreenshots
) -> None:
    make_key(boss.client, name="A key with a long name " * 4)
    await open_dashboard(page, server, boss, PLACE)
    await hold_to_the_rules(page, "keys", take_screenshots)
    await page.keyboard.press("n")
    await page.get_by_label("do only this").check()
    await hold_to_the_rules(page, "keys-new", take_screenshots)
