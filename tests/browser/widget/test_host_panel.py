"""The launcher and the panel on a website's page: keys and focus, phones, other directions."""

import json

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.browser.pages import PHONE, Complaints, OpenPage
from tests.browser.test_answers_shown import STORE
from tests.browser.widget.host import (
    ask_hours,
    bind,
    chat,
    is_kept,
    launcher,
    open_chat,
    project_tag,
    put_page,
    question_field,
)
from tests.conftest import Desk, Rows, Server
from tests.websites import Website

LONG = '<div style="height: 4000px"></div><button id="last">Last</button>'
CORNER = """<style>#corner { position: fixed; right: 30px; bottom: 30px; width: 30px; height: 30px;
  z-index: 6 }
#fixed { position: fixed; inset: 0; z-index: 5 }</style><div id="fixed"></div>
<button id="corner">i</button>"""
HOSTILE = """<style>
* { display: none !important; transform: scale(0.1) !important }
html, body, main, h1, #buy { display: block !important; transform: none !important }
div, dialog, iframe, button { opacity: 0; position: static; all: revert }
body { display: flex; gap: 40px }
</style>"""


async def test_escape_closes_from_both_sides_and_the_focus_returns(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """The keyboard alone is enough (Rocket.Chat#9500, peertube-plugin-livechat#721)."""
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await page.keyboard.press("Tab")
    await expect(page.locator("#buy")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(launcher(page)).to_be_focused()
    await page.keyboard.press("Enter")
    field = question_field(chat(page))
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
    # A key that the page has taken, or that ends another's dialog, is not for us.
    await launcher(page).click()
    await expect(field).to_be_focused()
    await page.locator("#buy").focus()
    await page.evaluate("addEventListener('keydown', (e) => e.preventDefault(), {capture: true})")
    await page.keyboard.press("Escape")
    await expect(field).to_be_visible()


async def test_the_focus_returns_to_what_opened_the_chat(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    own = '<button id="help">Help</button><script>help.onclick = () => Answerdesk("open")</script>'
    put_page(site, project_tag(server, shop, ' data-launcher="none"'), more=own)
    await page.goto(site.url)
    await page.wait_for_load_state("networkidle")
    await expect(launcher(page)).to_be_hidden()
    await page.get_by_role("button", name="Help").click()
    await expect(question_field(chat(page))).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Help")).to_be_focused()


async def test_a_page_that_opens_the_chat_by_itself_stays_where_its_reader_is(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """Nothing steals the focus, and no page jumps (papercups#323, livehelperchat#1101)."""
    put_page(site, project_tag(server, shop), more='<input id="name">' + LONG)
    await page.goto(site.url)
    await page.locator("#name").focus()
    await page.evaluate("scrollTo(0, 700)")
    await page.evaluate("window.wasFocused = []")
    await page.evaluate("addEventListener('blur', () => window.wasFocused.push('left'))")
    # Whatever a test runs in a page counts as a visitor's act, for five seconds.
    await page.evaluate("Answerdesk.on('open', () => console.log('It is open.'))")
    async with page.expect_event("console", lambda one: one.text == "It is open."):
        await page.evaluate("void setTimeout(() => Answerdesk.open(), 5500)")
    await expect(question_field(chat(page))).to_be_visible()
    await expect(page.locator("#name")).to_be_focused()
    assert await page.evaluate("[scrollY, window.wasFocused]") == [700, []]
    await page.locator("#name").press("x")
    await expect(page.locator("#name")).to_have_value("x")


async def test_a_visitor_who_opens_it_keeps_the_pages_place(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop), more=LONG)
    await page.goto(site.url)
    await page.evaluate("scrollTo(0, 700)")
    await open_chat(page)
    assert await page.evaluate("scrollY") == 700
    await page.keyboard.press("Escape")
    await expect(launcher(page)).to_be_focused()
    assert await page.evaluate("scrollY") == 700


async def test_what_is_focused_is_not_hidden_under_the_launcher(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """The launcher steps aside, and a page says how high it stands (chatwoot#2180, wcag#1502)."""
    put_page(site, project_tag(server, shop), more=CORNER)
    await page.goto(site.url)
    await expect(launcher(page)).to_be_visible()
    at_corner = "document.elementFromPoint(innerWidth - 45, innerHeight - 45)"
    assert await page.evaluate(f"{at_corner}.localName") == "answerdesk-chat"
    await page.locator("#corner").focus()
    assert await page.evaluate(f"{at_corner}.id") == "corner"
    await page.locator("#buy").focus()
    assert await page.evaluate(f"{at_corner}.localName") == "answerdesk-chat"
    await page.evaluate("document.documentElement.style.setProperty('--answerdesk-z-index', '1')")
    beside = at_corner.replace("innerWidth - 45", "innerWidth - 68")
    assert await page.evaluate(f"{beside}.id") == "fixed"


async def test_the_pages_own_styles_do_not_reach_the_launcher(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop), more=HOSTILE)
    await page.goto(site.url)
    await expect(launcher(page)).to_be_visible()
    box = await launcher(page).bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (56, 56)
    await ask_hours(await open_chat(page))


async def test_on_a_phone_it_fills_the_screen_and_the_page_behind_rests(
    open_page: OpenPage, server: Server, shop: Desk, site: Website
) -> None:
    page = await open_page(PHONE)
    await page.emulate_media(reduced_motion="reduce")
    put_page(site, project_tag(server, shop), more=LONG)
    await page.goto(site.url)
    frame = await open_chat(page)
    assert await page.locator("iframe").bounding_box() == {"x": 0, "y": 0, **PHONE}
    overflow = "getComputedStyle(document.documentElement).overflow"
    assert await page.evaluate(overflow) == "hidden"
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement?.id") != "buy"
    await ask_hours(frame)
    await frame.get_by_role("button", name="Close the chat").click()
    await expect(launcher(page)).to_be_focused()
    assert await page.evaluate(overflow) == "visible"
    assert await page.evaluate("document.adoptedStyleSheets.length") == 0
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")


async def test_turning_the_phone_keeps_the_chat_and_the_page_usable(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    await question_field(frame).fill("half a question")
    await page.set_viewport_size(PHONE)
    await expect(page.locator("dialog:modal")).to_have_count(1)
    await expect(question_field(frame)).to_have_value("half a question")
    await page.set_viewport_size({"width": 1000, "height": 800})
    await expect(page.locator("dialog:modal")).to_have_count(0)
    await expect(question_field(frame)).to_have_value("half a question")
    assert await page.evaluate("document.adoptedStyleSheets.length") == 0
    await page.locator("#buy").click()
    await expect(page.locator("#buy")).to_have_text("1")


@pytest.mark.parametrize("position", ["bottom-right", "bottom-left"])
async def test_a_page_from_right_to_left_has_it_where_the_owner_wants_it(
    page: Page, server: Server, shop: Desk, site: Website, position: str
) -> None:
    """Nothing is mirrored twice, and the page does not become wider (chatwoot#7141, #15405)."""
    tag = project_tag(server, shop, f' data-position="{position}" data-locale="ar"')
    put_page(site, tag, opening='<html lang="ar" dir="rtl">')
    await page.goto(site.url)
    button = page.locator("answerdesk-chat button")
    await expect(button).not_to_have_attribute("aria-label", "Chat")
    await button.click()
    frame: FrameLocator = chat(page)
    await expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    await expect(frame.locator("textarea")).to_be_focused()
    for one in (button, page.locator("iframe")):
        box = await one.bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2
        assert (middle < 640) is (position == "bottom-left")
    wide = "document.scrollingElement.scrollWidth > innerWidth || scrollX !== 0"
    assert await page.evaluate(wide) is False
    await frame.locator("textarea").fill("When does the shop open in the morning?")
    await frame.locator("textarea").press("Enter")
    await expect(frame.locator(".answer .sources a").first).to_contain_text("Opening hours")


async def test_a_persons_reply_to_a_closed_chat_is_counted_on_the_launcher(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    """Also on the next page, which nobody has opened the chat on."""
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    frame = await open_chat(page)
    await ask_hours(frame)
    await question_field(frame).fill("I want to talk to a human")
    await question_field(frame).press("Enter")
    await expect(frame.locator(".message").last).to_contain_text("Someone will reply")
    await page.keyboard.press("Escape")
    await page.wait_for_function("JSON.parse(localStorage.getItem(localStorage.key(0))).awaits")
    await page.reload()
    await expect(launcher(page)).to_be_visible()
    asked = "select id::text from conversation where project_id = %s"
    ((conversation,),) = rows(asked, shop.project_id.removeprefix("proj_"))
    path = f"/v1/conversations/conv_{conversation.replace('-', '')}/messages"
    sent = shop.owner.post(path, json={"content": "Hello, this is Maria."})
    assert sent.status_code == 201, sent.text
    await expect(page.locator("answerdesk-chat b")).to_have_text("1")
    await expect(launcher(page)).to_have_accessible_name("Chat with Assistant, 1 unread")
    frame = await open_chat(page)
    await expect(frame.locator(".human")).to_contain_text("Hello, this is Maria.")
    await expect(page.locator("answerdesk-chat b")).to_have_text("")
    await expect(launcher(page)).to_have_accessible_name("Chat with Assistant")


async def test_code_in_an_answer_can_be_copied(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    put_page(site, project_tag(server, shop))
    await page.goto(site.url)
    await ask_hours(await open_chat(page))
    code = {"type": "code", "text": "desk  label\n\t--to NO", "language": None, "source": None}
    assert rows(STORE, json.dumps([code]), 0.9, shop.project_id.removeprefix("proj_"))
    await is_kept(page)
    await page.reload()
    frame = await open_chat(page)
    await frame.get_by_role("button", name="Copy").click()
    await expect(frame.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == code["text"]


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
    asking = f"/?project={shop.project_id}"
    for path in (asking, "/login", "/developers/docs", "/app", "/scalar", "/x"):
        async with page.expect_event("console", lambda one: "frame-ancestors 'none'" in one.text):
            await page.evaluate(FRAMED, server.url + path)
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
