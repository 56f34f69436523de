"""The page of the knowledge tells of documents that an older version has read."""

import psycopg
from playwright.async_api import Page, expect

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import parse_public_id
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from tests.browser.accessibility import problems
from tests.browser.knowledge.opening import open_knowledge
from tests.conftest import Desk, Server

DONE_MS = 60_000


def _age(server: Server, desk: Desk, set_to: str) -> None:
    """Change who has read the project's documents."""
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute(
                f"update document set {set_to} where project_id = %s".encode(),
                (parse_public_id("proj", desk.project_id),),
            )


async def test_older_documents_are_counted_and_read_again(
    page: Page, server: Server, desk: Desk
) -> None:
    for number in range(3):
        desk.add_text(f"Lantern {number}", f"Lantern {number} hangs at the door.")
    await open_knowledge(page, server, desk)
    await expect(page.locator("#reading")).to_be_empty()
    _age(server, desk, f"reader_version = {READER_VERSION - 1}")
    await page.reload()
    note = page.get_by_text("3 documents were read by an older version.")
    await expect(note).to_be_visible()
    assert await problems(page) == []
    await page.get_by_role("button", name="Read them again").click()
    told = page.get_by_text("All documents are read by the current version now.")
    await expect(told).to_be_visible(timeout=DONE_MS)
    await expect(page.locator("#reading")).to_be_empty()
    assert desk.owner.get(f"{desk.path}/reading").json()["older"] == 0


async def test_what_the_current_version_cannot_read_is_told(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Lantern", "It hangs at the door.")
    _age(server, desk, f"failed_reader = {READER_VERSION}, note = 'Why.'")
    await open_knowledge(page, server, desk)
    await expect(page.get_by_text("1 document could not be read by the current")).to_be_visible()
    await expect(page.get_by_role("button", name="Read them again")).to_be_hidden()


async def test_it_shows_its_progress_and_can_be_cancelled(
    page: Page, server: Server, desk: Desk
) -> None:
    desk.add_text("Lantern", "It hangs at the door.")
    _age(server, desk, f"reader_version = {READER_VERSION - 1}")
    # As if it waited: nothing runs, but it has begun.
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute(
                f"update knowledge_base set again_before = {READER_VERSION}, again_total = 4,"
                " again_code = 'away',"
                " again_error = 'The service is away' where project_id = %s",
                (parse_public_id("proj", desk.project_id),),
            )
    await open_knowledge(page, server, desk)
    await expect(page.get_by_text("3 of 4 documents")).to_be_visible()
    await expect(page.get_by_text("The service is away.")).to_be_visible()
    assert await problems(page) == []
    await (
        page.get_by_role("region", name="Reading documents again")
        .get_by_role("button", name="Cancel")
        .click()
    )
    await expect(page.get_by_text("1 document was read by an older version.")).to_be_visible()
    await expect(page.get_by_role("button", name="Read it again")).to_be_visible()
