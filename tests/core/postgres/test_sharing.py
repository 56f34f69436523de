"""However many processes share a folder, the server is started once and stops with the last."""

import threading
from contextlib import ExitStack

from answerdesk.core.postgres import EmbeddedPostgres
from tests.core.postgres.crew import Member, Place
from tests.waiting import PATIENCE


def test_the_server_is_started_once_and_the_last_process_stops_it(place: Place) -> None:
    with Member(place.data_dir) as first, Member(place.data_dir) as second:
        assert first.started() == second.started()
        with Member(place.data_dir) as third:
            third.started()
            first.leave()
            third.leave()
        assert second.query("SELECT 1") == [[1]]
        assert not place.is_stopped()
        second.leave()
    assert place.is_stopped()
    assert place.starts() == 1
    assert "database system is shut down" in place.folder.log.read_text()


def test_six_processes_at_once_on_an_empty_folder_start_one_server() -> None:
    # A name of 200 characters besides: initdb and the first start take one, too.
    with Place("d" * 99 + "/e f/" + "g" * 95) as new_place, ExitStack() as stack:
        members = [stack.enter_context(Member(new_place.data_dir)) for _ in range(6)]
        assert len({member.started() for member in members}) == 1
        for member in members:
            member.say("leave")
        for member in members:
            assert member.answer() == {"left": True}
        assert new_place.is_stopped()
        assert new_place.starts() == 1


def test_processes_that_come_while_the_last_leaves_get_a_server(place: Place) -> None:
    with ExitStack() as stack:
        before = stack.enter_context(Member(place.data_dir))
        before.started()
        for _ in range(3):
            after = stack.enter_context(Member(place.data_dir))
            before.say("leave")
            after.started()
            assert before.answer() == {"left": True}
            assert after.query("SELECT 1") == [[1]]
            before = after
        before.leave()
    assert place.is_stopped()


def test_two_handles_of_one_process_count_as_two(place: Place) -> None:
    first = EmbeddedPostgres.start(place.data_dir)
    second = EmbeddedPostgres.start(place.data_dir)
    first.close()
    assert not place.is_stopped()
    second.close()
    assert place.is_stopped()
    assert place.starts() == 1


def test_threads_that_start_at_once_start_one_server(place: Place) -> None:
    servers: list[EmbeddedPostgres] = []
    threads = [
        threading.Thread(target=lambda: servers.append(EmbeddedPostgres.start(place.data_dir)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(servers) == 4
    for server in servers:
        server.close()
    assert place.is_stopped()
    assert place.starts() == 1


def test_two_folders_run_side_by_side(place: Place, other_place: Place) -> None:
    with Member(place.data_dir) as here, Member(other_place.data_dir) as there:
        here.started()
        there.started()
        here.query("CREATE TABLE only_here ()")
        assert there.query("SELECT to_regclass('only_here')::text") == [[None]]
        here.leave()
        assert place.is_stopped()
        assert there.query("SELECT 1") == [[1]]
        there.leave()
        assert other_place.is_stopped()
