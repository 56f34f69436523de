"""The pages of the account: one's own profile with the password, plan and usage, the audit log."""

import asyncio

from playwright.async_api import Locator, Page, expect

from tests.accounts.keys import make_key, works
from tests.accounts.people import (
    PASSWORD,
    Person,
    fresh_email,
    join,
    log_in,
    mailed_link,
    sign_up,
)
from tests.browser.accessibility import problems
from tests.browser.dashboard.opening import expect_told, hold_to_the_rules, open_dashboard
from tests.browser.pages import Complaints, OpenPage, TakeScreenshots
from tests.conftest import Server

NEW = "another sentence entirely"


async def test_a_wrong_password_changes_nothing_and_is_told(page: Page, server: Server) -> None:
    boss = sign_up(server, "boss")
    await open_dashboard(page, server, boss, "/settings/profile")
    form = page.get_by_role("region", name="Password")
    await form.get_by_label("Current password").fill("a loud harbour")
    await form.get_by_label("New password").fill("short")
    await form.get_by_role("button", name="Change the password").click()
    await expect(form.get_by_role("alert")).to_contain_text("at least 10 characters")
    await form.get_by_label("New password").fill(NEW)
    await form.get_by_role("button", name="Change the password").click()
    await expect(form.get_by_role("alert")).to_contain_text("wrong")
    await expect(form.get_by_label("New password")).to_have_value(NEW)


async def test_a_changed_password_tells_which_keys_work_and_revokes_them_if_ticked(
    page: Page, server: Server, complaints: Complaints
) -> None:
    boss = sign_up(server, "boss")
    key = make_key(boss.client, name="Shop's server")
    await open_dashboard(page, server, boss, "/settings/profile")
    form = page.get_by_role("region", name="Password")
    revoke = form.get_by_label("Also revoke the API keys that I made")
    for before, after, tick in ((PASSWORD, NEW, False), (NEW, PASSWORD, True)):
        await form.get_by_label("Current password").fill(before)
        await form.get_by_label("New password").fill(after)
        await revoke.set_checked(tick)
        await form.get_by_role("button", name="Change the password").click()
        told = form.get_by_role("status")
        if tick:
            await expect(told).to_contain_text("1 API key that you made is revoked.")
        else:
            await expect(told).to_contain_text("1 API key that you made still works: “Shop's")
            await expect(told).to_contain_text(key["hint"])
        await expect(revoke).not_to_be_checked()
        assert works(server, key) is not tick
    assert complaints.items == []


