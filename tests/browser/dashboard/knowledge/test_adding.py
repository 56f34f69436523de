"""Files, texts, questions and synonyms in the dashboard, in a real browser."""

from playwright.async_api import Locator, Page, expect

from tests.browser.bad_line import BadLine
from tests.browser.dashboard.knowledge.opening import add, file_of, open_knowledge, part, row_of
from tests.browser.dashboard.opening import hold_to_the_rules
from tests.browser.pages import TakeScreenshots
from tests.conftest import Desk, Server
from tests.waiting import PATIENCE, attempts


def uploads(page: Page) -> Locator:
    return page.get_by_role("list", name="Files being added").get_by_role("listitem")


async def test_whoever_may_only_read_sees_everything_and_changes_nothing(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    desk.add_item("Do you ship to Norway?", "Yes, in a week.")
    wish = {"name": "Reader", "scopes": ["knowledge:read", "projects:read"]}
    made = desk.owner.post("/v1/api-keys", json=wish)
    assert made.status_code == 201, made.text
    await open_knowledge(page, server, desk, "/files", key=made.json()["key"])
    await expect(page.get_by_text("can change it")).to_be_visible()
    await expect(row_of(page, "Opening hours").get_by_role("button")).to_have_count(1)
    await expect(page.get_by_role("button", name="Drop files here")).to_have_count(0)
    await row_of(page, "Opening hours").get_by_role("button").click()
    sheet = page.get_by_role("dialog", name="Opening hours")
    await expect(sheet).to_contain_text("Your role does not include what visitors asked.")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    await part(page, "Questions and answers")
    await expect(row_of(page, "Norway")).to_contain_text("Yes, in a week.")
    await expect(row_of(page, "Norway").get_by_role("button")).to_have_count(0)


async def test_a_bad_file_is_refused_with_its_reason_and_the_good_ones_come_in(
    page: Page, server: Server, desk: Desk, take_screenshots: TakeScreenshots
) -> None:
    await open_knowledge(page, server, desk, "/files")
    files = [
        file_of("parrots.md", b"# Parrots\n\nParrots eat seeds and fruit."),
        file_of("broken.pdf", b"%PDF-1.4 nothing else"),
        file_of("large.txt", b"x" * 100_001),
        file_of("geese.txt", b"Geese eat grass."),
    ]
    await page.get_by_label("Choose files").set_input_files(files)
    for row, file in zip(await uploads(page).all(), files, strict=True):
        await expect(row).to_contain_text(file["name"])
    await expect(uploads(page).filter(has_text="parrots.md")).to_contain_text("1 passage")
    await expect(uploads(page).filter(has_text="geese.txt")).to_contain_text("1 passage")
    await expect(uploads(page).filter(has_text="broken.pdf")).to_contain_text("damaged")
    await expect(uploads(page).filter(has_text="large.txt")).to_contain_text("more than the 100 kB")
    listed = page.get_by_role("list", name="Files and texts").get_by_role("listitem")
    await expect(listed).to_have_count(2)
    await hold_to_the_rules(page, "knowledge-files", take_screenshots)
    await page.get_by_label("Search files and texts").fill("parr")
    await expect(listed).to_have_count(1)
    await page.reload()
    await expect(listed).to_have_count(1)


async def test_a_dropped_file_is_taken_in_where_nothing_is_known(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk)
    dropped = await page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        "data.items.add(new File(['Swans eat weed.'], 'swans.txt')); return data; }"
    )
    target = page.get_by_role("button", name="Drop files here")
    await target.dispatch_event("drop", {"dataTransfer": dropped})
    await expect(page.get_by_role("link", name="1 file and text")).to_be_visible()
    await part(page, "Files and texts")
    await expect(uploads(page)).to_contain_text("1 passage")


async def test_a_broken_line_loses_nothing_and_doubles_nothing(
    page: Page, server: Server, desk: Desk
) -> None:
    async with BadLine(server.port).open() as line:
        await open_knowledge(page, server, desk, url=line.url)
        sheet = await add(page, "Add a text")
        await sheet.get_by_label("Title").fill("Opening hours")
        await sheet.get_by_role("textbox", name="Text", exact=True).fill("We open at nine.")
        line.break_after(b"")
        await sheet.get_by_role("button", name="Add the text").click()
        await expect(sheet.get_by_role("alert")).to_contain_text("cannot be reached")
        await expect(sheet.get_by_label("Title")).to_have_value("Opening hours")
        line.release()
        await sheet.get_by_role("button", name="Add the text").click()
        await expect(sheet).to_be_hidden()
    # The server had the first one, too; the key that both carry makes them one.
    assert len(desk.owner.get(f"{desk.path}/sources").json()["items"]) == 1


async def test_the_keyboard_alone_is_enough(page: Page, server: Server, desk: Desk) -> None:
    await open_knowledge(page, server, desk)
    await page.keyboard.press("n")
    await page.keyboard.press("t")
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.keyboard.type("Parking")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Cars park behind the house.")
    await page.get_by_role("button", name="Add the text").press("Enter")
    await expect(page.get_by_role("link", name="1 file and text")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.get_by_placeholder("Find a page or an action").fill("Add a question")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("heading", level=2)).to_have_text("No questions yet")


