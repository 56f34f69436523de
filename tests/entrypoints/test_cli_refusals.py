"""What the command line refuses: in one line that says why, with a status, never a traceback."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from answerdesk.entrypoints.cli.app import app
from tests.core.phrases import phrases_in
from tests.entrypoints.installation import Installation, installation, write_files
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def empty() -> Iterator[Installation]:
    """An installation without a project."""
    with installation() as made:
        yield made


@pytest.fixture
def nowhere(tmp_path: Path) -> Installation:
    """A data folder that does not exist."""
    return Installation(tmp_path / "data")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "x", "--batch", "f"],
        ["search"],
        ["search", "x", "--limit", "0"],
        ["ingest"],
        ["ingest", "x", "--yes"],
        ["serve", "--port", "65536"],
        ["serve", "--processes", "two"],
        ["frobnicate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_has_status_2(arguments: list[str]) -> None:
    # In this process, since nothing runs; that the program itself does the same is shown below.
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--port", "x"], "--port has to be a whole number"),
        (["serve", "--port", "70000"], "--port has to be 65,535 or less"),
        (["ingest"], "PATH_OR_ADDRESS is missing"),
        (["ingest", "x", "--every"], "--every needs a value"),
        (["ingest", "x", "--page=3"], "--page takes no value"),
        (["ingest", "x", "--synk"], "there is no option --synk; did you mean --sync?"),
        (["ingset", "x"], "there is no command ingset; did you mean ingest?"),
        (["sources", "lsit"], "there is no command lsit; did you mean list?"),
        (["ask", "x", "y"], "too many arguments: y (text with spaces needs quotes)"),
        (
            ["sources", "pages", "x", "--state", "gon"],
            '--state has to be "found", "good", "failed", "skipped" or "gone"; did you mean gone?',
        ),
        (["account", "plan", "x"], "PLAN is missing"),
        (["ingest", "x", "--yes"], "--yes: only works together with --sync"),
    ],
    ids=str,
)
def test_wrong_usage_is_told_in_our_words(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"answerdesk: {told}")
    assert phrases_in(result.output) == []
    as_json = CliRunner().invoke(app, [*arguments[:-1], "--json", *arguments[-1:]])
    assert json.loads(as_json.stderr)["error"]["code"] == "wrong_usage"


def test_help_and_version_end_well_and_nothing_at_all_shows_the_help() -> None:
    assert CliRunner().invoke(app, ["--version"]).exit_code == 0
    assert CliRunner().invoke(app, ["serve", "--help"]).exit_code == 0
    shown = CliRunner().invoke(app, [])
    assert shown.exit_code == 2
    assert "Usage: " in shown.output


def test_a_misspelled_variable_stops_every_command(nowhere: Installation) -> None:
    for command in (("serve", "--port", "0"), ("worker",), ("ask", "x"), ("sources", "list")):
        done = nowhere.run(*command, environment={"ANSWERDESK_DATADIR": "/elsewhere"})
        assert (done.status, done.output) == (1, "")
        assert "there is no setting ANSWERDESK_DATADIR; did you mean ANSWERDESK_D" in done.errors
    assert not nowhere.data_dir.exists()


@pytest.mark.parametrize("processes", ["0", "-1", "65", "1000"])
def test_so_many_processes_are_refused(nowhere: Installation, processes: str) -> None:
    result = CliRunner().invoke(app, ["serve", "--processes", processes])
    assert result.exit_code == 2
    assert f"--processes: takes a number from 1 to 64, not {processes};" in result.output
    done = nowhere.run("serve", "--json", environment={"ANSWERDESK_PROCESSES": processes})
    error = json.loads(done.errors)["error"]
    assert (done.status, error["code"]) == (1, "invalid_settings")
    assert "processes" in error["message"].lower()
    assert not nowhere.data_dir.exists()


def test_a_question_without_a_data_folder_makes_none(nowhere: Installation) -> None:
    done = nowhere.run("search", "How long?")
    assert done.status == 1
    assert done.output == ""
    assert str(nowhere.data_dir) in done.errors
    assert "answerdesk ingest" in done.errors
    assert not nowhere.data_dir.exists()


def test_a_path_that_is_not_there_makes_no_data_folder(nowhere: Installation) -> None:
    done = nowhere.run("ingest", "missing", "--json")
    assert done.status == 1
    assert done.json["failed"] == [
        {
            "file": "missing",
            "code": "no_such_file",
            "message": "there is no such file or folder",
        }
    ]
    assert not nowhere.data_dir.exists()


def test_a_question_that_is_no_text_is_refused(nowhere: Installation) -> None:
    done = nowhere.run("ask", b"caf\xe9")
    assert (done.status, done.output) == (1, "")
    assert done.errors.startswith("answerdesk: The question contains half of a surrogate pair")
    assert done.errors.count("\n") == 1


def test_settings_that_do_not_hold_are_named(nowhere: Installation) -> None:
    done = nowhere.run("ask", "x", "--json", environment={"ANSWERDESK_DATABASE_POOL": "0"})
    error = json.loads(done.errors)["error"]
    assert done.status == 1
    assert error["code"] == "invalid_settings"
    assert (
        error["message"] == "The settings are wrong: ANSWERDESK_DATABASE_POOL has to be 1 or more"
    )


def test_without_a_project_it_says_how_to_begin(empty: Installation) -> None:
    done = empty.run("ask", "How long?")
    assert (done.status, done.output) == (1, "")
    assert done.errors.startswith("answerdesk: There is no project yet: `answerdesk ingest PATH`")


def test_an_unknown_project_is_refused_and_not_made(empty: Installation, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "docs", {"a.md": "Some text."})
    done = empty.run("ingest", folder, "--project", "Elsewhere", "--json")
    error = json.loads(done.errors)["error"]
    assert done.status == 1
    assert error["code"] == "project_not_found"
    assert "'Elsewhere'" in error["message"]
    assert "there is none yet" in error["message"]


def test_a_batch_that_cannot_be_read_is_named(nowhere: Installation) -> None:
    nowhere.data_dir.mkdir()
    done = nowhere.run("ask", "--batch", "questions.jsonl")
    assert (done.status, done.output) == (1, "")
    assert "questions.jsonl: the batch cannot be read: No such file" in done.errors
    assert list(nowhere.data_dir.iterdir()) == []


def test_a_port_in_use_is_told_before_anything_starts(nowhere: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = nowhere.run("serve", "--port", str(port))
    assert (done.status, done.output) == (1, "")
    assert f"Port {port} of 127.0.0.1 is in use" in done.errors
    assert "--port" in done.errors
    assert not nowhere.data_dir.exists()


def test_a_host_that_is_not_ours_is_told(nowhere: Installation) -> None:
    done = nowhere.run("serve", "--host", "host.invalid", "--json")
    assert done.status == 1
    assert json.loads(done.errors)["error"]["code"] == "host_unknown"


def test_a_data_folder_that_cannot_be_made_is_told(nowhere: Installation, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = nowhere.run(
        "serve", "--port", "0", environment={"ANSWERDESK_DATA_DIR": str(blocked / "data")}
    )
    assert (done.status, done.output) == (1, "")
    assert "ANSWERDESK_DATA_DIR" in done.errors


def test_debug_logs_show_where_it_went_wrong(nowhere: Installation) -> None:
    nowhere.environment["ANSWERDESK_LOG_LEVEL"] = "debug"
    process = nowhere.begin("ask", " ")
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert b"Traceback" in errors
    assert b"answerdesk: The question is empty" in errors
