"""The frame for everyone: keys alone, input methods, small and mirrored screens, every look."""

import base64
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessibility import axe_violations
from tests.browser.asking import HOURS, stored
from tests.browser.pages import OpenPage
from tests.browser.widget.frame import ask, field, frame_address, heard, hears, open_framed, tell
from tests.browser.widget.test_frame_people import UNKNOWN, configure
from tests.conftest import Desk, Rows, Server
from tests.websites import Website


async def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press a key until the element with this name, in the frame or the page, has the focus."""
    for _ in range(40):
        await page.keyboard.press(key)
        for frame in page.frames:
            said = await frame.evaluate(
                "(name) => { const one = document.activeElement;"
                " const said = one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent;"
                " return document.hasFocus() && one !== document.body && said.includes(name); }",
                name,
            )
            if said and (frame != page.main_frame):
                return
    pytest.fail(f"The keyboard does not reach “{name}”.")


async def test_a_whole_conversation_and_a_contact_by_keys_alone(
    page: Page, server: Server, shop: Desk, site: Website, rows: Rows
) -> None:
    capture = {"enabled": True, "fields": ["email"], "consent_text": "You may write to me."}
    configure(shop, lead_capture=capture, look={"quick_prompts": ["When does the shop open?"]})
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await tab_to(page, "When does the shop open?")
    await page.keyboard.press("Enter")
    await expect(frame.locator(".answer")).to_contain_text(HOURS)
    await expect(frame.locator(".answer .rating")).to_be_visible()
    # Whoever asks goes on writing.
    await expect(field(frame)).to_be_focused()
    await tab_to(page, "Source 1", "Shift+Tab")
    await tab_to(page, "Not helpful")
    await page.keyboard.press("Enter")
    await expect(frame.get_by_label("What was wrong? (optional)")).to_be_focused()
    await page.keyboard.type("Too short")
    await tab_to(page, "Send")
    await page.keyboard.press("Enter")
    await expect(field(frame)).to_be_focused()
    await page.keyboard.type(UNKNOWN)
    await page.keyboard.press("Enter")
    card = frame.get_by_role("form", name="How can we reach you?")
    await expect(card).to_be_visible()
    await tab_to(page, "You may write to me.", "Shift+Tab")
    await page.keyboard.press("Space")
    await tab_to(page, "E-mail address", "Shift+Tab")
    await page.keyboard.type("ann@example.com")
    await page.keyboard.press("Enter")
    await expect(card).to_be_hidden()
    await expect(field(frame)).to_be_focused()
    asked = "select email from lead where project_id = %s"
    assert rows(asked, stored(shop)) == [("ann@example.com",)]
    said = (
        "select reason from feedback join message on message.id = feedback.message_id"
        " where message.project_id = %s"
    )
    assert rows(said, stored(shop)) == [("Too short",)]


async def test_a_person_is_asked_for_by_keys_alone_and_escape_closes_one_thing_at_a_time(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    frame, _ = await open_framed(page, site, frame_address(server, shop))
    await expect(await ask(frame, "When does the shop open?")).to_contain_text(HOURS)
    await tab_to(page, "Talk to a person", "Shift+Tab")
    await page.keyboard.press("Enter")
    dialog = frame.get_by_role("dialog", name="Talk to a person")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert await heard(page, "close") == []
    await page.keyboard.press("Enter")
    await tab_to(page, "Pass it on")
    await page.keyboard.press("Enter")
    await expect(frame.locator(".status")).to_have_text("You are waiting for a person.")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("Escape")
    await hears(page, "close")
    assert len(await heard(page, "close")) == 1


async def test_enter_that_confirms_what_an_input_method_proposes_sends_nothing(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(frame_address(server, shop))
    await field(page).fill("にほん")
    pressed = "(one, init) => one.dispatchEvent(new KeyboardEvent('keydown', init))"
    enter: dict[str, Any] = {"key": "Enter", "bubbles": True, "cancelable": True}
    await field(page).evaluate(pressed, {**enter, "isComposing": True})
    await field(page).evaluate(pressed, {**enter, "keyCode": 229})
    await page.keyboard.press("Shift+Enter")
    await expect(field(page)).to_have_value("にほん\n")
    await expect(page.locator(".own")).to_have_count(0)
    await field(page).press("Enter")
    await expect(page.locator(".own")).to_have_count(1)


async def test_a_text_that_is_too_long_is_told_before_it_is_sent(
    page: Page, server: Server, shop: Desk
) -> None:
    await page.goto(frame_address(server, shop))
    await field(page).fill("x" * 8003)
    await field(page).press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("This is 3 characters too long.")
    await expect(page.locator(".own")).to_have_count(0)
    assert await axe_violations(page) == []


@pytest.mark.parametrize("width", [320, 640])
async def test_nothing_is_cut_off_on_a_small_screen_or_when_enlarged(
    open_page: OpenPage, server: Server, shop: Desk, site: Website, width: int
) -> None:
    """640 pixels at 200 % are 320, and so are 1,280 at 400 %."""
    page = await open_page({"width": width, "height": 480})
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    if width > 320:
        await inside.evaluate("document.documentElement.style.fontSize = '200%'")
        await inside.evaluate("document.body.style.zoom = 2")
    await ask(frame, "When does the shop open?")
    await expect(frame.locator(".answer .rating")).to_be_visible()
    wide = "document.documentElement.scrollWidth <= innerWidth + 1"
    assert await inside.evaluate(wide)
    assert await inside.evaluate(
        "document.querySelector('.log').scrollWidth <= document.querySelector('.log').clientWidth"
    )
    for name in ("Send", "New conversation", "Close the chat", "Talk to a person"):
        button = frame.get_by_role("button", name=name)
        await expect(button).to_be_in_viewport(ratio=1)
    await expect(field(frame)).to_be_in_viewport(ratio=1)


async def test_a_phones_keyboard_leaves_the_composer_in_sight(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    """Story 3: the frame cannot see the keyboard; the website's page tells it how much is left."""
    frame, inside = await open_framed(page, site, frame_address(server, shop))
    await tell(page, type="viewport", height=300)
    await expect(field(frame)).to_be_visible()
    height = "document.body.getBoundingClientRect().height"
    await inside.wait_for_function(f"{height} === 300")
    assert await inside.evaluate("document.querySelector('footer').offsetTop") < 300


