"""Leads are exported by the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.installation import Installation, installation, write_files

HEADER = b"\xef\xbb\xbfid,created_at,"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a project."""
    folder = write_files(tmp_path_factory.mktemp("hats"), {"hats.md": "A hat costs nine crowns."})
    with installation() as made:
        made.run("ingest", folder).ok()
        yield made


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from", "yesterday"), "wrong_usage"),
        (("--from", "2026-02-30"), "wrong_usage"),
        (("--query", "x" * 201), "wrong_usage"),
        (("--from", "2026-03-11", "--to", "2026-03-10"), "period_backwards"),
        (("--project", "Shoes"), "project_not_found"),
    ],
)
def test_what_makes_no_sense_is_refused(
    desk: Installation, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    file = tmp_path / "leads.csv"
    done = desk.run("leads", "export", "--out", file, *options, "--json")
    assert done.status == (2 if code == "wrong_usage" else 1)
    assert json.loads(done.errors)["error"]["code"] == code
    assert not file.exists()


def test_leads_go_to_a_file_and_to_standard_output(desk: Installation, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    options = ("--query", "ann", "--from", "2026-03-10", "--to", "2026-03-10", "--no-consent")
    done = desk.run("leads", "export", "--out", file, *options, "--json").ok()
    assert done.json == {"file": str(file)}
    assert file.read_bytes().startswith(HEADER)
    again = desk.run("leads", "export", "--out", file, "--json")
    assert json.loads(again.errors)["error"]["code"] == "file_exists"
    told = desk.run("leads", "export", "--out", file, "--force").ok()
    assert told.errors == f"Wrote {file}.\n"
    # Lines end in CRLF, which text does not show.
    assert desk.run("leads", "export").ok().output.encode().startswith(HEADER)
