"""A server that may read websites on loopback, at full speed."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Rows, Server, serving
from tests.knowledge.sync.site_desk import SiteDesk
from tests.websites import Website

LOOPBACK = {
    "ANSWERDESK_PAGE_NETWORKS": "127.0.0.0/8",
    "ANSWERDESK_CRAWL_DELAY": "0",
    "ANSWERDESK_CRAWL_RETRY_DELAY": "0.05",
}


@pytest.fixture(scope="package")
def site_server() -> Iterator[Server]:
    with serving(**LOOPBACK) as running:
        yield running


@pytest.fixture(scope="package")
def site_owner(site_server: Server) -> Iterator[httpx.Client]:
    with site_server.client(owner=True) as client:
        yield client


@pytest.fixture
def site_desk(site_server: Server, site_owner: httpx.Client) -> Iterator[SiteDesk]:
    with site_server.client() as visitor:
        yield SiteDesk(site_owner, visitor)


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as website:
        yield website


@pytest.fixture(scope="package")
def site_rows(site_server: Server) -> Iterator[Rows]:
    """Run a statement as the tables' owner and return its rows, if it has any."""
    with EmbeddedPostgres.start(site_server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:

            def run(statement: str, *parameters: object) -> list[tuple[object, ...]]:
                cursor = connection.execute(statement.encode(), parameters)
                return cursor.fetchall() if cursor.description else []

            yield run
