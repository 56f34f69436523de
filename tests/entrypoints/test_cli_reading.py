"""Documents that an older version has read, by the command line."""

import json
from collections.abc import Iterator

import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from tests.entrypoints.installation import Installation, installation, write_files


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a project that knows two things."""
    folder = write_files(
        tmp_path_factory.mktemp("docs"),
        {"hours.md": "# Hours\n\nWe open at nine.", "cars.md": "# Cars\n\nCars park below."},
    )
    with installation() as made:
        made.run("ingest", folder).ok()
        yield made


def _age(desk: Installation) -> None:
    """Make an older reader the one that has read all documents."""
    with EmbeddedPostgres.start(desk.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute("update document set reader_version = %s", (READER_VERSION - 1,))


def _older(desk: Installation) -> object:
    return desk.run("reading", "show", "--json").ok().json["older"]


def test_nothing_to_do_is_no_failure_but_nothing_to_cancel_is(desk: Installation) -> None:
    done = desk.run("reading", "again").ok()
    assert "there is nothing to read again" in done.errors
    assert done.output == "Read by an older version: 0 documents\n"
    refused = desk.run("reading", "cancel", "--json")
    assert refused.status == 1
    assert json.loads(refused.errors)["error"]["code"] == "not_reading_again"


def test_older_documents_are_read_again_by_the_command_itself(desk: Installation) -> None:
    _age(desk)
    shown = desk.run("reading", "show").ok()
    assert shown.output == "Read by an older version: 2 documents\n"
    assert "answerdesk reading again" in shown.errors
    told = desk.run("reading", "again", "--json").ok().json
    assert told == {"version": READER_VERSION, "older": 0, "kept": 0, "running": None}
    assert _older(desk) == 0


def test_without_waiting_it_is_left_to_a_server_and_can_be_cancelled(desk: Installation) -> None:
    _age(desk)
    begun = desk.run("reading", "again", "--no-wait").ok()
    assert begun.output == "Reading again: 0 of 2 documents\n"
    assert desk.run("reading", "cancel", "--json").ok().json["running"] is None
    assert _older(desk) == 2
    assert desk.run("reading", "again").ok().output == "Read by an older version: 0 documents\n"
