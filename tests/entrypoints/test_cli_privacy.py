"""Persons are erased and exported by the command line, with and without a server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.installation import Installation, installation, write_files

EMAIL = "ann@example.com"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a project."""
    folder = write_files(tmp_path_factory.mktemp("docs"), {"hats.md": "A hat costs nine crowns."})
    with installation() as made:
        made.run("ingest", folder).ok()
        yield made


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--email", EMAIL, "--identity", "42"),
        ("--email", EMAIL, "--dialect", "noras"),
    ],
)
def test_whoever_is_not_named_clearly_is_not_erased(
    desk: Installation, options: tuple[str, ...]
) -> None:
    for command in ("erase", "export"):
        assert desk.run("privacy", command, *options).status == 2


def test_nobody_is_erased_unless_that_is_confirmed(desk: Installation) -> None:
    done = desk.run("privacy", "erase", "--email", EMAIL, "--json")
    assert done.status == 1
    assert json.loads(done.errors)["error"]["code"] == "removal_unconfirmed"


def test_a_person_is_exported_and_erased(desk: Installation, tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    desk.run("privacy", "export", "--email", EMAIL, file, "--json").ok()
    assert json.loads(file.read_text())["leads"] == []
    again = desk.run("privacy", "export", "--email", EMAIL, file, "--json")
    assert json.loads(again.errors)["error"]["code"] == "file_exists"
    assert json.loads(desk.run("privacy", "export", "--email", EMAIL).ok().output)["visitors"] == []
    done = desk.run("privacy", "erase", "--email", EMAIL, "--yes", "--json").ok().json
    assert (done["state"], done["by"], done["counts"]["leads"]) == ("done", "email", 0)
    told = desk.run("privacy", "erase", "--email", EMAIL, "--yes").ok()
    assert "conversations: 0" in told.errors
    assert EMAIL not in told.errors
