"""Folders into answers: what fails is named, what is the same costs nothing, what is gone goes."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import psycopg
import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.entrypoints.installation import (
    Installation,
    documents,
    end,
    installation,
    wait_until,
    write_files,
)


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation() as made:
        yield made


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of two documents about a shop; both are unlike those of the other tests."""
    return write_files(
        tmp_path / "docs",
        {
            "refunds.md": f"# Refunds\n\nA refund by {shop(tmp_path)} takes eleven working days.\n",
            "sub/parcels.txt": f"Parcels of {shop(tmp_path)} leave the warehouse at noon.\n",
        },
    )


def shop(folder: Path) -> str:
    """Return a name that only the test with this folder knows."""
    return f"shop{crc32(str(folder).encode())}"


def ask(desk: Installation, ingested: dict[str, Any], question: str) -> dict[str, Any]:
    """Ask the project that an ingest with `--json` names."""
    return desk.run("ask", question, "--project", ingested["project"]["id"], "--json").ok().json


def rows(desk: Installation, statement: str) -> list[tuple[object, ...]]:
    with EmbeddedPostgres.start(desk.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            return connection.execute(statement.encode()).fetchall()


CHUNKS = "select id, document_id, xmin::text from chunk order by id"
"""Every chunk, and the transaction that wrote it."""


def test_one_broken_file_of_hundreds_is_named_and_the_rest_is_answered_from(
    desk: Installation, tmp_path: Path
) -> None:
    # More than are read and ingested at a time.
    folder = write_files(
        tmp_path / "many",
        {f"{n:03}.md": f"The colour of widget{n} is shade{n}.\n" for n in range(299)},
    )
    (folder / "200b.md").write_bytes(b"# Broken\n\n\xff\xfe\x9d")
    done = desk.run("ingest", folder, "--json")
    assert done.status == 1
    assert [one["file"] for one in done.json["failed"]] == [str(folder / "200b.md")]
    assert (done.json["changed"], done.json["unchanged"]) == (299, 0)
    asked = ask(desk, done.json, "What is the colour of widget277?")
    assert "shade277" in asked["answer"]
    assert documents(asked["sources"]) == ["277.md"]
    before = rows(desk, CHUNKS)
    again = desk.run("ingest", folder, "--json").json
    assert (again["changed"], again["unchanged"], len(again["failed"])) == (0, 299, 1)
    assert rows(desk, CHUNKS) == before


def test_each_kind_of_bad_file_has_its_reason(desk: Installation, docs: Path) -> None:
    (docs / "zero.md").touch()
    (docs / "unclear.txt").write_bytes(b"\xf5\xfb \xfb\xf5")
    (docs / "nul.md").write_bytes(b"text\0\1\2\3\4 and more")
    (docs / "big.md").write_bytes(b"x" * 2000)
    (docs / "image.png").write_bytes(b"png")
    (docs / "gone.md").symlink_to("nowhere")
    desk_with_limit = {"ANSWERDESK_MAX_FILE_BYTES": "1024"}
    done = desk.run("ingest", docs, docs / "nothing.md", environment=desk_with_limit)
    assert done.status == 1
    for name in ("zero.md", "unclear.txt", "nul.md", "big.md", "gone.md", "nothing.md"):
        lines = [line for line in done.errors.splitlines() if f"{docs / name}: " in line]
        assert len(lines) == 1, (name, done.errors)
        assert lines[0].startswith("answerdesk: ")
    assert "New or changed  2" in done.output
    assert "Skipped         1 (.png 1)" in done.output
    assert "Failed          6" in done.output


def test_a_file_or_folder_without_permission_is_named(desk: Installation, docs: Path) -> None:
    write_files(docs, {"shut.md": "x", "cellar/a.md": "x"})
    (docs / "shut.md").chmod(0)
    (docs / "cellar").chmod(0)
    # Root may read everything, unless it gives up the capabilities for that.
    around = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root needs setpriv to be refused a file")
    done = desk.run("ingest", docs, "--sync", "--json", around=around if os.geteuid() == 0 else ())
    failed = {one["file"]: one["code"] for one in done.json["failed"]}
    assert done.status == 1
    assert failed == {
        str(docs / "shut.md"): "unreadable",
        str(docs / "cellar"): "folder_unreadable",
        str(docs): "sync_refused",
    }
    assert done.json["changed"] == 2


def test_a_changed_file_is_taken_in_anew_and_only_that(desk: Installation, docs: Path) -> None:
    name = shop(docs.parent)
    first = desk.run("ingest", docs, "--json").ok().json
    assert (first["changed"], first["unchanged"]) == (2, 0)
    write_files(docs, {"refunds.md": f"# Refunds\n\nA refund by {name} takes nineteen days.\n"})
    second = desk.run("ingest", docs, "--json").ok().json
    assert (second["changed"], second["unchanged"]) == (1, 1)
    question = f"How many days does a refund by {name} take?"
    answer = ask(desk, second, question)
    assert "nineteen" in answer["answer"]
    assert "eleven" not in answer["answer"]


def test_sync_removes_what_is_gone_and_only_sync_does(desk: Installation, docs: Path) -> None:
    known = f"Parcels of {shop(docs.parent)}"
    question = f"{known} leave the warehouse when?"
    first = desk.run("ingest", docs, "--json").ok().json
    (docs / "sub/parcels.txt").unlink()
    assert desk.run("ingest", docs, "--json").ok().json["removed"] == 0
    assert desk.run("ingest", docs / "refunds.md", "--sync", "--json").ok().json["removed"] == 0
    assert known in ask(desk, first, question)["answer"]
    assert desk.run("ingest", docs, "--sync", "--json").ok().json["removed"] == 1
    assert known not in ask(desk, first, question)["answer"]


def test_sync_of_an_empty_folder_removes_nothing_unless_told(
    desk: Installation, docs: Path
) -> None:
    desk.run("ingest", docs).ok()
    docs.rename(docs.with_name("elsewhere"))
    docs.mkdir()
    refused = desk.run("ingest", docs, "--sync", "--json")
    assert refused.status == 1
    assert [one["code"] for one in refused.json["failed"]] == ["sync_refused"]
    assert "2 documents" in refused.json["failed"][0]["message"]
    assert refused.json["removed"] == 0
    assert desk.run("ingest", docs, "--sync", "--yes", "--json").ok().json["removed"] == 2


def test_a_single_file_belongs_to_its_folder(desk: Installation, docs: Path) -> None:
    done = desk.run("ingest", docs / "refunds.md", "--json").ok()
    assert done.errors == ""
    assert done.output.count("\n") == 1
    told = json.loads(done.output)
    assert told.pop("seconds") > 0
    project = told.pop("project")
    assert project["id"].startswith("proj_")
    assert told == {
        "changed": 1,
        "chunks": 1,
        "unchanged": 0,
        "removed": 0,
        "skipped": {},
        "failed": [],
    }
    whole = desk.run("ingest", docs, "--json").ok().json
    assert (whole["changed"], whole["unchanged"]) == (1, 1)
    assert whole["project"] == project


def test_json_is_taken_where_it_is_named(desk: Installation, docs: Path) -> None:
    (docs / "package.json").write_text('{"question": "Who bakes?", "answer": "Ada bakes."}')
    told = desk.run("ingest", docs, "--json").ok().json
    assert (told["changed"], told["skipped"]) == (2, {".json": 1})
    assert desk.run("ingest", docs / "package.json", "--json").ok().json["changed"] == 1


def test_names_that_are_not_utf_8_are_taken_in(desk: Installation, docs: Path) -> None:
    (docs / os.fsdecode(b"caf\xe9.md")).write_text("The espresso costs three coins.")
    assert desk.run("ingest", docs, "--json").ok().json["changed"] == 3
    project = desk.run("ingest", docs, "--json").ok().json["project"]["id"]
    asked = ("search", "espresso coins", "--limit", "1", "--project", project, "--json")
    found = desk.run(*asked).ok().json["sources"]
    assert documents(found) == [r"caf\xe9.md"]


def test_a_stopped_ingest_leaves_the_rest_for_the_next(desk: Installation, docs: Path) -> None:
    files = {f"late/{n}.md": f"Late text number {n}." for n in range(30)}
    slow = Installation(desk.data_dir, ANSWERDESK_FAKE_LATENCY="0.5")
    write_files(docs, files)
    process = slow.begin("ingest", docs)
    pending = "select 1 from document where status = 'pending'"
    wait_until(lambda: len(rows(desk, pending)) > 20)
    stopped = end(process, signal.SIGINT)
    assert stopped.status == 128 + signal.SIGINT
    assert "stored but not searchable yet" in stopped.errors
    again = desk.run("ingest", docs, "--json").ok().json
    assert again["changed"] > 20
    assert again["changed"] + again["unchanged"] == 32
    assert rows(desk, pending) == []
