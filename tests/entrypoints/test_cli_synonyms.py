"""Words that mean the same, by the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.installation import Installation, installation, write_files


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a project that knows one thing."""
    folder = write_files(
        tmp_path_factory.mktemp("docs"),
        {"repairs.md": "# Puncture\n\nA puncture is repaired for nine euros while you wait."},
    )
    with installation() as made:
        made.run("ingest", folder).ok()
        yield made


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (["puncture"], "terms has fewer than 2"),
        (["puncture", "Puncture"], 'terms contains "Puncture" twice'),
        (["puncture", "x" * 61], "terms[1] is longer than 60 characters"),
    ],
)
def test_what_is_no_group_is_refused(desk: Installation, terms: list[str], fault: str) -> None:
    done = desk.run("synonyms", "add", *terms, "--json")
    assert done.status == 1, done
    assert fault in json.loads(done.errors)["error"]["message"]
    assert desk.run("synonyms", "list", "--json").ok().json == {"synonyms": []}


def test_rows_that_do_not_hold_are_told_and_nothing_is_imported(
    desk: Installation, tmp_path: Path
) -> None:
    table = tmp_path / "wrong.csv"
    table.write_text("puncture,flat tire\nbike\nbrake,!\n")
    done = desk.run("synonyms", "import", table)
    assert (done.status, done.output) == (1, "")
    assert f"answerdesk: {table}: row 2: terms has fewer than 2" in done.errors
    assert f"answerdesk: {table}: row 3: terms[1] has no letter" in done.errors
    table.write_text("puncture,flat tire\nbike,bicycle\nhole,Puncture\n")
    told = desk.run("synonyms", "import", table, "--json")
    assert told.status == 1
    (fault,) = told.json["error"]["errors"]
    assert (fault["row"], fault["field"]) == (3, "row")
    assert '"Puncture" is in row 1, too' in fault["message"]
    for content in ("", "\0\1\2", '"never closed'):
        table.write_text(content)
        assert desk.run("synonyms", "import", table).status == 1
    assert desk.run("synonyms", "import", tmp_path / "missing.csv").status == 1
    assert desk.run("synonyms", "list", "--json").ok().json == {"synonyms": []}


def test_they_are_added_count_and_are_removed(desk: Installation, tmp_path: Path) -> None:
    asked = ("ask", "How much is a flat tire?", "--json")
    assert "nine euros" not in desk.run(*asked).ok().json["answer"]
    added = desk.run("synonyms", "add", "flat tire", "puncture", "--json").ok().json
    assert added["terms"] == ["flat tire", "puncture"]
    assert "nine euros" in desk.run(*asked).ok().json["answer"]
    taken = desk.run("synonyms", "add", "PUNCTURE", "hole", "--json")
    assert json.loads(taken.errors)["error"]["code"] == "synonym_taken"

    table = tmp_path / "trade.csv"
    table.write_text("Puncture;flat tire\nbike;bicycle;push bike\n")
    imported = desk.run("synonyms", "import", table, "--json").ok().json
    assert (imported["rows"], imported["created"]) == (2, 1)
    assert imported["synonyms"][0] == {"id": added["id"], "created": False}
    again = desk.run("synonyms", "import", table).ok()
    assert again.output.split() == ["Rows", "2", "New", "0", "Already", "there", "2"]
    listed = desk.run("synonyms", "list").ok().output
    assert "flat tire, puncture" in listed
    assert "bike, bicycle, push bike" in listed

    unknown = desk.run("synonyms", "remove", "hole", "--json")
    assert json.loads(unknown.errors)["error"]["code"] == "synonyms_not_found"
    desk.run("synonyms", "remove", "Push Bike").ok()
    desk.run("synonyms", "remove", added["id"]).ok()
    assert desk.run("synonyms", "list", "--json").ok().json == {"synonyms": []}
    assert "nine euros" not in desk.run(*asked).ok().json["answer"]
