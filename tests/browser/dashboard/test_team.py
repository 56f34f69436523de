"""The page of the team: who may change whom, inviting, and what becomes of a member's keys."""

import pytest
from playwright.async_api import Page, expect

from tests.accounts.keys import make_key, works
from tests.accounts.people import PASSWORD, Person, fresh_email, join, sign_up
from tests.browser.dashboard.opening import expect_told, hold_to_the_rules, open_dashboard
from tests.browser.log_ins import expect_account, log_out
from tests.browser.pages import Complaints, OpenPage, TakeScreenshots
from tests.conftest import Server
from tests.waiting import PATIENCE

PLACE = "/settings/team"


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


async def test_an_agent_is_not_shown_the_team(
    open_page: OpenPage, server: Server, boss: Person
) -> None:
    page = await open_page()
    await open_dashboard(page, server, join(server, boss, "agent"), "/settings/profile")
    links = page.get_by_role("navigation", name="Settings")
    await expect(links.get_by_role("link", name="Your profile")).to_be_visible()
    await expect(links.get_by_role("link", name="Team")).to_have_count(0)
    await page.goto(f"{server.url}/app{PLACE}")
    await expect(page.get_by_role("heading", name="You may not see this")).to_be_visible()


async def test_the_last_owner_stays_and_an_admin_changes_no_owner(
    open_page: OpenPage, server: Server, boss: Person
) -> None:
    page = await open_page()
    await open_dashboard(page, server, boss, PLACE)
    role = page.get_by_label(f"Role of {boss.email}")
    await role.select_option("Administrator")
    await expect(page.get_by_role("alert")).to_contain_text("owner")
    await expect(role).to_have_value("owner")
    page = await open_page()
    await open_dashboard(page, server, join(server, boss, "admin"), PLACE)
    row = page.get_by_role("listitem").filter(has_text=boss.email)
    await expect(row).to_contain_text("Owner")
    await expect(row.get_by_role("button")).to_have_count(0)


async def test_somebody_is_invited_joins_and_gets_another_role(
    page: Page, server: Server, boss: Person
) -> None:
    await open_dashboard(page, server, boss, PLACE)
    invited = fresh_email("kim")
    await page.keyboard.press("n")
    form = page.get_by_role("dialog")
    await form.get_by_label("E-mail address").fill(boss.email)
    await form.get_by_role("button", name="Invite somebody").click()
    await expect(form.get_by_role("alert")).to_be_visible()
    await form.get_by_label("E-mail address").fill(invited)
    await form.get_by_label("Role").select_option("Viewer")
    await form.get_by_role("button", name="Invite somebody").click()
    shown = page.get_by_role("dialog", name=f"{invited} is invited")
    link = await shown.get_by_test_id("secret").inner_text()
    await shown.get_by_role("button", name="I have it").click()
    row = page.get_by_role("list", name="Invited").get_by_role("listitem")
    await expect(row).to_contain_text("there is no mail server", timeout=PATIENCE * 1000)
    await log_out(page)
    await page.goto(f"{server.url}/invitation#{link.partition('#')[2]}")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Join").click()
    await expect_account(page, invited)
    await page.context.clear_cookies()
    await open_dashboard(page, server, boss, PLACE)
    await expect(page.get_by_role("list", name="Invited")).to_have_count(0)
    await page.get_by_label(f"Role of {invited}").select_option("Agent")
    await expect_told(page, "has a new role: Agent")
    roles = {one["email"]: one["role"] for one in boss.client.get("/v1/members").json()["items"]}
    assert roles[invited] == "agent"


async def test_an_invitation_is_withdrawn_unless_it_is_undone(
    page: Page, server: Server, boss: Person
) -> None:
    body = {"email": fresh_email("kim"), "role": "agent"}
    boss.client.post("/v1/invitations", json=body).raise_for_status()
    await open_dashboard(page, server, boss, PLACE)
    withdraw = page.get_by_role("button", name="Withdraw")
    await withdraw.click()
    await expect(withdraw).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("alert").filter(has_text="Withdrawn")).to_have_count(0)
    await withdraw.click()
    async with page.expect_response(lambda one: one.request.method == "DELETE"):
        told = page.get_by_role("alert").filter(has_text="Withdrawn")
        await told.get_by_role("button", name="Close").click()
    assert boss.client.get("/v1/invitations").json()["items"] == []


async def test_who_cancels_removes_nobody_and_revokes_nothing(
    page: Page, server: Server, boss: Person
) -> None:
    member = join(server, boss, "admin")
    key = make_key(member.client, name="Shop's server")
    await open_dashboard(page, server, boss, PLACE)
    for leave in ("Cancel", "Escape"):
        await page.get_by_role("button", name=f"Remove {member.email}").click()
        dialog = page.get_by_role("dialog", name=f"Remove {member.email}?")
        await expect(dialog.get_by_label("Revoke these keys")).to_be_checked()
        if leave == "Cancel":
            await dialog.get_by_role("button", name="Cancel").click()
        else:
            await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
    assert len(boss.client.get("/v1/members").json()["items"]) == 2
    assert works(server, key)


@pytest.mark.parametrize("revokes", [True, False])
async def test_the_keys_of_a_member_are_named_and_revoked_if_ticked(
    page: Page, server: Server, boss: Person, complaints: Complaints, revokes: bool
) -> None:
    member = join(server, boss, "admin")
    key, bosses = make_key(member.client, name="Shop <b>server</b>"), make_key(boss.client)
    await open_dashboard(page, server, boss, PLACE)
    await page.get_by_role("button", name=f"Remove {member.email}").click()
    dialog = page.get_by_role("dialog")
    for told in ("Shop <b>server</b>", key["hint"], "never used"):
        await expect(dialog.get_by_role("listitem")).to_contain_text(told)
    await dialog.get_by_label("Revoke these keys").set_checked(revokes)
    await dialog.get_by_role("button", name="Remove").click()
    members = page.get_by_role("list", name="Members").get_by_role("listitem")
    await expect(members).to_have_count(1)
    assert (works(server, key), works(server, bosses)) == (not revokes, True)
    assert complaints.items == []


async def test_a_member_without_keys_is_removed_with_undo(
    page: Page, server: Server, boss: Person
) -> None:
    member = join(server, boss, "viewer")
    await open_dashboard(page, server, boss, PLACE)
    remove = page.get_by_role("button", name=f"Remove {member.email}")
    await remove.click()
    await expect(remove).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(remove).to_be_visible()
    assert len(boss.client.get("/v1/members").json()["items"]) == 2


async def test_the_page_keeps_to_the_rules(
    page: Page, server: Server, boss: Person, take_screenshots: TakeScreenshots
) -> None:
    join(server, boss, "agent")
    body = {"email": fresh_email("a-long-name-of-somebody-who-is-invited"), "role": "agent"}
    boss.client.post("/v1/invitations", json=body).raise_for_status()
    await open_dashboard(page, server, boss, PLACE)
    await expect(page.get_by_role("heading", name="Invited")).to_be_visible()
    await hold_to_the_rules(page, "team", take_screenshots)
