"""Temporary files are in memory while a run lasts, and leave nothing there."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_memory import lasting_folder, work_in_memory

_MEMORY = Path("/dev/shm")  # noqa: S108 - As the module under test.
_LONG_AGO = (0, 0)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A process that was told no folder; returns the one that it takes."""
    for name in ("TMPDIR", "OUTSIDE_TMPDIR"):
        monkeypatch.delenv(name, raising=False)
    tempfile.tempdir = None
    yield Path(tempfile.gettempdir())
    tempfile.tempdir = None


def test_a_folder_that_is_given_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    work_in_memory(1)()
    assert os.environ["TMPDIR"] == str(tmp_path)


def test_without_room_it_stays_on_the_disk(outside: Path) -> None:
    end = work_in_memory(1_000_000)
    assert tempfile.gettempdir() == str(outside)
    end()


def test_all_is_gone_at_the_end(outside: Path) -> None:
    end = work_in_memory(0)
    folder = Path(tempfile.gettempdir())
    closed = folder / "left" / "closed"
    closed.mkdir(parents=True)
    (closed / "inside").touch()
    closed.chmod(0)
    assert folder.parent == _MEMORY
    assert lasting_folder() == outside
    end()
    assert not folder.exists()
    assert tempfile.gettempdir() == str(outside)


@pytest.mark.usefixtures("outside")
def test_what_a_killed_run_has_left_is_removed_but_not_what_is_in_use() -> None:
    with tempfile.TemporaryDirectory(prefix="ad-tests-", dir=_MEMORY) as used:
        left = Path(tempfile.mkdtemp(prefix="ad-tests-", dir=_MEMORY))
        young = Path(tempfile.mkdtemp(prefix="ad-tests-", dir=_MEMORY))
        held = os.open(used, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_SH)
        for one in (Path(used), left):
            os.utime(one, _LONG_AGO)
        work_in_memory(0)()
        assert (Path(used).exists(), left.exists(), young.exists()) == (True, False, True)
        young.rmdir()
        os.close(held)
