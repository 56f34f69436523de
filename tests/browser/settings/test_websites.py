"""The websites page: a project's websites, bound and removed, with their tags to copy."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.accounts.keys import holder, make_key
from tests.accounts.people import Person, join, sign_up
from tests.browser.log_ins import expect_log_in, log_in
from tests.browser.settings.opening import add_project
from tests.conftest import Rows, Server

PLACE = "/app/settings/websites"


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


@pytest.fixture
def project(boss: Person) -> dict[str, Any]:
    return add_project(boss)


def bound(boss: Person, project: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = boss.client.get(f"/v1/projects/{project['id']}/domains").json()[
        "items"
    ]
    return items


async def open_form(page: Page, server: Server, boss: Person) -> Locator:
    await log_in(page, server, boss.email)
    await page.goto(server.url + PLACE)
    await page.get_by_role("button", name="Bind a website").click()
    return page.get_by_role("form", name="Bind a website")


async def test_without_a_log_in_it_leads_there(page: Page, server: Server) -> None:
    await page.goto(server.url + PLACE)
    await expect_log_in(page)


async def test_without_a_project_it_says_where_to_create_one(
    page: Page, server: Server, boss: Person
) -> None:
    await log_in(page, server, boss.email)
    await page.goto(server.url + PLACE)
    await expect(page.get_by_text("There is no project yet.")).to_be_visible()
    await expect(page.locator("#websites-view")).to_be_hidden()


async def test_an_address_that_is_none_is_told_at_its_field(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_form(page, server, boss)
    field = form.get_by_label("Address of the website")
    for typed, told in (
        ("", "Write the address"),
        ("https://*.example.com", "This has a * or a space in it"),
    ):
        await field.fill(typed)
        await form.get_by_role("button", name="Bind it").click()
        await expect(form.locator(".field-error")).to_contain_text(told)
        await expect(field).to_be_focused()
    assert bound(boss, project) == []


async def test_a_website_is_bound_its_tag_copied_and_it_is_removed(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form = await open_form(page, server, boss)
    await expect(page.get_by_text("No website is bound yet.")).to_be_visible()
    await form.get_by_label("Address of the website").fill("shop.example")
    await form.get_by_label("Label").fill("The <i>shop</i>")
    await form.get_by_role("button", name="Bind it").click()
    row = page.locator("#websites > li")
    await expect(row).to_contain_text("https://shop.example")
    await expect(row).to_contain_text("The <i>shop</i>")
    [website] = bound(boss, project)
    await page.get_by_role("button", name="Copy the tag for https://shop.example").click()
    await expect(page.locator("#told")).to_contain_text("was copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == website["tag"]
    assert f'data-token="{website["website_token"]}"' in copied
    key = make_key(boss.client, prefix="nc_live_")["key"]
    with holder(server, key) as program:
        body = {"website_url": "https://shop.example"}
        again = program.post("/nc-api/v1/account/bind-domain", json=body)
    assert (again.status_code, again.json()["widget_code"]) == (200, copied)
    any_tag = await page.locator("#any-tag code").inner_text()
    assert f'data-project="{project["id"]}"' in any_tag
    await row.get_by_role("button", name="Let people answer").click()
    await expect(row).to_contain_text("Waits for people")
    assert bound(boss, project)[0]["is_active"] is False
    await row.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    await row.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove it").click()
    await expect(row).to_have_count(0)
    assert bound(boss, project) == []


async def test_the_plans_limit_is_told_in_the_form(
    page: Page, server: Server, boss: Person, project: dict[str, Any], rows: Rows
) -> None:
    rows("update account set plan = 'starter' where name = %s returning 1", account_name(boss))
    boss.client.post(
        f"/v1/projects/{project['id']}/domains", json={"website_url": "https://one.example"}
    ).raise_for_status()
    form = await open_form(page, server, boss)
    await form.get_by_label("Address of the website").fill("https://two.example")
    await form.get_by_role("button", name="Bind it").click()
    await expect(form.get_by_role("alert")).to_contain_text("1")
    await expect(form.get_by_label("Address of the website")).to_have_value("https://two.example")
    assert len(bound(boss, project)) == 1


def account_name(boss: Person) -> str:
    name: str = boss.client.get("/v1/account").json()["name"]
    return name


async def test_who_may_only_read_copies_tags_and_changes_nothing(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}/domains"
    boss.client.post(path, json={"website_url": "https://one.example"}).raise_for_status()
    await log_in(page, server, join(server, boss, "viewer").email)
    await page.goto(server.url + PLACE)
    await expect(page.locator("#websites > li")).to_contain_text("https://one.example")
    await expect(page.get_by_role("button", name="Copy the tag")).to_have_count(2)
    for name in ("Bind a website", "Remove", "Let people answer"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
