"""Questions with their answers, and the model, by the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.installation import Installation, installation, write_files


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a project that knows one thing."""
    folder = write_files(tmp_path_factory.mktemp("docs"), {"hats.md": "A hat costs nine crowns."})
    with installation() as made:
        made.run("ingest", folder).ok()
        yield made


def test_rows_that_do_not_hold_are_told_and_nothing_is_imported(
    desk: Installation, tmp_path: Path
) -> None:
    table = tmp_path / "wrong.csv"
    table.write_text("question,answer\nWhere?,Here.\n,Nobody asked.\nWhy?,\n")
    done = desk.run("items", "import", table)
    assert (done.status, done.output) == (1, "")
    assert f"answerdesk: {table}: row 3: question " in done.errors
    assert f"answerdesk: {table}: row 4: answer " in done.errors
    told = desk.run("items", "import", table, "--json")
    assert told.status == 1
    assert [one["row"] for one in told.json["error"]["errors"]] == [3, 4]
    assert desk.run("items", "list", "--json").ok().json["items"] == []


def test_what_is_no_table_is_refused(desk: Installation, tmp_path: Path) -> None:
    for name, content, code in (
        ("missing.csv", None, "unreadable"),
        ("empty.csv", "", "empty_document"),
    ):
        if content is not None:
            (tmp_path / name).write_text(content)
        done = desk.run("items", "import", tmp_path / name, "--json")
        assert done.status == 1, done
        error = json.loads(done.errors)["error"]
        assert name in error["message"]
        assert error["code"] in {code, "unreadable_document", "import_invalid"}


def test_items_go_in_are_answered_and_come_out_the_same(desk: Installation, tmp_path: Path) -> None:
    table = tmp_path / "items.csv"
    table.write_text(
        "question,answer,category,tags\n"
        'Do you ship to Norway?,"Yes, in a week.",Shipping,"north, parcel"\n'
        "Who rings the bell?,The postman rings it twice.,,\n"
    )
    first = desk.run("items", "import", table, "--json").ok().json
    assert (first["rows"], first["created"], first["failed"]) == (2, 2, [])
    answer = desk.run("ask", "Do you ship to Norway?", "--json").ok().json["answer"]
    assert answer == "Yes, in a week."
    again = desk.run("items", "import", table).ok()
    assert again.output.split() == ["Rows", "2", "New", "0", "Already", "there", "2"]
    only = desk.run("items", "list", "--category", "Shipping", "--json").ok().json["items"]
    assert [one["tags"] for one in only] == [["north", "parcel"]]
    exported = tmp_path / "out.csv"
    desk.run("items", "export", exported).ok()
    assert desk.run("items", "import", exported, "--json").ok().json["created"] == 0
    refused = desk.run("items", "export", exported, "--json")
    assert json.loads(refused.errors)["error"]["code"] == "file_exists"
    rows = desk.run("items", "export").ok().json["items"]
    assert [one["question"] for one in rows] == ["Do you ship to Norway?", "Who rings the bell?"]


def test_the_model_is_changed_and_taken_back(desk: Installation) -> None:
    unknown = desk.run("embedding", "change", "nothing", "--json")
    assert json.loads(unknown.errors)["error"]["code"] == "unknown_space"
    back = desk.run("embedding", "rollback", "--json")
    assert json.loads(back.errors)["error"]["code"] == "no_previous_space"
    changed = desk.run("embedding", "change", "fake:2", "--json").ok().json
    assert (changed["space"], changed["change"]) == ("fake:2", None)
    every = desk.run("embedding", "change", "fake:2", "--all", "--json").ok().json["projects"]
    assert [one["space"] for one in every] == ["fake:2"]
    assert desk.run("search", "hat crowns", "--json").ok().json["sources"]
    desk.run("embedding", "rollback").ok()
    shown = desk.run("embedding", "show", "--json").ok().json
    assert (shown["space"], shown["previous"]["space"]) == ("fake", "fake:2")
