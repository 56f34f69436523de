"""Which files of a folder are taken in, whatever else lies there."""

import os
import socket
from pathlib import Path

import pytest

from answerdesk.core.errors import InvalidInput, TooLarge
from answerdesk.entrypoints.cli.intake.reading import BATCH_FILES, read_batch, read_file
from answerdesk.entrypoints.cli.intake.survey import Survey, find_targets, survey_folder
from tests.entrypoints.installation import write_files

TYPES = (".md", ".txt")


def survey(folder: Path) -> Survey:
    return survey_folder(str(folder), TYPES)


def test_links_in_a_circle_are_followed_once(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/b/deep.md": "x", "top.md": "x"})
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "a/self").symlink_to(tmp_path / "a")
    (tmp_path / "self.md").symlink_to("self.md")
    found = survey(tmp_path)
    assert list(found.files) == ["a/b/deep.md", "self.md", "top.md"]
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_file(found.files["self.md"], 1000)


def test_a_link_adds_only_what_is_not_there_anyway(tmp_path: Path) -> None:
    write_files(tmp_path, {"docs/a.md": "x", "outside/b.md": "x", "outside/c/d.md": "x"})
    (tmp_path / "docs/0-first.md").symlink_to("a.md")
    (tmp_path / "docs/b.md").symlink_to("../outside/b.md")
    (tmp_path / "docs/more").symlink_to("../outside/c")
    found = survey(tmp_path / "docs")
    assert list(found.files) == ["a.md", "b.md", "more/d.md"]
    assert found.skipped.total() == 1


def test_a_link_that_leads_nowhere_is_told_and_keeps_its_documents(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "disk").symlink_to("not-mounted")
    found = survey(tmp_path)
    assert list(found.files) == ["gone.md"]
    assert not found.complete
    assert [one.code for one in found.problems] == ["broken_link"]


def test_hidden_and_foreign_files_are_left_out(tmp_path: Path) -> None:
    names = [".git/a.md", ".hidden.md", "node_modules/a/b.md", "x/__pycache__/a.md", ".venv/a.md"]
    write_files(tmp_path, dict.fromkeys([*names, "x/kept.md"], "x"))
    assert list(survey(tmp_path).files) == ["x/kept.md"]


def test_what_is_no_readable_file_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"a.PNG": "x", "b.png": "x", "LICENSE": "x", "c.MD": "x"})
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as bound:
        monkeypatch.chdir(tmp_path)  # A socket's path is short.
        bound.bind("socket.md")
        found = survey(tmp_path)
    assert list(found.files) == ["c.MD"]
    assert found.skipped == {".png": 2, "without extension": 1, "not regular files": 2}


def test_a_pipe_that_is_named_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(InvalidInput, match="not a regular file"):
        read_file(str(tmp_path / "pipe.md"), 1000)


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    (tmp_path / "big.md").write_bytes(b"x" * (3 * 1024 * 1024))
    with pytest.raises(TooLarge, match=r"3\.0 MB, more than the 1\.0 MB"):
        read_file(str(tmp_path / "big.md"), 1024 * 1024)
    assert len(read_file(str(tmp_path / "big.md"), 3 * 1024 * 1024)) == 3 * 1024 * 1024


def test_names_that_are_not_utf_8_can_be_read_and_told_apart(tmp_path: Path) -> None:
    for name in (b"caf\xe9.md", b"caf\xea.md", "café.md".encode()):
        (tmp_path / os.fsdecode(name)).write_text("text")
    found = survey(tmp_path)
    assert set(found.files) == {r"caf\xe9.md", r"caf\xea.md", "café.md"}
    batch = read_batch(iter(found.files.items()), 1000)
    assert batch is not None
    assert [one.path for one in batch.documents] == list(found.files)


def test_files_are_read_in_batches(tmp_path: Path) -> None:
    write_files(tmp_path, {f"{number:03}.md": "x" for number in range(BATCH_FILES + 1)})
    files = iter(survey(tmp_path).files.items())
    sizes = []
    while (batch := read_batch(files, 1000)) is not None:
        sizes.append(len(batch.documents))
    assert sizes == [BATCH_FILES, 1]


def test_big_files_fill_a_batch_by_their_size(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_bytes(b"x" * (5 * 1024 * 1024))
    files = iter(survey(tmp_path).files.items())
    first = read_batch(files, 10 * 1024 * 1024)
    assert first is not None
    assert [one.path for one in first.documents] == ["a.md", "b.md"]


def test_an_unreadable_file_between_others_is_only_a_problem(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "x", "c.md": "x"})
    files = {**survey(tmp_path).files, "b.md": str(tmp_path / "b.md")}
    batch = read_batch(iter(sorted(files.items())), 1000)
    assert batch is not None
    assert [one.path for one in batch.documents] == ["a.md", "c.md"]
    assert [(one.location, one.code) for one in batch.problems] == [
        (str(tmp_path / "b.md"), "unreadable")
    ]


def test_paths_make_one_target_for_each_folder(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"docs/a.md": "x", "docs/b.rst": "x", "other/c.md": "x", "other/d.md": "x"}
    )
    docs, other = tmp_path / "docs", tmp_path / "other"
    targets, problems = find_targets(
        [docs, docs / "b.rst", docs / ".." / "docs", other / "c.md", tmp_path / "no"], TYPES
    )
    shown = [(one.folder, list(one.survey.files), one.whole) for one in targets]
    assert shown == [(str(docs), ["a.md", "b.rst"], True), (str(other), ["c.md"], False)]
    assert [one.location for one in problems] == [str(tmp_path / "no")]
