"""A `kill -9`, and whatever it leaves behind, never blocks the next start."""

import os
import signal
import subprocess
import time

import pytest

from answerdesk.core.postgres import EmbeddedPostgres
from tests.core.postgres.crew import Member, Place
from tests.waiting import PATIENCE

_NO_PROCESS = 4_194_304
"""One more than the highest process number that Linux gives (pid_max)."""


def test_the_others_go_on_when_one_process_is_killed(place: Place) -> None:
    with Member(place.data_dir) as starter, Member(place.data_dir) as other:
        assert starter.started() == other.started()
        starter.kill()
        assert other.query("SELECT 1") == [[1]]
        other.leave()
    assert place.is_stopped()


def test_the_next_start_takes_over_the_server_of_killed_processes(place: Place) -> None:
    with Member(place.data_dir) as first, Member(place.data_dir) as second:
        started_at = first.started()
        second.started()
        first.kill()
        second.kill()
    with Member(place.data_dir) as heir:
        assert heir.started() == started_at
        heir.leave()
    assert place.is_stopped()
    assert place.starts() == 1


def test_committed_rows_survive_when_everything_is_killed(place: Place) -> None:
    with Member(place.data_dir) as member:
        member.started()
        member.query("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer")
        member.kill()
        assert place.kill_postmaster()
    with Member(place.data_dir) as heir:
        heir.started()
        assert heir.query("SELECT answer FROM kept") == [[42]]
        heir.leave()
    assert "automatic recovery in progress" in place.folder.log.read_text()


def test_a_living_process_brings_a_killed_server_back(place: Place) -> None:
    with Member(place.data_dir) as member:
        started_at = member.started()
        assert member.ask("revive") == {"revived": True}
        assert member.query("SELECT pg_postmaster_start_time()::text") == [[started_at]]
        assert place.kill_postmaster()
        assert member.ask("revive") == {"revived": True}
        assert member.query("SELECT pg_postmaster_start_time()::text") != [[started_at]]
        member.leave()
    assert place.is_stopped()


def test_a_backend_too_busy_to_notice_its_servers_death_blocks_nobody(place: Place) -> None:
    with Member(place.data_dir) as busy, Member(place.data_dir) as watcher:
        busy.started()
        watcher.started()
        busy.say("query SELECT count(*) FROM generate_series(1, 1e12)")
        deadline = time.monotonic() + PATIENCE
        running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1e1_)'"
        while watcher.query(running) != [[1]] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert place.kill_postmaster()
        with Member(place.data_dir) as heir:
            heir.started()
            assert heir.query("SELECT 1") == [[1]]


@pytest.mark.parametrize("sign", ["cluster.new/PG_VERSION", "cluster/PG_VERSION"])
def test_a_first_start_that_is_killed_is_done_again(new_place: Place, sign: str) -> None:
    with Member(new_place.data_dir) as killed:
        deadline = time.monotonic() + PATIENCE
        while not (new_place.folder.root / sign).exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        killed.kill()
        assert not new_place.folder.runtime_password.exists(), "it was too late"
    with Member(new_place.data_dir) as heir:
        heir.started()
        assert heir.query("SELECT '[1]'::vector::text") == [["[1]"]]
        heir.leave()
    assert new_place.is_stopped()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(place: Place) -> None:
    with Member(place.data_dir) as member:
        started_at = member.started()
        with Member(place.data_dir) as other:
            other.started()
            member.interrupt()
            assert other.query("SELECT pg_postmaster_start_time()::text") == [[started_at]]
            other.leave()


def write_remains(place: Place, pid: int) -> None:
    """Write what a killed server leaves: its own number and its socket's lock and socket."""
    cluster = place.folder.cluster
    lines = [pid, cluster, 1_700_000_000, 5432, ".", "", "  1234567     32768", "ready   "]
    (cluster / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))
    (cluster / ".s.PGSQL.5432.lock").write_text(f"{pid}\n{cluster}\n1700000000\n5432\n.\n")
    (cluster / ".s.PGSQL.5432").touch()


def test_a_stale_process_number_does_not_block(place: Place) -> None:
    write_remains(place, _NO_PROCESS)
    EmbeddedPostgres.start(place.data_dir).close()
    assert place.starts() == 1


def test_a_process_number_that_another_program_has_now_does_not_block(place: Place) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        write_remains(place, stranger.pid)
        EmbeddedPostgres.start(place.data_dir).close()
        assert place.starts() == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_process_number_that_another_folders_server_has_now_does_not_block(
    place: Place, other_place: Place
) -> None:
    with Member(other_place.data_dir) as neighbour:
        neighbour.started()
        numbers = (other_place.folder.cluster / "postmaster.pid").read_text()
        write_remains(place, int(numbers.split("\n", 1)[0]))
        EmbeddedPostgres.start(place.data_dir).close()
        assert place.starts() == 1
        assert neighbour.query("SELECT 1") == [[1]]
        neighbour.leave()


@pytest.mark.parametrize("content", ["", "garbage\n", f"{'9' * 40}\n"])
def test_a_damaged_process_file_does_not_block(place: Place, content: str) -> None:
    (place.folder.cluster / "postmaster.pid").write_text(content)
    EmbeddedPostgres.start(place.data_dir).close()
    assert place.starts() == 1


def test_lock_files_left_behind_do_not_block(place: Place) -> None:
    for lock in (place.folder.users_lock, place.folder.start_lock, place.folder.server_lock):
        lock.write_text(f"{os.getpid()}\n")
    EmbeddedPostgres.start(place.data_dir).close()
    assert place.starts() == 1
    assert place.is_stopped()


def test_a_server_that_somebody_is_shutting_down_is_waited_for(place: Place) -> None:
    with Member(place.data_dir) as member:
        started_at = member.started()
        member.kill()
        assert place.kill_postmaster(signal.SIGINT)
        with Member(place.data_dir) as heir:
            assert heir.started() != started_at
            heir.leave()
    assert place.is_stopped()
