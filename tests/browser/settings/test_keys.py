"""API keys on the settings page: made, shown once, used for a dialect, revoked."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.accounts.keys import holder, make_key, works
from tests.accounts.people import Person, join, sign_up
from tests.browser.log_ins import expect_log_in, log_in
from tests.browser.settings.opening import add_project, open_settings
from tests.conftest import Server


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


async def open_keys(page: Page, server: Server, boss: Person, place: str = "#/keys") -> Locator:
    """Return the form that makes a key. It is open already if there is no key."""
    await log_in(page, server, boss.email)
    await open_settings(page, server, place)
    form = page.get_by_role("form", name="Make a key")
    await expect(page.locator("#key-list")).to_be_visible()
    await expect(page.locator("#keys > li").or_(form).first).to_be_visible()
    if not await form.is_visible():
        await page.get_by_role("button", name="Make a key").click()
    return form


async def make(form: Locator, name: str) -> None:
    await form.get_by_label("Name").fill(name)
    await form.get_by_role("button", name="Make the key").click()


async def test_without_a_log_in_it_leads_there_and_back(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/settings#/keys")
    await expect_log_in(page)


async def test_who_may_not_make_keys_reads_why(page: Page, server: Server, boss: Person) -> None:
    make_key(boss.client, name="The till")
    add_project(boss)
    for role in ("agent", "viewer"):
        await page.context.clear_cookies()
        await log_in(page, server, join(server, boss, role).email)
        await open_settings(page, server, "#/keys")
        await expect(page.get_by_text("can see and make API keys")).to_be_visible()
        await expect(page.get_by_role("button", name="Make a key")).to_have_count(0)
        await expect(page.get_by_text("The till")).to_have_count(0)


async def test_what_is_missing_is_told_at_its_field(
    page: Page, server: Server, boss: Person
) -> None:
    add_project(boss)
    form = await open_keys(page, server, boss)
    await form.get_by_label("It may", exact=True).select_option("what I choose")
    await form.get_by_label("Only these:").check()
    await make(form, " ")
    name = form.get_by_label("Name")
    await expect(name).to_be_focused()
    await expect(name).to_have_accessible_description(
        "Give the key a name that says where it is used."
    )
    await expect(form.get_by_text("Choose at least one thing")).to_be_visible()
    await expect(form.get_by_text("Tick at least one project")).to_be_visible()
    await name.fill("Shop's server")
    await expect(form.get_by_text("Give the key a name")).to_have_count(0)
    await form.get_by_label("All, also later ones").check()
    await form.get_by_label("It may", exact=True).select_option("read everything")
    await form.get_by_label("Last day").fill("2020-01-01")
    await make(form, "Shop's server")
    await expect(form.get_by_label("Last day")).to_have_accessible_description(
        re.compile("This day is over")
    )
    assert boss.client.get("/v1/api-keys").json()["items"] == []


async def test_a_key_for_another_services_program_works_there_until_it_is_revoked(
    page: Page, server: Server, boss: Person
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    project = add_project(boss)
    form = await open_keys(page, server, boss)
    await form.get_by_label("For programs written for").select_option("Noras (sk_)")
    await make(form, "Shop <b>server</b>")
    shown = page.locator("#made-text")
    await expect(page.locator("#made")).to_be_focused()
    key = await shown.inner_text()
    assert key.startswith("sk_")
    assert not key.startswith("sk_live_")
    await page.get_by_role("button", name="Copy").click()
    await expect(page.locator("#told")).to_contain_text("The key was copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == key
    row = page.locator("#keys > li")
    for told in ("Shop <b>server</b>", f"sk_…{key[-4:]}", "read and write everything", "never"):
        await expect(row).to_contain_text(told)
    widget = project["id"].replace("proj_", "widget_")
    body = {"widget_key": widget, "message": "Hello", "user_code": "ann"}
    with holder(server, key) as program:
        answer = program.post("/noras/api/chat", json=body)
        assert answer.status_code == 200, answer.text
        assert program.get("/api/widgets").status_code == 200
        await page.reload()
        await expect(row).to_contain_text(f"by {boss.email}")
        assert key not in await page.content()
        await row.get_by_role("button", name="Revoke").click()
        await page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
        assert program.get("/api/widgets").status_code == 200
        await row.get_by_role("button", name="Revoke").click()
        await page.get_by_role("dialog").get_by_role("button", name="Revoke it").click()
        await expect(row).to_have_count(0)
        assert program.post("/noras/api/chat", json=body).status_code == 401
    await page.get_by_label("Show", exact=True).select_option("also revoked and expired ones")
    await expect(row).to_contain_text("Revoked")
    await expect(row.get_by_role("button", name="Revoke")).to_have_count(0)


async def test_a_key_reaches_only_what_was_chosen(page: Page, server: Server, boss: Person) -> None:
    mine, other = add_project(boss, "Bakery"), add_project(boss, "Mill")
    form = await open_keys(page, server, boss)
    await form.get_by_label("It may", exact=True).select_option("what I choose")
    await form.get_by_label("The knowledge").select_option("read and write")
    await form.get_by_label("Projects and their settings").select_option("read")
    await form.get_by_label("Only these:").check()
    await form.get_by_label("Bakery").check()
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    await form.get_by_label("Last day").fill(f"{tomorrow:%Y-%m-%d}")
    await make(form, "Import")
    row = page.locator("#keys > li")
    await expect(row).to_contain_text(
        "read projects and their settings; read and write the knowledge"
    )
    await expect(row).to_contain_text("Bakery")
    [made] = boss.client.get("/v1/api-keys").json()["items"]
    assert made["scopes"] == ["knowledge:write", "projects:read"]
    assert made["project_ids"] == [mine["id"]] != [other["id"]]
    assert made["expires_at"] is not None
    assert works(server, {"key": await page.locator("#made-text").inner_text()})


@pytest.mark.parametrize(
    ("program", "prefix"),
    [
        ("answerdesk", "ad_live_"),
        ("chatorex", "sk_live_"),
        ("novachat", "nc_live_"),
        ("novaro", "ad_live_"),
        ("orac", "orac_live_"),
    ],
)
async def test_a_link_for_developers_chooses_the_beginning(
    page: Page, server: Server, boss: Person, program: str, prefix: str
) -> None:
    form = await open_keys(page, server, boss, f"?program={program}#/keys")
    await expect(form.get_by_label("For programs written for")).to_have_value(program)
    await make(form, "Program")
    await expect(page.locator("#made-text")).to_contain_text(prefix)
