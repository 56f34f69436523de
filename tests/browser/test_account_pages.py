"""The pages of accounts, in a real browser against a real server."""

import secrets

from playwright.async_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.pages import PHONE, Complaints, OpenPage
from tests.conftest import Server
from tests.waiting import PATIENCE, attempts

PASSWORD = "a sentence that nobody says"


def _address() -> str:
    return f"anna-{secrets.token_hex(4)}@example.com"


async def _sign_up(page: Page, server: Server, email: str) -> None:
    await page.goto(f"{server.url}/signup")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Name of the company").fill("Anna's shop")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Anna's shop")


async def test_a_password_that_is_too_common_is_refused_with_a_reason(
    page: Page, server: Server
) -> None:
    await page.goto(f"{server.url}/signup")
    await expect(page.get_by_text("15 or more are recommended")).to_be_visible()
    await page.get_by_label("E-mail address").fill(_address())
    await page.get_by_label("Password").fill("passwordpassword")
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("alert")).to_contain_text("too common")
    assert page.url.endswith("/signup")


async def test_the_wrong_password_is_refused_and_tells_nothing_of_the_address(
    page: Page, server: Server
) -> None:
    await page.goto(f"{server.url}/login")
    told = []
    for email in (_address(), _address()):
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_label("Password").fill("not the password at all")
        await page.get_by_role("button", name="Log in").click()
        told.append(await page.get_by_role("alert").inner_text())
    assert told[0] == told[1] != ""


async def test_without_a_log_in_the_account_page_leads_to_it(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/account")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


async def test_one_signs_up_creates_a_project_and_finds_its_settings(
    page: Page, server: Server, complaints: Complaints
) -> None:
    await _sign_up(page, server, _address())
    await page.get_by_label("Name of a new project").fill("Website")
    await page.locator("#new-project button").click()
    await expect(page.get_by_role("link", name="Website")).to_be_visible()
    await page.get_by_role("link", name="Make, see and revoke them").click()
    await expect(page.get_by_label("For programs written for")).to_be_visible()
    await page.go_back()
    row = page.locator("#projects li", has_text="Website")
    await row.get_by_role("link", name="Settings").click()
    await expect(page.locator("#lead")).to_contain_text("Website")
    assert complaints.items == []


async def test_an_invited_person_joins_by_the_link_and_sees_what_a_viewer_may(
    page: Page, server: Server
) -> None:
    await _sign_up(page, server, _address())
    await page.get_by_label("E-mail address to invite").fill(_address())
    await page.locator("#new-invitation button").click()
    shown = page.locator("#new-invitation-shown code")
    await expect(shown).to_contain_text("#invitation=")
    fragment = (await shown.inner_text()).partition("#")[2]
    await page.get_by_role("button", name="Log out", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    await page.goto(f"{server.url}/invitation#{fragment}")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Anna's shop")
    await expect(page.locator("#account-who")).to_contain_text("viewer")
    await expect(page.get_by_role("heading", name="API keys")).to_be_hidden()


async def test_an_invitation_that_cannot_be_mailed_is_listed_as_that_and_withdrawn(
    page: Page, server: Server, complaints: Complaints
) -> None:
    await _sign_up(page, server, _address())
    await expect(page.get_by_role("heading", name="Invited")).to_be_hidden()
    invited = _address()
    await page.get_by_label("E-mail address to invite").fill(invited)
    await page.locator("#new-invitation button").click()
    shown = page.locator("#new-invitation-shown")
    await expect(shown).to_contain_text("can't send mail yet. Pass on the link yourself.")
    await expect(shown).not_to_contain_text("sent")
    row = page.locator("#invitations li")
    await expect(row).to_contain_text(invited)
    for _ in attempts(PATIENCE):
        await page.reload()
        await expect(row).to_contain_text("viewer · ")
        if "not mailed: there is no mail server" in await row.inner_text():
            break
    await expect(row).to_contain_text("not mailed: there is no mail server")
    page.once("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="Withdraw").click()
    await expect(row).to_have_count(0)
    await expect(page.get_by_role("heading", name="Invited")).to_be_hidden()
    assert complaints.items == []


async def test_who_forgot_the_password_is_told_that_no_mail_leaves_and_nothing_else(
    page: Page, server: Server
) -> None:
    known = _address()
    await _sign_up(page, server, known)
    told = []
    for email in (known, _address()):
        await page.goto(f"{server.url}/forgotten")
        await expect(page.locator(".lead")).to_contain_text("can't send mail yet")
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_role("button", name="Ask for the link").click()
        await expect(page.get_by_role("status")).to_contain_text("ask its operator")
        told.append(await page.get_by_role("main").inner_text())
    assert told[0] == told[1]
    assert str(server.data_dir) not in told[0]


async def test_one_logs_out_and_in_again_with_a_new_password(page: Page, server: Server) -> None:
    email = _address()
    await _sign_up(page, server, email)
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_label("New password").fill("another sentence entirely")
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_text("The password is changed.")).to_be_visible()
    await page.get_by_role("button", name="Log out", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill("another sentence entirely")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Anna's shop")


async def test_everything_can_be_read_hit_and_named(open_page: OpenPage, server: Server) -> None:
    page = await open_page(viewport=PHONE)
    for path in ("/login", "/forgotten", "/reset", "/invitation", "/signup"):
        await page.goto(server.url + path)
        assert await problems(page) == [], path
    await _sign_up(page, server, _address())
    await expect(page.locator("#people li")).to_have_count(1)
    assert await problems(page) == []
