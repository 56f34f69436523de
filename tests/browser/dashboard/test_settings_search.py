"""How the knowledge is searched and read: another search model, documents that are read again."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from answerdesk.knowledge.ingestion.readings import READER_VERSION
from tests.browser.dashboard.opening import expect_told, hold_to_the_rules, open_dashboard
from tests.browser.dashboard.settings import open_part
from tests.browser.pages import OpenPage, TakeScreenshots
from tests.browser.shop import Shop, Visitor, open_shop
from tests.conftest import Rows, Server, rows_of, serving
from tests.providers.embedding_service import KEY, MODEL, Answer, EmbeddingsServer, Told


class Service(EmbeddingsServer):
    """A service of embeddings, whose answers can be held back."""

    def __init__(self) -> None:
        super().__init__()
        self._going = threading.Event()
        self.release()

    def hold(self) -> None:
        """Answer nothing until `release`."""
        self._going.clear()
        self.spoil = self._wait

    def release(self) -> None:
        self._going.set()
        self.reset()

    def _wait(self, answer: Answer) -> Answer:
        self._going.wait()
        return answer


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.release()
    made.stop()


@pytest.fixture(scope="module")
def server(service: Service) -> Iterator[Server]:
    """A server that has a model in a service as well, called `cloud`."""
    with serving(
        ANSWERDESK_PROVIDER_NETWORKS="127.0.0.0/8",
        ANSWERDESK_EMBEDDING_URL=service.url,
        ANSWERDESK_EMBEDDING_MODEL=MODEL,
        ANSWERDESK_EMBEDDING_KEY=KEY,
        ANSWERDESK_EMBEDDING_SPACE="cloud",
        ANSWERDESK_EMBEDDING_DIMENSIONS=str(service.dimensions),
    ) as running:
        yield running


@pytest.fixture(scope="module")
def rows(server: Server) -> Iterator[Rows]:
    """As everywhere, in the database of this server."""
    yield from rows_of(server)


@pytest.fixture
def shop(server: Server, service: Service) -> Iterator[Shop]:
    service.release()
    yield open_shop(server)
    service.release()


def embedding_of(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = shop.boss.client.get(f"{shop.desk.path}/embedding").json()
    return found


def answered(shop: Shop) -> bool:
    """Ask as a visitor what the knowledge says."""
    visitor = Visitor(shop.server, shop.desk)
    visitor.write("How much is shipping to Norway?")
    return "twelve euros" in visitor.messages()[-1]["content"]


def model(page: Page) -> Locator:
    return page.get_by_role("region", name="Search model")


async def change_to(page: Page, space: str) -> None:
    await model(page).get_by_label("Another model").select_option(space)
    await model(page).get_by_role("button", name="Change", exact=True).click()
    asked = page.get_by_role("dialog", name=f"Change to {space}?")
    await asked.get_by_role("button", name="Change", exact=True).click()


async def test_who_may_only_read_sees_the_model_and_changes_nothing(
    page: Page, server: Server, shop: Shop
) -> None:
    viewer = shop.join("Vera", "viewer")
    await open_dashboard(page, server, viewer, f"/p/{shop.desk.project_id}/settings/search")
    await expect(model(page)).to_contain_text("fake")
    await expect(page.get_by_text("You can see this, but not change it.")).to_be_visible()
    await expect(page.locator("#content").get_by_role("combobox")).to_have_count(0)
    await expect(model(page).get_by_role("button")).to_have_count(0)
    await expect(page.get_by_text("All documents are read by the present version.")).to_be_visible()


async def test_another_model_is_prepared_while_the_present_one_answers_and_one_can_go_back(
    page: Page, server: Server, shop: Shop, service: Service, take_screenshots: TakeScreenshots
) -> None:
    await open_part(page, server, shop, "search")
    await hold_to_the_rules(page, "settings-search", take_screenshots)
    service.hold()
    await change_to(page, "cloud")
    going = page.get_by_role("region", name="Changing to cloud")
    await expect(going).to_contain_text("0 of ")
    await expect(going.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0")
    await expect(model(page).get_by_label("Another model")).to_have_count(0)
    assert answered(shop)
    assert embedding_of(shop)["space"] == "fake"
    await page.reload()
    await expect(going).to_be_visible()
    await hold_to_the_rules(page, "settings-search-changing", take_screenshots)
    service.release()
    await expect(going).to_have_count(0)
    await expect(model(page)).to_contain_text("96 dimensions")
    assert embedding_of(shop)["space"] == "cloud"
    assert answered(shop)
    await hold_to_the_rules(page, "settings-search-changed", take_screenshots)
    await model(page).get_by_role("button", name="Go back to fake").click()
    await expect_told(page, "fake is in use again")
    assert embedding_of(shop)["space"] == "fake"
    # What is stored for the other one can be deleted, and then there is no way back.
    await model(page).get_by_role("button", name="Delete it").click()
    asked = page.get_by_role("dialog", name="Delete what is stored for cloud?")
    await asked.get_by_role("button", name="Cancel").last.click()
    assert embedding_of(shop)["previous"]["space"] == "cloud"
    await model(page).get_by_role("button", name="Delete it").click()
    await asked.get_by_role("button", name="Delete it").click()
    await expect_told(page, "Deleted")
    await expect(model(page).get_by_role("button", name="Go back")).to_have_count(0)
    assert embedding_of(shop)["previous"] is None


async def test_a_change_that_cannot_go_on_says_why_and_is_cancelled(
    page: Page, server: Server, shop: Shop, service: Service
) -> None:
    service.always = Told(401)
    await open_part(page, server, shop, "search")
    await change_to(page, "cloud")
    going = page.get_by_role("region", name="Changing to cloud")
    await expect(going).to_contain_text("Waiting")
    await expect(going).to_contain_text("key")
    await going.get_by_role("button", name="Cancel").click()
    await expect_told(page, "The change was cancelled")
    await expect(going).to_have_count(0)
    await expect(model(page).get_by_label("Another model")).to_be_visible()
    assert embedding_of(shop)["change"] is None
    assert embedding_of(shop)["space"] == "fake"


async def test_a_change_that_somebody_else_began_meanwhile_is_shown(
    page: Page, server: Server, shop: Shop, service: Service
) -> None:
    await open_part(page, server, shop, "search")
    service.hold()
    begun = shop.boss.client.post(f"{shop.desk.path}/embedding/change", json={"space": "cloud"})
    begun.raise_for_status()
    await change_to(page, "fake:2")
    await expect(page.get_by_role("alert").filter(has_text="cloud")).to_be_visible()
    await expect(page.get_by_role("region", name="Changing to cloud")).to_be_visible()


async def test_a_model_that_knows_the_languages_of_the_documents_is_suggested(
    open_page: OpenPage, server: Server, shop: Shop
) -> None:
    page = await open_page(locale="de-DE")
    german = "Der Versand nach Österreich kostet neun Euro, und die Lieferung dauert drei Tage."
    shop.desk.add_text("Versand", german)
    await open_part(page, server, shop, "search")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Suche und Lesen")
    await expect(page.get_by_text("in anderen Sprachen als Englisch (Deutsch)")).to_be_visible()
    await expect(page.get_by_role("button", name="Zu e5-small-multilingual")).to_be_visible()


def age(shop: Shop, rows: Rows) -> None:
    """Make an older version the one that has read the project's documents."""
    rows(
        "update document set reader_version = %s where project_id = %s returning 1",
        READER_VERSION - 1,
        shop.desk.project_id.removeprefix("proj_"),
    )


