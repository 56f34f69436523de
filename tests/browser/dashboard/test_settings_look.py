"""The look of the chat, beside the chat itself: what is edited, refused, previewed and kept."""

import re

from playwright.async_api import FrameLocator, Page, expect

from tests.browser.dashboard.opening import hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import (
    UNSAVED,
    change,
    expect_saved,
    open_part,
    save,
    settings_of,
)
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import open_shop
from tests.conftest import Rows, Server


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


async def test_who_may_only_read_sees_the_look_and_changes_nothing(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    before = settings_of(shop)
    page = await open_page()
    viewer = shop.join("Vera", "viewer")
    await open_dashboard(page, server, viewer, f"/p/{shop.desk.project_id}/settings/look")
    await expect(page.get_by_text("You can see this, but not change it.")).to_be_visible()
    await page.get_by_text("The question field").click()
    await expect(page.locator("form textarea[lang]").first).to_be_visible()
    for field in await page.locator("form").locator("input, textarea").all():
        if await field.get_attribute("type") != "search":
            await expect(field).to_be_disabled()
    await expect(page.get_by_role("button", name="Add a colour")).to_have_count(0)
    await expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    # They can look at the chat in every language.
    await page.get_by_label("Language of the preview").select_option("ja")
    await expect(preview(page).get_by_text("こんにちは。")).to_be_visible()
    assert settings_of(shop) == before


async def test_the_look_is_refused_at_its_fields_and_then_kept(
    open_page: OpenPage, server: Server, take_screenshots: TakeScreenshots
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "look")
    avatar = page.get_by_label("Picture of the assistant")
    await avatar.fill("avatar.png")
    for place, (color, at) in enumerate((("#112233", "0"), ("#445566", "101")), start=1):
        await page.get_by_role("button", name="Add a colour").click()
        await page.get_by_label(f"Colour {place} of the gradient", exact=True).fill(color)
        await page.get_by_label(f"Place of colour {place}, in per cent").fill(at)
    await save(page)
    last = page.get_by_label("Place of colour 2, in per cent")
    await expect(last).to_be_focused()
    await expect(last).to_have_accessible_description(re.compile("Write a number from 0 to 100"))
    await last.fill("75.5")
    await save(page)
    # What the server refuses stands at its field, too, and nothing that was typed is lost.
    await expect(avatar).to_be_focused()
    await expect(avatar).to_have_accessible_description(re.compile("web address"))
    await expect(avatar).to_have_value("avatar.png")
    await avatar.fill("")
    await page.get_by_label("Colour", exact=True).fill("#006644")
    await page.get_by_label("Light or dark").select_option("Always dark")
    await page.get_by_label("Where its button is").select_option("At the bottom left")
    await page.get_by_role("switch", name="Show “Powered by Answerdesk”").click()
    await page.get_by_label("Styles of your own (CSS)").fill("p { font-style: italic }")
    await save(page)
    await expect_saved(page)
    kept = settings_of(shop)
    assert kept["widget"]["theme"] == "dark"
    assert kept["look"] == {
        "color": "#006644",
        "gradient_stops": [{"color": "#112233", "at": 0}, {"color": "#445566", "at": 75.5}],
        "position": "bottom-left",
        "welcome": None,
        "quick_prompts": [],
        "avatar": None,
        "show_branding": False,
        "custom_css": "p { font-style: italic }",
    }
    await page.reload()
    await expect(page.get_by_label("Colour", exact=True)).to_have_value("#006644")
    await page.get_by_role("button", name="Remove colour 1").click()
    await expect(page.get_by_role("button", name="Add a colour")).to_be_focused()
    await save(page)
    await expect_saved(page)
    assert len(settings_of(shop)["look"]["gradient_stops"]) == 1
    await hold_to_the_rules(page, "settings-look", take_screenshots)


async def test_how_it_begins_and_what_visitors_are_asked_for(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    change(shop, settings={"lead_capture": {"consent_text": "You may write to me."}})
    page = await open_page()
    await open_part(page, server, shop, "look")
    prompts = page.get_by_label("Questions to begin with, one a line")
    await prompts.fill("\n".join(["Why?"] * 11))
    await save(page)
    await expect(page.get_by_text("These are 11 questions").first).to_be_visible()
    await prompts.fill("Do you deliver?\n" + "x" * 201)
    await page.get_by_role("switch", name="Ask visitors how to reach them").click()
    asked = page.get_by_role("group", name="Ask for")
    for wanted in await asked.get_by_role("checkbox").all():
        await wanted.uncheck()
    await save(page)
    await expect(page.get_by_text("Line 2 is longer than 200 characters.").first).to_be_visible()
    await expect(page.get_by_text("Choose at least one, or don't ask.").first).to_be_visible()
    await prompts.fill("Do you deliver?\n\n  When are you open? ")
    await page.get_by_label("Welcome", exact=True).fill("Good day!")
    await asked.get_by_label("Phone number").check()
    await asked.get_by_label("Name").check()
    await page.get_by_label("The sentence above these").fill("How do we reach you?")
    await page.get_by_role("switch", name="Show “Talk to a person”").click()
    await save(page)
    await expect_saved(page)
    kept = settings_of(shop)
    assert kept["look"]["quick_prompts"] == ["Do you deliver?", "When are you open?"]
    assert kept["look"]["welcome"] == "Good day!"
    assert kept["widget"]["offers_person"] is False
    assert kept["lead_capture"] == {
        "enabled": True,
        "fields": ["name", "phone"],
        "message": "How do we reach you?",
        "consent_text": "You may write to me.",
    }


async def test_the_texts_of_a_language_are_replaced_and_a_mistake_is_led_to(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "look")
    language = page.get_by_label("Language", exact=True)
    await language.select_option("fr")
    await page.get_by_label("Search", exact=True).fill("envoyer")
    send = page.locator("textarea[lang=fr]").first
    await expect(send).to_have_attribute("placeholder", "Envoyer")
    await send.fill("Hop {name}")
    await page.get_by_label("Search", exact=True).fill("")
    await language.select_option("de")
    await save(page)
    # The mistake is in another language than the one that is shown.
    await expect(language).to_have_value("fr")
    await expect(page.locator("textarea[aria-invalid=true]")).to_be_focused()
    await expect(page.get_by_text("{name} stands for nothing here.").first).to_be_visible()
    await page.locator("textarea[aria-invalid=true]").fill("Hop")
    await save(page)
    await expect_saved(page)
    assert settings_of(shop)["widget"]["texts"] == {"fr": {"composer.send": "Hop"}}
    other = page.get_by_label("Another language or region")
    await other.fill("pt_BR")
    await page.get_by_role("button", name="Add it").click()
    await expect(other).to_have_accessible_description(re.compile("Write a language such as"))
    await other.fill("pt-br")
    await other.press("Enter")
    await expect(language).to_have_value("pt-BR")
    # The language is in the address: reload and back keep it.
    await page.reload()
    await expect(language).to_have_value("pt-BR")
    await page.get_by_label("Search", exact=True).fill("composer.send")
    await page.locator("textarea[lang=pt-BR]").fill("Enviar")
    await save(page)
    await expect_saved(page)
    await language.select_option("fr")
    await page.locator("textarea[lang=fr]").fill("")
    await save(page)
    await expect_saved(page)
    assert settings_of(shop)["widget"]["texts"] == {"pt-BR": {"composer.send": "Enviar"}}
    await page.get_by_label("Search", exact=True).fill("no such words")
    await expect(page.get_by_text("No text has these words.")).to_be_visible()


async def test_the_preview_shows_what_is_not_saved_and_stores_nothing(
    open_page: OpenPage, server: Server, rows: Rows
) -> None:
    shop = open_shop(server)
    before = settings_of(shop)
    page = await open_page()
    await open_part(page, server, shop, "look")
    chat = preview(page)
    await page.get_by_label("Welcome", exact=True).fill("<b>Ahoy</b> {name}")
    await page.get_by_label("Questions to begin with, one a line").fill("Do you deliver?")
    await expect(chat.get_by_text("<b>Ahoy</b> {name}")).to_be_visible()
    await expect(chat.get_by_role("button", name="Do you deliver?")).to_be_visible()
    await page.get_by_label("Colour", exact=True).fill("#ffd400")
    launcher = page.get_by_test_id("launcher")
    await expect(launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    await expect(launcher).to_have_css("color", "rgb(0, 0, 0)")
    await expect(page.get_by_text("The button hardly stands out")).to_be_visible()
    await page.get_by_label("Picture of the assistant").fill("nonsense")
    await expect(page.get_by_text("This is how it was before your last change:")).to_be_visible()
    await expect(launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    await page.get_by_label("Picture of the assistant").fill("")
    await expect(page.get_by_text("This is how it was before")).to_have_count(0)
    # A question goes nowhere.
    await chat.get_by_role("button", name="Do you deliver?").click()
    await chat.get_by_role("textbox").fill("Do you?")
    await chat.get_by_role("textbox").press("Enter")
    await expect(chat.get_by_role("textbox")).to_have_value("")
    await page.get_by_label("Language of the preview").select_option("ar")
    await expect(chat.locator("html")).to_have_attribute("dir", "rtl")
    assert settings_of(shop) == before
    project = shop.desk.project_id.removeprefix("proj_")
    assert rows("select count(*) from visitor where project_id = %s", project) == [(0,)]


async def test_what_somebody_else_changed_stays_unless_it_is_the_same(
    open_page: OpenPage, server: Server
) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "look")
    welcome = page.get_by_label("Welcome", exact=True)
    await welcome.fill("Mine")
    # Another field of the same page is no conflict.
    change(shop, settings={"look": {"color": "#123456"}})
    await save(page)
    await expect_saved(page)
    await expect(page.get_by_label("Colour", exact=True)).to_have_value("#123456")
    await welcome.fill("Mine again")
    change(shop, settings={"look": {"welcome": "Theirs", "color": "#654321"}})
    await save(page)
    await expect(page.get_by_text("Somebody else has changed this meanwhile.")).to_be_visible()
    await expect(welcome).to_have_value("Mine again")
    assert settings_of(shop)["look"]["welcome"] == "Theirs"
    await page.get_by_role("button", name="Save mine over it").click()
    await expect_saved(page)
    look = settings_of(shop)["look"]
    assert (look["welcome"], look["color"]) == ("Mine again", "#654321")
    await welcome.fill("Not this")
    await expect(page.get_by_text(UNSAVED)).to_be_visible()
    await page.get_by_role("button", name="Discard").click()
    await expect(welcome).to_have_value("Mine again")


async def test_visitors_see_what_was_saved(open_page: OpenPage, server: Server) -> None:
    shop = open_shop(server)
    page = await open_page()
    await open_part(page, server, shop, "look")
    await page.get_by_label("Welcome", exact=True).fill("Good day from the harbour!")
    await save(page)
    await expect_saved(page)
    visitor = await open_page()
    await visitor.goto(f"{server.url}/widget/test?project={shop.desk.project_id}")
    await visitor.get_by_role("button", name="Chat with Assistant").click()
    chat = visitor.frame_locator("iframe")
    await expect(chat.get_by_text("Good day from the harbour!")).to_be_visible()
