"""Files, questions and the model on the page of the knowledge, in a real browser."""

from playwright.async_api import Page, expect

from tests.browser.knowledge.opening import SYNC_MS, file_of, open_knowledge
from tests.conftest import Desk, Server


async def test_a_bad_file_is_refused_with_its_reason_and_the_good_ones_come_in(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk)
    await page.get_by_role("button", name="Files", exact=True).click()
    files = [
        file_of("parrots.md", b"# Parrots\n\nParrots eat seeds and fruit."),
        file_of("broken.pdf", b"%PDF-1.4 nothing else"),
        file_of("large.txt", b"x" * 100_001),
        file_of("geese.txt", b"Geese eat grass."),
    ]
    await page.get_by_label("Choose files, or drop them here").set_input_files(files)
    uploads = page.locator("#uploads > li")
    for row, file in zip(await uploads.all(), files, strict=True):
        await expect(row).to_contain_text(file["name"])
    await expect(uploads.filter(has_text="parrots.md")).to_contain_text("1 passage")
    await expect(uploads.filter(has_text="geese.txt")).to_contain_text("1 passage")
    await expect(uploads.filter(has_text="broken.pdf")).to_contain_text("damaged")
    await expect(uploads.filter(has_text="large.txt")).to_contain_text("more than the 98 KB")
    await expect(page.locator("#sources > li")).to_have_count(2)
    # What was refused opens no other form, however little there is to see.
    await expect(page.get_by_label("Choose files, or drop them here")).to_be_visible()


async def test_a_dropped_file_is_taken_in(page: Page, server: Server, desk: Desk) -> None:
    await open_knowledge(page, server, desk)
    await page.get_by_role("button", name="Files", exact=True).click()
    dropped = await page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        "data.items.add(new File(['Swans eat weed.'], 'swans.txt')); return data; }"
    )
    await page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    await expect(page.locator("#uploads > li")).to_contain_text("1 passage")


async def test_an_import_tells_what_is_wrong_in_which_row(
    page: Page, server: Server, desk: Desk
) -> None:
    await open_knowledge(page, server, desk)
    await page.get_by_role("button", name="Import questions").click()
    chooser = page.get_by_label("A table of questions and answers")
    wrong = b"question,answer\nWhere are you?,In the harbour.\n,Nobody asked.\nWhy?,\n"
    await chooser.set_input_files(file_of("questions.csv", wrong))
    await page.get_by_role("button", name="Import", exact=True).click()
    rows = page.locator("#import-errors tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(0)).to_contain_text("3")
    await expect(rows.nth(0)).to_contain_text("question")
    assert desk.owner.get(f"{desk.path}/items").json()["items"] == []
    right = b'question,answer,category,tags\nWhere are you?,In the harbour.,Place,"way, map"\n'
    await chooser.set_input_files(file_of("questions.csv", right))
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.locator("#told")).to_contain_text("1 question added")
    await expect(page.locator("#import-errors")).to_be_hidden()
    await page.get_by_role("link", name="Questions", exact=True).click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export CSV").click()
    path = await (await download.value).path()
    assert path.read_text(encoding="utf-8-sig").splitlines()[1].startswith("Where are you?")


async def test_a_question_is_found_edited_and_deleted(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_item("Do you ship to Norway?", "Yes, in a week.")
    desk.add_item("Where are you?", "In the harbour.")
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name="Questions", exact=True).click()
    await page.get_by_role("link", name="Add", exact=True).click()
    await expect(page.get_by_label("Question", exact=True)).to_be_focused()
    await page.go_back()
    items = page.locator("#items > li")
    await expect(items).to_have_count(2)
    await page.get_by_label("Search").fill("norway")
    await expect(items).to_have_count(1)
    await items.get_by_role("button", name="Edit").click()
    form = page.get_by_role("form", name="Edit the question")
    await form.get_by_label("Answer").fill("Yes, in two weeks.")
    await form.get_by_label("Category").fill("Shipping")
    await form.get_by_role("button", name="Save").click()
    await expect(items).to_contain_text("Yes, in two weeks.")
    await expect(items).to_contain_text("Shipping")
    await expect(items.get_by_role("button", name="Edit")).to_be_focused()
    answer = desk.visitor.post(
        "/api/chat", json={"project_id": desk.project_id, "message": "Do you ship to Norway?"}
    )
    assert "two" in answer.text
    await items.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    await expect(page.get_by_text("No question matches.")).to_be_visible()
    left = desk.owner.get(f"{desk.path}/items").json()["items"]
    assert [one["question"] for one in left] == ["Where are you?"]


async def test_the_model_is_changed_and_taken_back(page: Page, server: Server, desk: Desk) -> None:
    desk.add_text("Opening hours", "The shop opens at nine.")
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name="Embedding model").click()
    await page.get_by_label("Change to").select_option("fake:2")
    await page.get_by_role("button", name="Change", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Change").click()
    back = page.get_by_role("button", name="Go back to fake", exact=True)
    await expect(back).to_be_visible(timeout=SYNC_MS)
    await expect(page.locator("#model .facts")).to_contain_text("fake:2")
    await back.click()
    await expect(page.get_by_role("button", name="Go back to fake:2")).to_be_visible()
    shown = desk.owner.get(f"{desk.path}/embedding").json()
    assert (shown["space"], shown["previous"]["space"]) == ("fake", "fake:2")


async def test_a_model_that_knows_the_language_is_suggested(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Versand", "Der Versand nach Österreich kostet neun Euro und dauert drei Tage.")
    await open_knowledge(page, server, desk)
    await page.get_by_role("link", name="Embedding model").click()
    await expect(page.locator("#model")).to_contain_text("other languages than English (German)")
    await page.get_by_role("button", name="Change to e5-small-multilingual").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Change to e5-small-multilingual?")