async def test_documents_of_an_older_version_are_read_again(
    page: Page, server: Server, shop: Shop, rows: Rows, take_screenshots: TakeScreenshots
) -> None:
    age(shop, rows)
    await open_part(page, server, shop, "search")
    reading = page.get_by_role("region", name="Reading of documents")
    await expect(reading).to_contain_text("Documents read by an older version: ")
    await hold_to_the_rules(page, "settings-search-older", take_screenshots)
    await reading.get_by_role("button", name="Read them again").click()
    await expect(reading).to_contain_text("All documents are read by the present version.")
    now = shop.boss.client.get(f"{shop.desk.path}/reading").json()
    assert (now["older"], now["running"]) == (0, None)
    assert answered(shop)


async def test_reading_that_somebody_else_has_finished_meanwhile_is_told(
    page: Page, server: Server, shop: Shop, rows: Rows
) -> None:
    age(shop, rows)
    await open_part(page, server, shop, "search")
    reading = page.get_by_role("region", name="Reading of documents")
    again = reading.get_by_role("button", name="Read them again")
    await expect(again).to_be_visible()
    rows(
        "update document set reader_version = %s where project_id = %s returning 1",
        READER_VERSION,
        shop.desk.project_id.removeprefix("proj_"),
    )
    await again.click()
    await expect(page.get_by_role("alert").filter(has_text="read")).to_be_visible()
    await expect(reading).to_contain_text("All documents are read by the present version.")
