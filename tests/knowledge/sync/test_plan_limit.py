"""The pages that an account's plan allows: no more are taken in, and none that is in goes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.knowledge.sync.conftest import LOOPBACK
from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.websites import Website, manual

BOOK = manual(12)
_PLANS = """
[unlimited]
title = "Small"
crawl_pages = 5
features = "all"
"""


@pytest.fixture(scope="module")
def small_server() -> Iterator[Server]:
    """A server whose plan has five pages."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        plans = Path(folder) / "plans.toml"
        plans.write_text(_PLANS, encoding="utf-8")
        environment = {**LOOPBACK, "ANSWERDESK_PLANS_FILE": str(plans)}
        running = Server(Path(folder) / "data", **environment).start()
        yield running
        running.stop()


def test_what_the_plan_has_no_place_for_is_left_out_and_nothing_else(
    small_server: Server, site: Website
) -> None:
    with small_server.client(owner=True) as owner, Website() as other:
        desk = SiteDesk(owner, owner)
        site.put(BOOK.all_html())
        source = desk.add(site)
        sync = source["last_sync"]
        assert (sync["state"], sync["error_code"], sync["added"]) == ("done", "limit_reached", 5)
        assert "raise the limit of the source or of the plan" in sync["error"]
        assert sync["found"] == sync["fetched"] + sync["skipped"]
        taken = good(desk.pages(source))
        left_out = desk.pages(source, "skipped")
        assert (len(taken), len(left_out)) == (5, sync["skipped"])
        assert {page["reason_code"] for page in left_out.values()} == {"limit_reached"}
        assert not set(left_out) & set(site.asked())

        # Another website of the account finds no place either.
        other.put({"/": "<title>Ferry</title><main><p>The ferry leaves at noon.</p></main>"})
        refused = desk.add(other)["last_sync"]
        assert (refused["state"], refused["error_code"]) == ("failed", "limit_reached")
        assert other.asked().count("/") == 1  # To see whether the site is there.

        # What is in is kept true, and a place that one leaves is another's in the next sync.
        page = next(page for page in BOOK.topics() if page.path in taken)
        edited = BOOK.with_page(page.with_paragraph("limits", "The limit is forty-two walruses."))
        site.put(edited.all_html())
        again = desk.sync(source)
        assert (again["changed"], again["removed"], again["added"]) == (1, 0, 0)
        assert good(desk.pages(source)) == taken
        site.remove(page.path)
        assert desk.sync(source)["removed"] == 1
        last = desk.sync(source)
        assert (last["added"], last["error_code"]) == (1, "limit_reached")
        assert len(desk.documents(source)) == 5