async def test_from_right_to_left_everything_is_mirrored(
    open_page: OpenPage, server: Server, shop: Desk, site: Website
) -> None:
    page = await open_page(locale="ar")
    address = frame_address(server, shop)
    frame, inside = await open_framed(page, site, address)
    assert await inside.evaluate("document.documentElement.dir") == "rtl"
    bar = await frame.locator("h1").bounding_box()
    close = await frame.locator(".bar button").last.bounding_box()
    assert bar is not None
    assert close is not None
    assert close["x"] < bar["x"]
    await frame.locator("textarea").fill("When does the shop open?")
    await frame.locator("textarea").press("Enter")
    await expect(frame.locator(".answer")).to_contain_text(HOURS)
    own = await frame.locator(".own .bubble").bounding_box()
    said = await frame.locator(".answer .bubble").bounding_box()
    assert own is not None
    assert said is not None
    assert own["x"] < said["x"] + said["width"] - own["width"]
    await expect(frame.locator(".send svg")).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    assert await axe_violations(inside) == []


async def test_who_wants_no_motion_gets_none(page: Page, server: Server, shop: Desk) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(frame_address(server, shop))
    moving = """() => {
      const dots = document.createElement("span");
      dots.className = "dots";
      dots.append(document.createElement("i"));
      document.body.append(dots);
      return getComputedStyle(dots.firstChild).animationName;
    }"""
    assert await page.evaluate(moving) == "none"


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize("color", ["#2F5BEA", "#ffd400", "#101010", "#777777", "#ffffff"])
async def test_every_colour_can_be_read_in_both_themes(
    page: Page, server: Server, shop: Desk, color: str
) -> None:
    configure(shop, look={"color": color, "quick_prompts": ["When does the shop open?"]})
    for theme in ("light", "dark"):
        configure(shop, widget={"theme": theme})
        await page.goto(frame_address(server, shop))
        await page.locator(".prompt").click()
        await expect(page.locator(".answer .rating")).to_be_visible()
        await page.get_by_role("button", name="Helpful", exact=True).click()
        assert await axe_violations(page) == []
        assert await page.evaluate("document.documentElement.dataset.theme") == theme


async def test_every_setting_of_the_look_is_seen(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    site.set("/avatar.png", PIXEL, media_type="image/png")
    gradient = [{"color": "#ffffff", "at": 0}, {"color": "#000000", "at": 100}]
    look = {
        "gradient_stops": gradient,
        "avatar": f"{site.url}/avatar.png",
        "welcome": "Ask away.\nIn any language.",
        "show_branding": False,
        "custom_css": ".bubble { border-radius: 3px }",
    }
    configure(shop, look=look)
    await page.goto(frame_address(server, shop))
    await expect(page.locator(".welcome .bubble")).to_have_text("Ask away.\nIn any language.")
    await expect(page.locator(".welcome .bubble")).to_have_css("border-radius", "3px")
    await expect(page.locator(".avatar")).to_have_js_property("naturalWidth", 1)
    await expect(page.locator(".branding")).to_have_count(0)
    # White on white could not be read: the gradient is darkened where it has to be.
    drawn = await page.locator(".bar").evaluate("(bar) => getComputedStyle(bar).backgroundImage")
    assert "linear-gradient" in drawn
    assert "255, 255, 255" not in drawn
    await expect(page.locator(".bar")).to_have_css("color", "rgb(255, 255, 255)")


async def test_a_picture_that_is_missing_leaves_no_hole(
    page: Page, server: Server, shop: Desk, site: Website
) -> None:
    configure(shop, look={"avatar": f"{site.url}/none.png"})
    await page.goto(frame_address(server, shop))
    await expect(page.locator(".bar")).to_be_visible()
    await expect(page.locator(".avatar")).to_have_count(0)
