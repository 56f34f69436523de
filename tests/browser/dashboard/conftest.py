"""A server for the dashboard's tests, which may call everything on this machine."""

from collections.abc import Iterator

import pytest

from tests.browser.dashboard.furnished import Filled, fill
from tests.browser.dashboard.hostile import overwrite
from tests.conftest import Rows, Server, rows_of, serving
from tests.webhooks.receiver import receiving
from tests.websites import Website


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """A server of this folder's own."""
    with serving(
        ANSWERDESK_PAGE_NETWORKS="127.0.0.0/8",
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
        ANSWERDESK_ACTION_NETWORKS="127.0.0.0/8",
        ANSWERDESK_WEBHOOK_SCHEDULE="0",
        ANSWERDESK_CRAWL_DELAY="0",
    ) as running:
        yield running


@pytest.fixture(scope="package")
def rows(server: Server) -> Iterator[Rows]:
    """Run a statement as the tables' owner, past every filter, and return its rows."""
    yield from rows_of(server)


@pytest.fixture(scope="package")
def filled(server: Server, rows: Rows) -> Iterator[Filled]:
    """An account with one of everything, and all that others can fill is hostile."""
    with Website() as site, receiving() as receiver:
        filled = fill(server, site, receiver)
        project = filled.ids["projectId"].removeprefix("proj_")
        ((account,),) = rows("select account_id from project where id = %s", project)
        overwrite(rows, str(account))
        yield filled
