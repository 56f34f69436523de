"""Each form of the script tag, on a plain page and under a strict policy of the website's."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.widget.host import (
    HEARING,
    SETTINGS,
    ask_hours,
    bind,
    chat,
    is_kept,
    launcher,
    open_chat,
    project_tag,
    put_page,
    question_field,
    strict_policy,
)
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

FORMS = ("project", "settings", "token")
SCRIPTS = ("widget.js", "nova-widget-sdk-v2.js")


def written(
    form: str, script: str, server: Server, desk: Desk, token: str
) -> tuple[str, list[str]]:
    """Return a tag in one of its forms, and the inline scripts in it."""
    address = f"{server.url}/{script}"
    if form == "project":
        return f'<script src="{address}" data-project="{desk.project_id}" async></script>', []
    if form == "token":
        return f'<script src="{address}" data-token="{token}"></script>', []
    settings = SETTINGS.format(token=token)
    return f'<script>{settings}</script><script src="{address}"></script>', [settings]


@pytest.mark.parametrize("strict", [False, True], ids=["plain", "strict"])
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("form", FORMS)
async def test_each_form_opens_answers_and_survives_a_reload(
    page: Page, server: Server, shop: Desk, site: Website, form: str, script: str, strict: bool
) -> None:
    token = bind(shop, site)["website_token"]
    tag, inline = written(form, script, server, shop, token)
    put_page(site, tag, policy=strict_policy(server, *inline) if strict else "")
    await page.goto(site.url)
    await expect(launcher(page)).to_be_visible()
    assert await page.locator("iframe").count() == 0
    frame = await open_chat(page)
    assert await page.evaluate("Object.keys(localStorage)") == []
    await ask_hours(frame)
    await is_kept(page)
    await page.reload()
    frame = await open_chat(page)
    await expect(frame.locator(".own")).to_have_count(1)
    await expect(frame.locator(".answer .sources a").first).to_contain_text("Opening hours")


async def test_a_website_that_writes_its_tag_late_is_served(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, "")
    await page.goto(site.url)
    await page.evaluate(
        """([src, project]) => {
          const script = document.createElement("script");
          script.src = src;
          script.dataset.project = project;
          document.head.append(script);
        }""",
        [f"{server.url}/widget.js", shop.project_id],
    )
    await ask_hours(await open_chat(page))


async def test_conversations_of_a_websites_tag_belong_to_the_website(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    domain = bind(shop, site)
    put_page(site, written("token", "widget.js", server, shop, domain["website_token"])[0], "/shop")
    await page.goto(f"{site.url}/shop?secret=1#part")
    await ask_hours(await open_chat(page))
    stored = rows(
        "select domain_id::text, page_url from conversation where project_id = %s",
        shop.project_id.removeprefix("proj_"),
    )
    assert [(one.replace("-", ""), url) for one, url in stored] == [
        (domain["id"].removeprefix("dom_"), f"{site.url}/shop")
    ]


async def test_a_script_twice_makes_one_launcher(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop) + project_tag(server, shop))
    await page.goto(site.url)
    await expect(launcher(page)).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await expect(launcher(page)).to_have_count(1)


async def test_the_page_keeps_its_globals_and_its_messages(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(
        site, f"<script>{HEARING}</script><script>window.before = Object.keys(window);</script>"
    )
    await page.goto(site.url)
    before = await page.evaluate("Object.keys(window)")
    put_page(site, f"<script>{HEARING}</script>{project_tag(server, shop)}")
    await page.goto(site.url)
    frame = await open_chat(page)
    assert set(await page.evaluate("Object.keys(window)")) - {*before} == {"Answerdesk"}
    heard = await page.evaluate("window.heard")
    assert heard == [{"answerdesk": 1, "type": "hello"}]
    # What the page itself, or another frame, says in our name changes nothing.
    await page.evaluate("postMessage({answerdesk: 1, type: 'close'}, '*')")
    await expect(question_field(frame)).to_be_visible()
    await page.evaluate("Answerdesk.close()")
    await expect(question_field(frame)).to_be_hidden()
    await page.evaluate("Answerdesk.toggle()")
    await expect(question_field(frame)).to_be_visible()
    await page.evaluate("Answerdesk.destroy()")
    await expect(page.locator("body > div")).to_have_count(0)
    assert await page.evaluate("'Answerdesk' in window") is False
    await expect(chat(page).locator("body")).to_have_count(0)
    await page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("chosen", "more", "x"),
    [
        ("bottom-right", "", "right"),
        ("bottom-left", "", "left"),
        ("bottom-right", ' data-position="bottom_left"', "left"),
        ("bottom-left", ' data-position="bottom-right"', "right"),
    ],
)
async def test_the_look_reaches_the_launcher(
    page: Page, server: Server, shop: Desk, site: Website, chosen: str, more: str, x: str
) -> None:
    look = {"color": "#ffd400", "position": chosen}
    assert shop.owner.patch(shop.path, json={"settings": {"look": look}}).status_code == 200
    put_page(site, project_tag(server, shop, more), policy=strict_policy(server))
    await page.goto(site.url)
    button = page.get_by_role("button", name="Chat with Assistant")
    await expect(button).to_have_css("background-color", "rgb(255, 212, 0)")
    await expect(button).to_have_css("color", "rgb(0, 0, 0)")
    box = await button.bounding_box()
    assert box is not None
    assert ("left" if box["x"] < 640 else "right") == x