async def test_ones_own_name_is_changed_and_colleagues_see_it(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    boss = sign_up(server, "boss")
    viewer = join(server, boss, "viewer")
    page = await open_page()
    await open_dashboard(page, server, viewer, "/settings/profile")
    form = page.get_by_role("form", name="Name")
    save = form.get_by_role("button", name="Save")
    await expect(save).to_have_count(0)
    name = form.get_by_label("Name")
    await name.fill("Vera van Dam")
    await hold_to_the_rules(page, "profile", take_screenshots)
    # What is typed is not lost by a stray click.
    await page.get_by_role("link", name="Inbox", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Stay").last.click()
    await expect(name).to_have_value("Vera van Dam")
    await name.press("Enter")
    await expect(save).to_have_count(0)
    # It stands at the menu at once.
    await expect(page.get_by_title("Account", exact=True)).to_contain_text("Vera van Dam")
    await page.reload()
    await expect(name).to_have_value("Vera van Dam")
    colleague = await open_page()
    await open_dashboard(colleague, server, boss, "/settings/team")
    await expect(colleague.get_by_text("Vera van Dam").first).to_be_visible()


async def test_a_name_that_the_server_refuses_is_told_and_stays(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page()
    await open_dashboard(page, server, sign_up(server, "boss"), "/settings/profile")
    form = page.get_by_role("form", name="Name")
    name = form.get_by_label("Name")
    await name.evaluate("field => field.removeAttribute('maxlength')")
    await name.fill("x" * 201)
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("longer than 200 characters")).to_be_visible()
    await expect(name).to_have_value("x" * 201)


async def _ask(page: Page, email: str, password: str = PASSWORD) -> Locator:
    """Ask for another address in the dialog, and return it."""
    await page.get_by_role("button", name="Change the e-mail address").click()
    dialog = page.get_by_role("dialog", name="Change the e-mail address")
    await dialog.get_by_label("New e-mail address").fill(email)
    await dialog.get_by_label("Current password").fill(password)
    await dialog.get_by_role("button", name="Send the link").click()
    return dialog


async def test_an_address_or_a_password_that_is_refused_is_told_and_stays(
    page: Page, server: Server
) -> None:
    boss, other = sign_up(server, "boss"), sign_up(server)
    await open_dashboard(page, server, boss, "/settings/profile")
    new = fresh_email("new")
    dialog = await _ask(page, new, "a loud harbour")
    await expect(dialog.get_by_role("alert")).to_contain_text("The current password is wrong")
    address = dialog.get_by_label("New e-mail address")
    await expect(address).to_have_value(new)
    await dialog.get_by_label("Current password").fill(PASSWORD)
    for refused, why in (
        (boss.email.upper(), "your address already"),
        (other.email, "already has"),
    ):
        await address.fill(refused)
        await dialog.get_by_role("button", name="Send the link").click()
        await expect(dialog.get_by_role("alert")).to_contain_text(why)
        await expect(address).to_have_value(refused)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("button", name="Change the e-mail address")).to_be_focused()
    assert boss.client.get("/v1/me").json()["email_change"] is None


async def test_a_new_address_waits_for_its_link_and_then_logs_in(
    open_page: OpenPage, server: Server, complaints: Complaints, take_screenshots: TakeScreenshots
) -> None:
    boss, new = sign_up(server, "boss"), fresh_email("new")
    page = await open_page()
    await open_dashboard(page, server, boss, "/settings/profile")
    dialog = await _ask(page, new)
    await expect(dialog).to_have_count(0)
    waits = page.get_by_text(f"Confirm {new}")
    await expect(waits).to_be_visible()
    # Nothing is claimed to be mailed where nothing is.
    await expect(page.get_by_text("This installation sends no mail.")).to_be_visible()
    await hold_to_the_rules(page, "profile-new-address", take_screenshots)
    await page.reload()
    await page.get_by_role("button", name="Send again").click()
    await expect_told(page, f"The link was sent to {new} again.")
    mailbox = await open_page()
    await mailbox.goto(f"{server.url}/confirm-email#token={mailed_link(server, new, 'token')}")
    assert await problems(mailbox) == []
    assert boss.client.get("/v1/me").json()["user"]["email"] == boss.email
    await mailbox.get_by_role("button", name="Confirm the address").click()
    said = f"From now on you log in with {new}."
    # The profile, still open elsewhere, notices, and says so for some seconds.
    await asyncio.gather(
        expect_told(page, said), expect(mailbox.get_by_role("status")).to_have_text(said)
    )
    await expect(waits).to_have_count(0)
    assert log_in(server, new).user_id == boss.user_id
    await mailbox.reload()
    await mailbox.get_by_role("button", name="Confirm the address").click()
    await expect(mailbox.get_by_role("alert")).to_contain_text("already used")
    # The refused second use is the only thing that the browser has to say.
    assert [one for one in complaints.items if "422" not in one] == []


async def test_a_change_that_waits_is_cancelled(page: Page, server: Server) -> None:
    boss = sign_up(server, "boss")
    body = {"email": fresh_email("new"), "current_password": PASSWORD}
    boss.client.post("/v1/me/email-change", json=body).raise_for_status()
    await open_dashboard(page, server, boss, "/settings/profile")
    await page.get_by_role("button", name="Cancel the change").press("Enter")
    await expect(page.get_by_text(f"Confirm {body['email']}")).to_have_count(0)
    await expect(page.get_by_role("button", name="Change the e-mail address")).to_be_focused()
    assert boss.client.get("/v1/me").json()["email_change"] is None


async def test_language_and_colours_are_kept(page: Page, server: Server) -> None:
    await open_dashboard(page, server, sign_up(server, "boss"), "/settings/profile")
    await page.get_by_text("Deutsch", exact=True).click()
    await page.get_by_text("Dunkel", exact=True).click()
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Profil")
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


async def test_the_account_is_renamed_and_its_usage_is_shown(
    page: Page, server: Server, take_screenshots: TakeScreenshots
) -> None:
    boss = sign_up(server, "boss")
    await open_dashboard(page, server, boss, "/settings/plan")
    name = page.get_by_label("Name of the account")
    await name.fill(" ")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("Give the account a name")
    await name.fill("Lamps and more")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_title("Account", exact=True)).to_contain_text("Lamps and more")
    assert boss.client.get("/v1/account").json()["name"] == "Lamps and more"
    await expect(page.get_by_role("region", name="What you have")).to_contain_text("Members")
    await hold_to_the_rules(page, "plan", take_screenshots)


def _worked(server: Server) -> tuple[Person, Person]:
    """Return an owner and an admin who have both changed something."""
    boss = sign_up(server, "boss")
    admin = join(server, boss, "admin")
    admin.client.post("/v1/projects", json={"name": "Website <b>"}).raise_for_status()
    make_key(boss.client, name="The till")
    return boss, admin


async def test_an_agent_may_not_see_the_log(open_page: OpenPage, server: Server) -> None:
    boss, _ = _worked(server)
    page = await open_page()
    await open_dashboard(page, server, join(server, boss, "agent"), "/settings/profile")
    await page.goto(f"{server.url}/app/settings/audit")
    await expect(page.get_by_role("heading", name="You may not see this")).to_be_visible()


async def test_the_log_says_who_did_what_and_is_filtered(
    page: Page, server: Server, take_screenshots: TakeScreenshots
) -> None:
    boss, admin = _worked(server)
    await open_dashboard(page, server, boss, "/settings/audit")
    log = page.get_by_role("list", name="Today").get_by_role("listitem")
    made = f"{admin.email} created a project: Website <b>"
    await expect(log.filter(has_text=made)).to_have_count(1)
    await hold_to_the_rules(page, "audit", take_screenshots)
    await page.get_by_label("Who").select_option(admin.email)
    await expect(log.filter(has_text="made an API key")).to_have_count(0)
    await expect(log.filter(has_text=made)).to_have_count(1)
    await page.reload()
    await expect(log.filter(has_text=made)).to_have_count(1)
    await page.get_by_label("What").select_option("made an API key")
    await expect(page.get_by_role("heading", name="Nothing fits these filters")).to_be_visible()
    await page.get_by_role("button", name="Clear the filters").click()
    await expect(log.filter(has_text="made an API key: The till")).to_have_count(1)
