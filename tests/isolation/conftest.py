"""The estate, separated by our own filter alone, and by the database alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Server, serving
from tests.isolation.caller import Caller
from tests.isolation.estate import Estate

OURS = "tests.warm.prepared:create_app"
_OUR_FILTER = "with our filter alone"
FACTORIES = {
    _OUR_FILTER: OURS,
    "with the database alone": "tests.isolation.unfiltered:create_unfiltered_app",
}

BEFORE_EITHER = pytest.mark.parametrize("estate", [_OUR_FILTER], indirect=True)
"""For what is decided by the credential, before rows are asked for: neither defence has a part."""


@pytest.fixture(scope="package")
def estates() -> Iterator[Callable[[str], Estate]]:
    """Return the estate of a factory: made when it is first asked for, and kept for all files."""
    with ExitStack() as stack:

        @cache
        def made(name: str) -> Estate:
            row_security = name != _OUR_FILTER
            return stack.enter_context(running_estate(FACTORIES[name], row_security=row_security))

        yield made


@pytest.fixture(scope="package", params=FACTORIES, ids=list(FACTORIES))
def estate(request: pytest.FixtureRequest, estates: Callable[[str], Estate]) -> Estate:
    return estates(request.param)


@contextmanager
def running_estate(factory: str, *, row_security: bool) -> Iterator[Estate]:
    """Run an installation with several accounts, on a server of its own."""
    with serving(
        factory=factory,
        ANSWERDESK_PUBLIC_URL="http://desk.example",
        ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
        # No delayed reply is due while rows are compared.
        ANSWERDESK_REPLY_DELAYS="86399:0,86400:100",
    ) as server:
        yield from _filled(server, row_security=row_security)


def _filled(server: Server, *, row_security: bool) -> Iterator[Estate]:
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:

            def rows(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
                cursor = connection.execute(statement.encode(), parameters)
                return cursor.fetchall() if cursor.description else []

            estate = Estate(server, rows)
            if not row_security:
                for (table,) in rows("select relname from pg_class where relrowsecurity"):
                    rows(f'alter table "{table}" disable row level security')
            yield estate
            estate.client.close()


@pytest.fixture
def caller(estate: Estate) -> Caller:
    return Caller(estate)
