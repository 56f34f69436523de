"""The page in the frame: keys and focus, people, phones, both themes, and who may frame what."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.asking import SHOW
from tests.browser.embed.host import (
    ask_hours,
    bind,
    chat,
    launcher,
    open_chat,
    project_tag,
    put_page,
)
from tests.browser.pages import PHONE, ColorScheme, Complaints, OpenPage, TakeScreenshots
from tests.conftest import Desk, Rows, Server
from tests.websites import Website


async def test_escape_closes_from_both_sides_and_the_focus_returns(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await launcher(page).focus()
    await page.keyboard.press("Enter")
    field = chat(page).get_by_label("Your question")
    await expect(field).to_be_focused()
    await expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Escape")
    await expect(field).to_be_hidden()
    await expect(launcher(page)).to_be_focused()
    await expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Enter")
    await expect(field).to_be_focused()
    # Beside the page it is not modal: the page can be used meanwhile, and keeps its focus.
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")
    await page.keyboard.press("Escape")
    await expect(field).to_be_hidden()
    await expect(page.locator("#buy")).to_be_focused()
    await launcher(page).click()
    await chat(page).get_by_role("button", name="Close the chat").click()
    await expect(launcher(page)).to_be_focused()


async def test_escape_closes_the_dialog_in_the_frame_first(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    await ask_hours(frame)
    await frame.get_by_role("button", name="Talk to a person").click()
    dialog = frame.get_by_role("dialog", name="Talk to a person")
    await expect(dialog.get_by_label("E-mail address (optional)")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(frame.get_by_label("Your question")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(frame.get_by_label("Your question")).to_be_hidden()


async def test_code_in_an_answer_can_be_copied(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    inside = next(one for one in page.frames if one != page.main_frame)
    code = {"type": "code", "text": "desk  label\n\t--to NO", "language": None, "source": None}
    await inside.evaluate(SHOW, [[code], []])
    await frame.get_by_role("button", name="Copy").click()
    await expect(frame.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == code["text"]


async def test_a_person_is_asked_for_and_answers_while_the_chat_is_closed(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    capture = {
        "enabled": True,
        "fields": ["email", "phone"],
        "message": "How do we reach you?",
        "consent_text": "You may write to me.",
    }
    changed = shop.owner.patch(shop.path, json={"settings": {"lead_capture": capture}})
    assert changed.status_code == 200, changed.text
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    await ask_hours(frame)
    await frame.get_by_role("button", name="Not helpful").click()
    await expect(frame.locator(".rating-note")).to_have_text("Thank you.")
    await frame.get_by_role("button", name="Talk to a person").click()
    dialog = frame.get_by_role("dialog", name="Talk to a person")
    await expect(dialog).to_contain_text("How do we reach you?")
    await dialog.get_by_label("E-mail address").fill("ann@example.com")
    await dialog.get_by_label("Phone number").fill("+49 30 1234")
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("consent")
    await dialog.get_by_label("You may write to me.").check()
    await dialog.get_by_role("button", name="Pass it on").click()
    await expect(frame.locator(".note")).to_contain_text("ann@example.com")
    # From here on the page hears what is written, and does not fetch it.
    await expect(frame.locator("#team-line")).to_contain_text("The team has this conversation.")
    project = shop.project_id.removeprefix("proj_")
    asked = "select email, phone, consent_text, consent_page_url from lead where project_id = %s"
    leads = rows(asked, project)
    agreed = ("You may write to me.", f"{site.url}/")
    assert leads == [("ann@example.com", "+49 30 1234", *agreed)]
    await page.keyboard.press("Escape")
    await expect(frame.get_by_label("Your question")).to_be_hidden()
    (conversation,) = rows("select id::text from conversation where project_id = %s", project)[0]
    path = f"/v1/conversations/conv_{conversation.replace('-', '')}/messages"
    sent = shop.owner.post(path, json={"content": "Hello, this is Maria."})
    assert sent.status_code == 201, sent.text
    await expect(launcher(page)).to_have_class(re.compile("news"))
    await open_chat(page)
    await expect(launcher(page)).not_to_have_class(re.compile("news"))
    await expect(frame.locator(".from-person")).to_contain_text("Hello, this is Maria.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", ["#2F5BEA", "#ffd400", "#101010", "#777777"])
async def test_the_frame_is_readable_in_every_colour_and_theme(
    open_page: OpenPage, server: Server, shop: Desk, site: Website, scheme: ColorScheme, color: str
) -> None:
    look = {"color": color, "quick_prompts": ["When does the shop open?"]}
    assert shop.owner.patch(shop.path, json={"settings": {"look": look}}).status_code == 200
    page = await open_page(color_scheme=scheme)
    await page.goto(f"{server.url}/embed?project={shop.project_id}")
    assert await problems(page) == []
    await page.get_by_role("button", name="When does the shop open?").click()
    await expect(page.locator(".answer .sources a").first).to_be_visible()
    assert await problems(page) == []
    await page.get_by_role("button", name="Talk to a person").click()
    assert await problems(page) == []


async def test_on_a_phone_it_fills_the_screen_and_the_page_behind_rests(
    open_page: OpenPage, server: Server, shop: Desk, site: Website
) -> None:
    page = await open_page(PHONE)
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    box = await page.locator("iframe").bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement?.id") != "buy"
    await ask_hours(frame)
    await frame.get_by_role("button", name="Close the chat").click()
    await expect(launcher(page)).to_be_focused()
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")


async def test_it_is_shown_in_every_size_and_theme(
    page: Page, server: Server, shop: Desk, site: Website, take_screenshots: TakeScreenshots
) -> None:
    look = {"quick_prompts": ["When does the shop open?", "What does shipping cost?"]}
    assert shop.owner.patch(shop.path, json={"settings": {"look": look}}).status_code == 200
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    await take_screenshots(page, "embed-welcome")
    await ask_hours(frame)
    for path in await take_screenshots(page, "embed-answer"):
        assert path.stat().st_size > 5000


FRAMED = """(address) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.addEventListener("load", () => resolve());
  frame.src = address;
  document.body.append(frame);
})"""


async def test_every_other_page_refuses_to_be_framed(
    page: Page, server: Server, shop: Desk, site: Website, complaints: Complaints
) -> None:
    put_page(site, "")
    await page.goto(site.url)
    for path in (f"/?project={shop.project_id}", "/login", "/inbox", "/knowledge", "/scalar", "/x"):
        await page.evaluate(FRAMED, server.url + path)
        assert any("frame-ancestors 'none'" in one for one in complaints.items), path
        complaints.items.clear()


async def test_it_can_stand_in_a_frame_without_the_script(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    bind(shop, site)
    site.set(
        "/", f'<iframe title="Chat" src="{server.url}/embed?project={shop.project_id}"></iframe>'
    )
    await page.goto(site.url)
    await expect(chat(page).get_by_role("button", name="Close the chat")).to_be_hidden()
    await ask_hours(chat(page))
