"""API keys of whoever goes or gets a new password, on the pages of accounts."""

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.accounts.keys import make_key, works
from tests.accounts.people import PASSWORD, Person, join, mailed_link, sign_up
from tests.browser.accessibility import problems
from tests.browser.log_ins import log_in
from tests.browser.pages import PHONE, Complaints, OpenPage
from tests.conftest import Server

NEW = "another sentence entirely"


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


@pytest.fixture
def reset_link(server: Server, boss: Person, visitor: httpx.Client) -> str:
    """What the mail to the boss leads to, who has forgotten the password."""
    visitor.post("/v1/auth/reset-request", json={"email": boss.email})
    return f"{server.url}/reset#token={mailed_link(server, boss.email, 'token')}"


async def ask_to_remove(page: Page, member: Person) -> None:
    row = page.locator("#people li", has_text=member.email)
    await row.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("dialog")).to_contain_text(f"Remove {member.email}")


async def test_who_cancels_removes_nobody_and_revokes_nothing(
    page: Page, server: Server, boss: Person
) -> None:
    member = join(server, boss, "admin")
    key = make_key(member.client, name="Shop's server")
    await log_in(page, server, boss.email)
    await ask_to_remove(page, member)
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await ask_to_remove(page, member)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#people li")).to_have_count(2)
    assert works(server, key)


async def test_the_keys_of_a_member_are_named_and_revoked_with_the_removal(
    page: Page, server: Server, boss: Person, complaints: Complaints
) -> None:
    member = join(server, boss, "admin")
    key, bosses = make_key(member.client, name="Shop <b>server</b>"), make_key(boss.client)
    await log_in(page, server, boss.email)
    await ask_to_remove(page, member)
    listed = page.locator("#removal-list li")
    await expect(listed).to_have_count(1)
    for told in ("Shop <b>server</b>", key["hint"], key["id"], "last used: never"):
        await expect(listed).to_contain_text(told)
    await expect(page.get_by_label("Revoke these keys")).to_be_checked()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.locator("#people li")).to_have_count(1)
    assert (works(server, key), works(server, bosses)) == (False, True)
    assert complaints.items == []


async def test_without_the_tick_they_go_on(page: Page, server: Server, boss: Person) -> None:
    member = join(server, boss, "admin")
    key = make_key(member.client)
    await log_in(page, server, boss.email)
    await ask_to_remove(page, member)
    await page.get_by_label("Revoke these keys").uncheck()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.locator("#people li")).to_have_count(1)
    assert works(server, key)


async def test_a_member_without_keys_is_removed_without_a_word_about_them(
    page: Page, server: Server, boss: Person
) -> None:
    make_key(boss.client)
    member = join(server, boss, "viewer")
    await log_in(page, server, boss.email)
    await ask_to_remove(page, member)
    await expect(page.get_by_label("Revoke these keys")).to_be_hidden()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.locator("#people li")).to_have_count(1)


async def test_a_changed_password_tells_which_keys_work_and_revokes_them_if_ticked(
    page: Page, server: Server, boss: Person, complaints: Complaints
) -> None:
    key = make_key(boss.client, name="Shop's server")
    await log_in(page, server, boss.email)
    told = page.locator("#password-told")
    revoke = page.get_by_label("Also revoke the API keys that I made")
    for before, after, tick in ((PASSWORD, NEW, False), (NEW, PASSWORD, True)):
        await page.get_by_label("Current password").fill(before)
        await page.get_by_label("New password").fill(after)
        await revoke.set_checked(tick)
        await page.get_by_role("button", name="Change the password").click()
        if tick:
            await expect(told).to_have_text(
                "The password is changed. 1 API key that you made is revoked."
            )
        else:
            await expect(told).to_contain_text("1 API key that you made still works: “Shop's")
            await expect(told).to_contain_text(key["hint"])
        await expect(revoke).not_to_be_checked()
        assert works(server, key) is not tick
    assert complaints.items == []


@pytest.mark.parametrize("tick", [False, True])
async def test_the_page_of_a_link_names_no_key_before_and_offers_to_revoke_them(
    page: Page, server: Server, boss: Person, reset_link: str, tick: bool
) -> None:
    key = make_key(boss.client, name="Shop's server")
    await page.goto(reset_link)
    await page.get_by_label("Password").fill(NEW)
    revoke = page.get_by_label("Also revoke the API keys that I made")
    await expect(revoke).not_to_be_checked()
    await expect(page.get_by_role("main")).not_to_contain_text("Shop")
    await revoke.set_checked(tick)
    await page.get_by_role("button", name="Set the password").click()
    said = "1 API key that you made is revoked." if tick else "still works: “Shop's server”"
    await expect(page.get_by_role("status")).to_contain_text(said)
    assert works(server, key) is not tick


async def test_the_question_can_be_read_hit_and_named(
    open_page: OpenPage, server: Server, boss: Person
) -> None:
    member = join(server, boss, "admin")
    make_key(member.client, name="A key with a long name " * 4)
    page = await open_page(viewport=PHONE)
    await log_in(page, server, boss.email)
    await ask_to_remove(page, member)
    assert await problems(page) == []