async def test_an_import_shows_what_it_has_and_what_is_wrong_in_which_row(
    page: Page, server: Server, desk: Desk, take_screenshots: TakeScreenshots
) -> None:
    await open_knowledge(page, server, desk)
    sheet = await add(page, "Import questions")
    chooser = sheet.locator("input[type=file]")
    wrong = b"question,answer\nWhere are you?,In the harbour.\n,Nobody asked.\nWhy?,\n"
    await chooser.set_input_files(file_of("questions.csv", wrong))
    preview = sheet.get_by_role("region", name="What the file has")
    await expect(preview.get_by_role("row")).to_have_count(4)
    await sheet.get_by_role("button", name="Import", exact=True).click()
    faults = sheet.get_by_role("region", name="Errors by row").get_by_role("row")
    await expect(faults).to_have_count(3)
    await expect(faults.nth(1)).to_contain_text("3")
    await expect(faults.nth(1)).to_contain_text("question")
    await hold_to_the_rules(page, "knowledge-import", take_screenshots)
    assert desk.owner.get(f"{desk.path}/items").json()["items"] == []
    right = b'question,answer,category,tags\nWhere are you?,In the harbour.,Place,"way, map"\n'
    await chooser.set_input_files(file_of("questions.csv", right))
    await expect(preview).to_contain_text("In the harbour.")
    await sheet.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_text("1 question added.")).to_be_visible()
    await expect(row_of(page, "Where are you?")).to_contain_text("Place")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export").click()
        await page.get_by_role("menuitem", name="As a table").click()
    path = await (await download.value).path()
    assert path.read_text(encoding="utf-8-sig").splitlines()[1].startswith("Where are you?")


async def test_a_question_is_found_edited_previewed_and_deleted(
    page: Page, server: Server, desk: Desk, take_screenshots: TakeScreenshots
) -> None:
    desk.add_item("Do you ship to Norway?", "Yes, in a week.")
    desk.add_item("Where are you?", "In the harbour.")
    await open_knowledge(page, server, desk, "/questions")
    items = page.get_by_role("list", name="Questions and answers").get_by_role("listitem")
    await expect(items).to_have_count(2)
    await page.keyboard.press("/")
    await page.keyboard.type("norway")
    await expect(items).to_have_count(1)
    await page.reload()
    await expect(items).to_have_count(1)
    await items.get_by_role("button", name="Do you ship to Norway?", exact=True).click()
    form = page.get_by_role("form", name="Edit the question")
    answer = form.get_by_role("textbox", name="Answer")
    await answer.fill("Yes, in **two** weeks. <img src=x> [more](javascript:alert(1))")
    await form.get_by_text("Preview", exact=True).click()
    await expect(form.get_by_text("two", exact=True)).to_have_css("font-weight", "700")
    assert await form.locator("img, a").count() == 0
    await hold_to_the_rules(page, "knowledge-question", take_screenshots)
    await form.get_by_role("radiogroup").get_by_text("Answer").click()
    await answer.fill("Yes, in two weeks.")
    await form.get_by_role("combobox", name="Category").fill("Shipping")
    await form.get_by_role("button", name="Save").click()
    await expect(items).to_contain_text("Yes, in two weeks.")
    await expect(items).to_contain_text("Shipping")
    told = desk.visitor.post(
        "/api/chat", json={"project_id": desk.project_id, "message": "Do you ship to Norway?"}
    )
    assert "two" in told.text
    await items.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Nothing matches.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(items).to_have_count(1)
    await items.get_by_role("button", name="Delete").click()
    await page.goto("about:blank")
    # Whoever leaves does not wait for what the page still says.
    assert any(_questions(desk) == ["Where are you?"] for _ in attempts(PATIENCE))
    await open_knowledge(page, server, desk, "/questions")
    await expect(items).to_have_count(1)


def _questions(desk: Desk) -> list[str]:
    items = desk.owner.get(f"{desk.path}/items").json()["items"]
    return [one["question"] for one in items]


async def test_synonyms_are_refused_added_changed_and_removed(
    page: Page, server: Server, desk: Desk, take_screenshots: TakeScreenshots
) -> None:
    await open_knowledge(page, server, desk, "/synonyms")
    await expect(page.get_by_role("heading", level=2)).to_have_text("No synonyms yet")
    words = page.get_by_role("form", name="Add a group").get_by_role("combobox")
    await words.fill("bicycle")
    await words.press("Enter")
    await page.get_by_role("button", name="Add a group").click()
    await expect(page.locator("#content").get_by_role("alert")).to_contain_text("at least two")
    await words.fill("bike")
    await words.press("Enter")
    await page.get_by_role("button", name="Add a group").click()
    groups = page.get_by_role("list", name="Groups of synonyms")
    await expect(groups).to_contain_text("bike")
    await hold_to_the_rules(page, "knowledge-synonyms", take_screenshots)
    await page.get_by_role("button", name="Edit: bicycle, bike").click()
    form = page.get_by_role("form", name="Edit the group")
    await form.get_by_role("combobox").fill("cycle")
    await form.get_by_role("combobox").press("Enter")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Edit: bicycle, bike, cycle")).to_be_visible()
    await page.get_by_role("button", name="Remove: bicycle, bike, cycle").click()
    await expect(page.get_by_role("heading", level=2)).to_have_text("No synonyms yet")
    await page.goto("about:blank")
    await open_knowledge(page, server, desk, "/synonyms")
    await expect(page.get_by_role("heading", level=2)).to_have_text("No synonyms yet")
