"""What cannot work is refused with an error that names the thing and says what to do."""

import time

import pytest

from answerdesk.core.postgres import (
    EmbeddedPostgres,
    FolderUnusable,
    ServerFailed,
    StartTimedOut,
    VersionMismatch,
)
from answerdesk.core.postgres.process import FileLock
from tests.core.postgres.crew import Member, Place
from tests.waiting import PATIENCE


def test_a_file_in_place_of_the_folder(new_place: Place) -> None:
    new_place.data_dir.write_text("mine")
    with pytest.raises(FolderUnusable, match="is not a folder"):
        EmbeddedPostgres.start(new_place.data_dir)
    assert new_place.data_dir.read_text() == "mine"


def test_a_file_in_place_of_the_database_folder(new_place: Place) -> None:
    new_place.data_dir.mkdir()
    new_place.folder.root.write_text("mine")
    with pytest.raises(FolderUnusable, match="postgres is not a folder"):
        EmbeddedPostgres.start(new_place.data_dir)
    new_place.folder.root.unlink()


def test_somebody_elses_files_in_the_database_folder(new_place: Place) -> None:
    new_place.folder.root.mkdir(parents=True, mode=0o755)
    (new_place.folder.root / "thesis.odt").touch()
    mode = new_place.folder.root.stat().st_mode
    with pytest.raises(FolderUnusable, match=r"thesis\.odt"):
        EmbeddedPostgres.start(new_place.data_dir)
    assert new_place.folder.root.stat().st_mode == mode
    assert len(list(new_place.folder.root.iterdir())) == 1


def test_somebody_elses_files_in_the_cluster_folder(place: Place) -> None:
    (place.folder.cluster / "PG_VERSION").unlink()
    with pytest.raises(FolderUnusable, match="contains no PostgreSQL data"):
        EmbeddedPostgres.start(place.data_dir)


def test_data_of_another_postgresql(place: Place) -> None:
    (place.folder.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(VersionMismatch, match=r"written by PostgreSQL 16.*runs 18"):
        EmbeddedPostgres.start(place.data_dir)


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_lost_admin_password(place: Place, content: str | None) -> None:
    place.folder.admin_password.unlink()
    if content is not None:
        place.folder.admin_password.write_text(content)
    with pytest.raises(FolderUnusable, match=r"admin\.password is missing or empty"):
        EmbeddedPostgres.start(place.data_dir)
    assert place.is_stopped()


def test_a_wrong_admin_password(place: Place) -> None:
    place.folder.admin_password.write_text("wrong\n")
    with pytest.raises(FolderUnusable, match=r"does not accept the password in .*admin\.password"):
        EmbeddedPostgres.start(place.data_dir)
    assert place.is_stopped()


def test_a_server_that_does_not_start_shows_its_log(place: Place) -> None:
    (place.folder.cluster / "postgresql.auto.conf").write_text("shared_buffers = 'a lot'\n")
    with pytest.raises(ServerFailed, match="invalid value for parameter"):
        EmbeddedPostgres.start(place.data_dir)
    assert place.is_stopped()


def test_a_full_disk_stops_initdb_with_its_words_and_leaves_no_half(new_place: Place) -> None:
    small_files = ("/bin/sh", "-c", 'ulimit -f 2000; exec "$@"', "sh")
    with Member(new_place.data_dir, around=small_files) as member:
        message = member.refused("ServerFailed")
    assert "free space" in message
    assert "initdb: removing" in message or "File too large" in message or "signal" in message
    assert not new_place.folder.cluster.exists()
    assert not new_place.folder.new_cluster.exists()


def test_a_start_that_hangs_elsewhere_is_not_waited_for_longer_than_asked(place: Place) -> None:
    hanging = FileLock(place.folder.start_lock)
    assert hanging.try_exclusive()
    begin = time.monotonic()
    with pytest.raises(StartTimedOut, match="Another process has been starting or stopping"):
        EmbeddedPostgres.start(place.data_dir, timeout=0.3)
    assert time.monotonic() - begin < PATIENCE
    hanging.release()


def test_a_start_that_times_out_leaves_no_server(place: Place) -> None:
    with pytest.raises(StartTimedOut, match="did not respond in time"):
        EmbeddedPostgres.start(place.data_dir, timeout=0.0)
    assert place.is_stopped()
    with EmbeddedPostgres.start(place.data_dir):
        assert not place.is_stopped()
