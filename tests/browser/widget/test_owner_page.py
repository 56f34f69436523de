"""The page on which owners set up the widget, in a browser and read back over the API."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.accounts.people import Person, join, sign_up
from tests.browser.accessibility import axe_violations, problems
from tests.browser.log_ins import log_in
from tests.browser.pages import PHONE, ColorScheme, OpenPage, TakeScreenshots
from tests.browser.settings.opening import add_project, expect_saved, save
from tests.browser.widget.owner import PARTS, go_to, open_widget, preview, settings_of
from tests.conftest import Rows, Server

SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")


@pytest.fixture
def boss(server: Server) -> Person:
    return sign_up(server, "boss")


@pytest.fixture
def project(boss: Person) -> dict[str, Any]:
    return add_project(boss)


async def test_without_a_project_it_says_where_to_create_one(
    page: Page, server: Server, boss: Person
) -> None:
    await log_in(page, server, boss.email)
    await page.goto(f"{server.url}/widget")
    await expect(page.get_by_text("There is no project yet.")).to_be_visible()
    await expect(page.locator("#preview-box")).to_be_hidden()
    await page.goto(f"{server.url}/widget?project=proj_{'0' * 32}")
    await expect(page.locator("#lead")).to_contain_text("on your websites looks")


async def test_who_may_only_read_sees_everything_and_changes_nothing(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    await log_in(page, server, join(server, boss, "viewer").email)
    for part in PARTS:
        form = await go_to(page, server, part)
        await expect(
            page.get_by_text("Only an owner or admin of this account can change")
        ).to_be_visible()
        for field in await form.locator("form").locator("input, textarea, select").all():
            await expect(field).to_be_disabled()
        await expect(form.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    await go_to(page, server, "texts")
    await page.get_by_label("Language", exact=True).select_option("ja")
    await expect(preview(page).get_by_text("こんにちは。")).to_be_visible()
    assert settings_of(boss, project) == project["settings"]


async def test_the_look_is_edited_and_refused_at_its_fields(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_widget(page, server, boss, "look")
    avatar = form.get_by_label("Picture of the assistant")
    await avatar.fill("avatar.png")
    for color, at in (("#112233", "0"), ("#445566", "101")):
        await form.get_by_role("button", name="Add a colour").click()
        await form.get_by_label("Colour", exact=True).last.fill(color)
        await form.get_by_label("Place, in per cent").last.fill(at)
    await save(page, "look")
    await expect(form.get_by_text("Write a number from 0 to 100.")).to_be_visible()
    await form.get_by_label("Place, in per cent").last.fill("75.5")
    await save(page, "look")
    await expect(avatar).to_be_focused()
    await expect(form.locator(".field-error")).to_contain_text("This is not a web address")
    # The preview shows it at once.
    await avatar.fill(f"{server.url}/assets/icon.svg")
    await form.locator("#look-color").fill("#006644")
    await form.get_by_label("Light or dark").select_option("always dark")
    await form.get_by_label("Where its button is").select_option("at the bottom left")
    await form.get_by_label("Powered by Answerdesk").uncheck()
    await form.get_by_text("Styles of your own").click()
    await form.get_by_label("Styles", exact=True).fill("p { font-style: italic }")
    await avatar.fill("")
    await save(page, "look")
    await expect_saved(page)
    kept = settings_of(boss, project)
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
    await form.get_by_role("button", name="Remove this colour").first.click()
    await expect(form.get_by_role("button", name="Add a colour")).to_be_focused()
    await save(page, "look")
    await expect(form.get_by_text("Not saved yet")).to_be_hidden()
    assert len(settings_of(boss, project)["look"]["gradient_stops"]) == 1


async def test_the_beginning_is_edited_and_too_much_is_told(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_widget(page, server, boss, "begin")
    prompts = form.get_by_label("Questions to begin with")
    await prompts.fill("\n".join(["Why?"] * 11))
    await save(page, "begin")
    await expect(form.get_by_text("There are 11 questions")).to_be_visible()
    await prompts.fill("Do you deliver?\n" + "x" * 201)
    await save(page, "begin")
    await expect(form.get_by_text("Line 2 is longer than 200 characters.")).to_be_visible()
    await prompts.fill("Do you deliver?\n\n  When are you open? ")
    await form.get_by_label("Welcome").fill("Good day!")
    await save(page, "begin")
    await expect_saved(page)
    look = settings_of(boss, project)["look"]
    assert look["quick_prompts"] == ["Do you deliver?", "When are you open?"]
    assert look["welcome"] == "Good day!"
    await form.get_by_label("Welcome").fill("")
    await save(page, "begin")
    await expect(form.get_by_text("Not saved yet")).to_be_hidden()
    assert settings_of(boss, project)["look"]["welcome"] is None


async def test_people_and_contacts_are_edited(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}"
    consent = {"lead_capture": {"consent_text": "You may write to me."}}
    boss.client.patch(path, json={"settings": consent}).raise_for_status()
    form = await open_widget(page, server, boss, "contact")
    await expect(form.get_by_label("E-mail address")).to_be_hidden()
    await form.get_by_label("Ask visitors how to reach them").check()
    await form.get_by_label("E-mail address").uncheck()
    await save(page, "contact")
    await expect(form.get_by_text("Choose at least one, or don't ask.")).to_be_visible()
    await form.get_by_label("Phone number").check()
    await form.get_by_label("Name", exact=True).check()
    await form.get_by_label("The sentence above these").fill("How do we reach you?")
    await form.get_by_label("Show “Talk to a person”").uncheck()
    await save(page, "contact")
    await expect_saved(page)
    kept = settings_of(boss, project)
    assert kept["widget"]["offers_person"] is False
    assert kept["lead_capture"] == {
        "enabled": True,
        "fields": ["name", "phone"],
        "message": "How do we reach you?",
        "consent_text": "You may write to me.",
    }


async def test_allowed_origins_are_edited_and_a_wrong_line_is_named(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    form = await open_widget(page, server, boss, "sites")
    field = form.get_by_label("Allowed origins, one per line")
    await field.fill("https://example.com\nexample.org/shop\nhttps://*.example.com")
    await save(page, "sites")
    await expect(form.locator(".field-error")).to_contain_text("Line 2: ")
    await field.fill("HTTPS://Example.com\nhttps://*.example.com\nhttps://example.com")
    await form.get_by_label("Continue conversations on other subdomains").check()
    await save(page, "sites")
    await expect_saved(page)
    kept = settings_of(boss, project)
    assert kept["allowed_origins"] == ["https://example.com", "https://*.example.com"]
    assert kept["widget"]["shares_subdomains"] is True
    await expect(field).to_have_value("https://example.com\nhttps://*.example.com")


async def test_texts_are_edited_by_language(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    view = await open_widget(page, server, boss, "texts")
    language = page.get_by_label("Language", exact=True)
    await language.select_option("fr")
    await page.get_by_label("Search").fill("envoyer")
    send = view.get_by_label("composer.send", exact=True)
    await expect(send).to_have_attribute("placeholder", "Envoyer")
    await expect(view.get_by_label("header.close")).to_be_hidden()
    await send.fill("Hop {name}")
    await language.select_option("de")
    await save(page, "texts")
    # The mistake is in another language than the one that is shown.
    await expect(language).to_have_value("fr")
    await expect(send).to_be_focused()
    await expect(view.locator(".field-error")).to_contain_text("{name} stands for nothing here.")
    await send.fill("Hop")
    await save(page, "texts")
    await expect_saved(page)
    assert settings_of(boss, project)["widget"]["texts"] == {"fr": {"composer.send": "Hop"}}
    await view.get_by_label("Another language or region").fill("pt_BR")
    await view.get_by_role("button", name="Add it").click()
    await expect(language).to_have_value("fr")
    await view.get_by_label("Another language or region").fill("pt-br")
    await page.keyboard.press("Enter")
    await expect(language).to_have_value("pt-BR")
    await page.get_by_label("Search").fill("composer.send")
    await expect(send).to_have_attribute("placeholder", "Send")
    await send.fill("Enviar")
    await save(page, "texts")
    await expect(view.get_by_text("Not saved yet")).to_be_hidden()
    await language.select_option("fr")
    await send.fill("")
    await save(page, "texts")
    await expect(view.get_by_text("Not saved yet")).to_be_hidden()
    assert settings_of(boss, project)["widget"]["texts"] == {"pt-BR": {"composer.send": "Enviar"}}
    await page.get_by_label("Search").fill("no such words")
    await expect(page.get_by_text("No text has these words.")).to_be_visible()


async def test_the_preview_shows_what_is_not_saved_and_stores_nothing(
    page: Page, server: Server, boss: Person, project: dict[str, Any], rows: Rows
) -> None:
    form = await open_widget(page, server, boss, "begin")
    chat = preview(page)
    await expect(chat.get_by_text("Hi! Ask me anything about our docs.")).to_be_visible()
    await form.get_by_label("Welcome").fill("<b>Ahoy</b> {name}")
    await form.get_by_label("Questions to begin with").fill("Do you deliver?")
    await expect(chat.get_by_text("<b>Ahoy</b> {name}")).to_be_visible()
    await expect(chat.get_by_role("button", name="Do you deliver?")).to_be_visible()
    await page.get_by_role("link", name="Look").click()
    look = page.locator("#view-look")
    await look.locator("#look-color").fill("#ffd400")
    launcher = page.locator("#stage-launcher")
    await expect(launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    await expect(launcher).to_have_css("color", "rgb(0, 0, 0)")
    await look.get_by_label("Picture of the assistant").fill("nonsense")
    await expect(page.locator("#preview-failure")).to_contain_text("web address")
    await expect(launcher).to_have_css("background-color", "rgb(255, 212, 0)")
    await look.get_by_label("Picture of the assistant").fill("")
    await expect(page.locator("#preview-failure")).to_be_hidden()
    # A question goes nowhere, and is not tried again.
    await chat.get_by_role("button", name="Do you deliver?").click()
    await chat.get_by_role("textbox").fill("Do you?")
    await chat.get_by_role("textbox").press("Enter")
    await expect(chat.get_by_role("textbox")).to_have_value("")
    await page.get_by_label("In", exact=True).select_option("ar")
    await expect(chat.locator("html")).to_have_attribute("dir", "rtl")
    assert settings_of(boss, project) == project["settings"]
    found = rows(
        "select count(*) from visitor where project_id = %s", project["id"].removeprefix("proj_")
    )
    assert found == [(0,)]


async def test_a_change_of_somebody_else_is_told_and_not_overwritten(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    path = f"/v1/projects/{project['id']}"
    form = await open_widget(page, server, boss, "begin")
    await form.get_by_label("Welcome").fill("Mine")
    theirs = {"settings": {"look": {"welcome": "Theirs", "color": "#123456"}}}
    boss.client.patch(path, json=theirs).raise_for_status()
    await save(page, "begin")
    await expect(form.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    assert settings_of(boss, project)["look"]["welcome"] == "Theirs"
    await form.get_by_role("button", name="Save mine over it").click()
    await expect_saved(page)
    look = settings_of(boss, project)["look"]
    # What they changed in another part stays.
    assert (look["welcome"], look["color"]) == ("Mine", "#123456")


async def test_what_is_not_saved_is_asked_about_before_leaving(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    other = add_project(boss, "Mill")
    form = await open_widget(page, server, boss, "begin")
    await form.get_by_label("Welcome").fill("Unsaved")
    await page.get_by_role("link", name="Websites", exact=True).click()
    await page.get_by_role("link", name="Beginning (not saved yet)").click()
    await page.get_by_label("Project", exact=True).select_option(other["id"])
    await page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    await expect(form.get_by_label("Welcome")).to_have_value("Unsaved")
    await page.get_by_label("Project", exact=True).select_option(other["id"])
    await page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await expect(page).to_have_title("Widget of Mill")


async def test_the_tag_is_copied_and_tried_on_the_test_page(
    page: Page, server: Server, boss: Person, project: dict[str, Any]
) -> None:
    settings = {"allowed_origins": ["https://shop.example"]}
    path = f"/v1/projects/{project['id']}"
    boss.client.patch(path, json={"settings": settings}).raise_for_status()
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = await open_widget(page, server, boss, "tag")
    await view.get_by_role("button", name="Copy the tag").click()
    await expect(page.locator("#told")).to_contain_text("The tag was copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == project["tag"]
    async with page.expect_popup() as opened:
        await view.get_by_role("link", name="Open the test page").click()
    test_page = await opened.value
    await test_page.get_by_role("button", name="Chat with Assistant").click()
    chat = test_page.frame_locator("iframe")
    await expect(chat.get_by_text("Hi! Ask me anything about our docs.")).to_be_visible()


async def test_every_part_can_be_read_hit_and_named(
    open_page: OpenPage,
    server: Server,
    boss: Person,
    project: dict[str, Any],
    take_screenshots: TakeScreenshots,
) -> None:
    settings = {
        "look": {
            "gradient_stops": [{"color": "#2f5bea", "at": 0}, {"color": "#7a2fea", "at": 100}],
            "custom_css": "p { font-style: italic }",
            "quick_prompts": ["Do you deliver?"],
        },
        "lead_capture": {"enabled": True},
        "widget": {"texts": {"en": {"composer.send": "Ask"}}},
    }
    path = f"/v1/projects/{project['id']}"
    boss.client.patch(path, json={"settings": settings}).raise_for_status()
    page = await open_page(viewport=PHONE)
    for part in (*PARTS, "tag"):
        if part == PARTS[0]:
            await open_widget(page, server, boss, part)
        else:
            await go_to(page, server, part)
        await expect(preview(page).get_by_role("button", name="Do you deliver?")).to_be_visible()
        if part == "texts":
            await page.locator("#text-groups").get_by_text("The question field").click()
        assert await problems(page) == []
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            assert await axe_violations(page) == []
        await page.set_viewport_size({"width": 320, "height": 640})
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window
        await page.set_viewport_size(PHONE)
        await take_screenshots(page, f"owner-{part}")
