"""Each part of a project's settings, edited in a real browser and read back over the API."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.accounts.people import Person, join, sign_up
from tests.browser.log_ins import log_in
from tests.browser.settings.opening import (
    add_project,
    expect_saved,
    open_settings,
    save,
    settings_of,
)
from tests.conftest import Server

PARTS = ("name", "greeting", "hours", "caps", "privacy")


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


@pytest.fixture
def project(boss: Person) -> dict[str, Any]:
    return add_project(boss)


def name_of(boss: Person, project: dict[str, Any]) -> str:
    return str(boss.client.get(f"/v1/projects/{project['id']}").json()["name"])


async def open_part(page: Page, server: Server, boss: Person, part: str) -> Locator:
    await log_in(page, server, boss.email)
    await open_settings(page, server, f"#/{part}")
    form = page.locator(f"#{part}")
    await expect(form).to_be_visible()
    return form


async def test_without_a_project_it_says_where_to_create_one(
    page: Page, server: Server, boss: Person
) -> None:
    await log_in(page, server, boss.email)
    await open_settings(page, server, "#/name")
    await expect(page.get_by_text("There is no project yet.")).to_be_visible()
    await expect(page.get_by_role("link", name="Create one")).to_be_visible()
    await page.goto(f"{server.url}/settings?project=proj_{'0' * 32}#/name")
    await expect(page.locator("#lead")).to_have_text("API keys of the account.")


async def test_who_may_only_read_sees_everything_and_changes_nothing(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    await log_in(page, server, join(server, boss, "viewer").email)
    for part in PARTS:
        await open_settings(page, server, f"#/{part}")
        form = page.locator(f"#{part}")
        await expect(form).to_be_visible()
        await expect(
            page.get_by_text("Only an owner or admin of this account can change")
        ).to_be_visible()
        for field in await form.locator("input, textarea, select").all():
            await expect(field).to_be_disabled()
        await expect(form.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert project["name"] in await page.locator("#lead").inner_text()


async def test_the_name_is_edited_and_refused_at_its_field(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_part(page, server, boss, "name")
    name = form.get_by_label("Name of the project")
    await name.fill(" ")
    await save(page, "name")
    await expect(name).to_have_accessible_description("Give the project a name.")
    await name.fill("Mill & Sons")
    await save(page, "name")
    await expect_saved(page)
    assert boss.client.get(f"/v1/projects/{project['id']}").json()["name"] == "Mill & Sons"
    await expect(page.locator("#project option:checked")).to_have_text("Mill & Sons")


@pytest.mark.parametrize(("old", "new"), [("look", "look"), ("origins", "sites")])
async def test_parts_that_moved_to_the_widgets_page_are_led_to(
    page: Page, server: Server, boss: Person, project: dict[str, Any], old: str, new: str
) -> None:
    await log_in(page, server, boss.email)
    await page.goto(f"{server.url}/settings?project={project['id']}#/{old}")
    await expect(page.locator(f"#view-{new}")).to_be_visible()
    assert page.url == f"{server.url}/widget?project={project['id']}#/{new}"


async def test_the_active_agents_greeting_is_edited(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}"
    boss.client.post(f"{path}/agents", json={"name": "Night"}).raise_for_status()
    boss.client.patch(path, json={"settings": {"look": {"welcome": "Hi"}}}).raise_for_status()
    form = await open_part(page, server, boss, "greeting")
    await expect(page.get_by_text("Visitors read the widget's welcome instead.")).to_be_visible()
    await form.get_by_label("What it says first").fill("Welcome aboard")
    await save(page, "greeting")
    await expect_saved(page)
    agents = boss.client.get(f"{path}/agents").json()["items"]
    assert {one["greeting"] for one in agents if one["active"]} == {"Welcome aboard"}
    assert {one["greeting"] for one in agents if not one["active"]} == {None}


async def test_times_that_cannot_be_are_told_at_their_fields(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_part(page, server, boss, "hours")
    await expect(form.get_by_label("Always")).to_be_checked()
    await form.get_by_label("At these times:").check()
    monday = form.get_by_role("group", name="Monday")
    await expect(monday.get_by_text("Closed")).to_be_visible()
    for _ in range(2):
        await monday.get_by_role("button", name="Add times on Monday").click()
        await expect(monday.get_by_label("Monday: from").last).to_be_focused()
    await save(page, "hours")
    await expect(monday.get_by_text("Write both times")).to_be_visible()
    await monday.get_by_label("Monday: from").last.fill("16:00")
    for end, told in (
        ("15:00", "This is not after the beginning."),
        ("00:00", "These times overlap others on Monday."),
    ):
        await monday.get_by_label("Monday: until").last.fill(end)
        await save(page, "hours")
        await expect(monday.get_by_text(told)).to_be_visible()
    assert settings_of(boss, project)["office_hours"]["days"] == {}


async def test_holidays_and_zones_that_cannot_be_are_told_at_their_fields(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_part(page, server, boss, "hours")
    for day in ("2026-12-24", "2026-12-24", ""):
        await form.get_by_role("button", name="Add a holiday").click()
        await form.get_by_label("Day", exact=True).last.fill(day)
    await save(page, "hours")
    await expect(form.get_by_text("This day is listed twice.")).to_be_visible()
    await expect(form.get_by_text("Choose the day, or remove this line.")).to_be_visible()
    for _ in range(3):
        await form.get_by_role("button", name="Remove this holiday").first.click()
    await expect(form.get_by_role("button", name="Add a holiday")).to_be_focused()
    zone = form.get_by_label("Time zone")
    await zone.fill("Europe/Entenhausen")
    await save(page, "hours")
    await expect(zone).to_be_focused()
    await expect(form.locator(".field-error")).to_contain_text("such as Europe/Berlin")
    assert settings_of(boss, project) == project["settings"]


async def test_office_hours_and_holidays_are_edited(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_part(page, server, boss, "hours")
    await form.get_by_label("Time zone").fill("Europe/Berlin")
    await form.get_by_label("At these times:").check()
    for _ in range(2):
        await form.get_by_role("button", name="Add times on Monday").click()
    await form.get_by_label("Monday: from").last.fill("18:30")
    await form.get_by_label("Monday: until").last.fill("00:00")
    for day in ("2026-12-24", "2026-12-25"):
        await form.get_by_role("button", name="Add a holiday").click()
        await form.get_by_label("Day", exact=True).last.fill(day)
    await form.get_by_label("Name (optional)").last.fill("Christmas")
    await save(page, "hours")
    await expect_saved(page)
    hours = settings_of(boss, project)["office_hours"]
    assert hours["timezone"] == "Europe/Berlin"
    monday = [(one["start"][:5], one["end"][:5]) for one in hours["days"].pop("mon")]
    assert monday == [("09:00", "17:00"), ("18:30", "00:00")]
    assert set(map(len, hours["days"].values())) == {0}
    assert hours["holidays"] == [
        {"date": "2026-12-24", "name": None},
        {"date": "2026-12-25", "name": "Christmas"},
    ]
    await page.reload()
    await expect(form.get_by_label("Monday: until").last).to_have_value("00:00")
    await form.get_by_role("button", name="Remove these times on Monday").first.click()
    await form.get_by_role("button", name="Remove this holiday").first.click()
    await save(page, "hours")
    await expect_saved(page)
    hours = settings_of(boss, project)["office_hours"]
    assert (len(hours["days"]["mon"]), len(hours["holidays"])) == (1, 1)
    await form.get_by_label("Always").check()
    await save(page, "hours")
    await expect(form.get_by_text("Not saved yet")).to_be_hidden()
    assert settings_of(boss, project)["office_hours"]["days"] == {}


async def test_hours_that_the_agent_overrides_say_so(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}/agents"
    [agent] = boss.client.get(path).json()["items"]
    boss.client.patch(f"{path}/{agent['id']}", json={"availability": "always"}).raise_for_status()
    await open_part(page, server, boss, "hours")
    await expect(page.get_by_text("so these hours are not used")).to_be_visible()


async def test_message_caps_are_edited(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_part(page, server, boss, "caps")
    await form.get_by_label("All visitors together").fill("-1")
    await form.get_by_label("One visitor").fill("1.5")
    await save(page, "caps")
    await expect(form.locator(".field-error")).to_have_count(2)
    await form.get_by_label("All visitors together").fill("500")
    await form.get_by_label("One visitor").fill("0")
    await save(page, "caps")
    await expect_saved(page)
    assert settings_of(boss, project)["message_caps"] == {"per_day": 500, "per_visitor_per_day": 0}
    await form.get_by_label("All visitors together").fill("")
    await save(page, "caps")
    await expect(form.get_by_text("Not saved yet")).to_be_hidden()
    assert settings_of(boss, project)["message_caps"]["per_day"] is None


async def test_privacy_is_edited(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_part(page, server, boss, "privacy")
    await form.get_by_label("Days to keep conversations").fill("0")
    await form.get_by_label("Days to keep leads").fill("3651")
    await save(page, "privacy")
    await expect(form.get_by_text("Write a whole number from 1 to 3,650")).to_have_count(2)
    await form.get_by_label("Days to keep conversations").fill("90")
    await form.get_by_label("Days to keep leads").fill("")
    await form.get_by_label("Store [card]").uncheck()
    await form.get_by_label("What visitors agree to").fill("You may write to me.")
    await save(page, "privacy")
    await expect_saved(page)
    kept = settings_of(boss, project)
    assert kept["privacy"] == {
        "retention_days": 90,
        "lead_retention_days": None,
        "redact": True,
        "mask_cards": False,
    }
    assert kept["lead_capture"]["consent_text"] == "You may write to me."


async def test_a_change_of_somebody_else_is_told_and_not_overwritten(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}"
    form = await open_part(page, server, boss, "name")
    name = form.get_by_label("Name of the project")
    conflict = form.get_by_text("Somebody else changed this meanwhile.")
    for theirs, mine in (("Theirs", "Mine"), ("Theirs again", "Mine again")):
        await name.fill(mine)
        boss.client.patch(path, json={"name": theirs}).raise_for_status()
        await save(page, "name")
        await expect(conflict).to_be_visible()
        await expect(name).to_have_value(mine)
        assert name_of(boss, project) == theirs
        if mine == "Mine":
            await form.get_by_role("button", name="Show what is saved").click()
            await expect(name).to_have_value(theirs)
        else:
            await form.get_by_role("button", name="Save mine over it").click()
            await expect_saved(page)
            assert name_of(boss, project) == mine
        await expect(conflict).to_be_hidden()


async def test_a_change_of_another_part_is_no_conflict_and_stays(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}"
    form = await open_part(page, server, boss, "caps")
    await form.get_by_label("All visitors together").fill("7")
    boss.client.patch(path, json={"name": "Hi"}).raise_for_status()
    await save(page, "caps")
    await expect_saved(page)
    kept = settings_of(boss, project)
    assert (kept["message_caps"]["per_day"], name_of(boss, project)) == (7, "Hi")
    await page.get_by_role("link", name="Name").click()
    await expect(page.get_by_label("Name of the project")).to_have_value("Hi")


async def test_a_change_in_one_part_hides_no_conflict_in_another(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}"
    form = await open_part(page, server, boss, "name")
    await form.get_by_label("Name of the project").fill("Mine")
    boss.client.patch(path, json={"name": "Theirs"}).raise_for_status()
    await page.get_by_role("link", name="Message caps").click()
    await page.get_by_label("One visitor").fill("7")
    await save(page, "caps")
    await expect_saved(page)
    await page.get_by_role("link", name="Name (not saved yet)").click()
    await save(page, "name")
    await expect(form.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    assert name_of(boss, project) == "Theirs"


async def test_what_is_not_saved_is_kept_between_parts_and_asked_about_before_leaving(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    other = add_project(boss, "Mill")
    form = await open_part(page, server, boss, "name")
    await form.get_by_label("Name of the project").fill("Unsaved")
    await expect(form.get_by_text("Not saved yet")).to_be_visible()
    await page.get_by_role("link", name="API keys").click()
    await page.get_by_role("link", name="Name (not saved yet)").click()
    await expect(form.get_by_label("Name of the project")).to_have_value("Unsaved")
    await page.get_by_label("Project", exact=True).select_option(other["id"])
    await page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    await expect(page.get_by_label("Project", exact=True)).to_have_value(project["id"])
    asked: list[str] = []

    async def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.once("dialog", stay)
    await page.get_by_role("link", name="Inbox").click(no_wait_after=True)
    await expect(form.get_by_label("Name of the project")).to_have_value("Unsaved")
    await page.get_by_label("Project", exact=True).select_option(other["id"])
    await page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await expect(page.locator("#lead")).to_contain_text("Mill")
    assert asked == ["beforeunload"]
    await expect(form.get_by_label("Name of the project")).to_have_value("Mill")
    await form.get_by_label("Name of the project").fill("Typed")
    await form.get_by_role("button", name="Undo").click()
    await expect(form.get_by_label("Name of the project")).to_have_value("Mill")
    await page.get_by_role("link", name="Inbox").click()
    await expect(page).to_have_title("Inbox")
