"""Clients that are slow, talk too much or go away lose their connection, and only they."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.entrypoints.edge import (
    CHAT,
    GET,
    HEAD,
    NATIVE,
    ORACS,
    SECONDS,
    Client,
    Serve,
    assert_envelope,
    assert_problem,
    wait_until,
)


def test_who_says_nothing_is_disconnected(serve: Serve) -> None:
    with Client(serve(head_seconds=0.2).port) as client:
        status, told = client.error()
    assert status == 408
    assert_problem(told, 408, "head_timeout")


def test_who_sends_a_head_too_slowly_is_disconnected(serve: Serve) -> None:
    with Client(serve(head_seconds=0.3, linger_seconds=0.3).port) as client:
        client.send(b"GET / HTTP/1.1\r\nhost: x\r\n")
        client.drip(b"x-more: y\r\n")
        assert client.error()[0] == 408


def test_a_later_request_has_a_bound_of_its_own(serve: Serve) -> None:
    with Client(serve(head_seconds=0.5).port) as client:
        client.send(HEAD + b"\r\nbody")
        assert client.response()[::2] == (200, b"body")
        time.sleep(0.7)
        client.send(HEAD + b"\r\nidle")
        assert client.response()[::2] == (200, b"idle"), "an idle connection is not a slow head"
        client.send(HEAD)
        assert client.error()[0] == 408


@pytest.mark.parametrize("said", [b"", b"\r\n"])
def test_an_idle_connection_is_closed_whatever_blank_lines_come(serve: Serve, said: bytes) -> None:
    with Client(serve(idle_seconds=0.3).port) as client:
        client.send(GET)
        assert client.response()[0] == 200
        if said:
            client.drip(said)
        assert client.rest() == b""


@pytest.mark.parametrize(("path", "check"), [(NATIVE, assert_problem), (ORACS, assert_envelope)])
def test_a_head_too_large_is_refused_in_the_callers_form(
    serve: Serve, path: bytes, check: Callable[..., None]
) -> None:
    with Client(serve(head_bytes=2000).port) as client:
        client.send(b"POST %s HTTP/1.1\r\nhost: x\r\nx: " % path + b"y" * 3000)
        status, told = client.error()
    assert status == 431
    check(told, 431, "head_too_large")


def test_who_is_refused_while_sending_still_reads_why(serve: Serve) -> None:
    with Client(serve(linger_silence=0.3).port) as client:
        client.send(b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 30_000_000)
        assert client.error()[0] == 431


def test_too_many_headers_are_refused(serve: Serve) -> None:
    edge = serve()
    with Client(edge.port) as client:
        client.send(b"GET /echo HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 99 + b"\r\n")
        assert client.response()[0] == 200
        client.send(b"GET /echo HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 100 + b"\r\n")
        assert client.error()[0] == 431


def test_a_huge_address_is_refused(serve: Serve) -> None:
    with Client(serve(head_bytes=2000).port) as client:
        client.send(b"GET /api/widget/config?id=" + b"x" * 3000 + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        status, told = client.error()
    assert status == 431
    assert_envelope(told, 431, "head_too_large")


def test_a_stream_that_waits_keeps_nothing_of_its_request(serve: Serve) -> None:
    edge = serve()
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/stream"))
        client.read_until(b"accepted")
        assert edge.echo.streams == 1
        assert edge.echo.at_work == 0, "the application waits, too"
        assert "note" not in edge.echo.scopes[0]


def test_a_stream_that_breaks_closes_its_connection_without_an_end(serve: Serve) -> None:
    with Client(serve().port) as client:
        client.send(GET.replace(b"/echo", b"/echo/broken"))
        client.read_until(b"accepted")
        assert not client.rest().endswith(b"0\r\n\r\n"), "it looks whole"


def test_a_stream_whose_client_hangs_up_ends(serve: Serve) -> None:
    edge = serve()
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/stream"))
        client.read_until(b"accepted")
        assert edge.echo.streams == 1
    wait_until(lambda: edge.echo.streams == 0, "the stream goes on")


def test_who_writes_no_more_gets_the_answer(serve: Serve) -> None:
    edge = serve()
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/later"))
        client.end_writing()
        time.sleep(0.2)
        edge.echo.goes_on.set()
        assert client.response()[::2] == (200, b"later")
        assert client.rest() == b""


def test_garbage_is_refused(serve: Serve) -> None:
    with Client(serve().port) as client:
        client.send(b"\x16\x03\x01\x02\x00 what is this\r\n\r\n")
        status, told = client.error()
    assert status == 400
    assert_problem(told, 400, "malformed_request")


def test_garbage_behind_a_request_does_not_take_its_answer(serve: Serve) -> None:
    edge = serve()
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/later") + b"\x00\x01garbage\r\n\r\n")
        edge.echo.goes_on.set()
        assert client.response()[::2] == (200, b"later")
        assert client.rest() == b""


def test_few_requests_wait_on_a_connection(serve: Serve) -> None:
    edge = serve(linger_silence=0.3)
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/later") + GET * 1000)
        edge.echo.goes_on.set()
        answers = client.rest().count(b"HTTP/1.1 200 ")
    assert answers == 1 + 8


def test_an_answer_under_way_is_whole_before_a_slow_head_ends_it(serve: Serve) -> None:
    edge = serve(head_seconds=0.2)
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/later") + HEAD)
        time.sleep(0.5)
        edge.echo.goes_on.set()
        assert client.response()[::2] == (200, b"later")
        assert client.rest() == b""


def test_a_slow_answer_is_not_our_concern(serve: Serve) -> None:
    edge = serve(head_seconds=0.1, body_silence=0.1, body_seconds=0.1, idle_seconds=0.1)
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/later"))
        time.sleep(0.5)
        edge.echo.goes_on.set()
        assert client.response()[::2] == (200, b"later")


def test_who_takes_no_answer_is_disconnected(serve: Serve) -> None:
    edge = serve(stalled_seconds=0.3)
    with Client(edge.port) as client:
        client.send(GET.replace(b"/echo", b"/echo/large"))
        wait_until(lambda: edge.server_state.connections, "it never came")
        wait_until(lambda: not edge.server_state.connections, "it is waited for without end")
        assert len(client.rest()) < 50_000_000


def test_another_protocol_is_not_spoken_and_the_request_answered(serve: Serve) -> None:
    upgrade = b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAM\r\n\r\n"
    with Client(serve(linger_silence=0.3).port) as client:
        client.send(b"GET /echo HTTP/1.1\r\nhost: x\r\n" + upgrade + b"PRI * HTTP/2.0\r\n\r\n")
        status, headers, _ = client.response()
        assert (status, headers["connection"]) == (200, "close")
        assert client.rest() == b""


def test_others_are_served_meanwhile(serve: Serve) -> None:
    edge = serve(head_seconds=2)
    with Client(edge.port) as slow, Client(edge.port) as other:
        slow.send(b"GET ")
        other.send(HEAD + b"\r\nbody")
        assert other.response()[::2] == (200, b"body")
        assert slow.error()[0] == 408


@pytest.mark.parametrize(("path", "check"), [(NATIVE, assert_problem), (ORACS, assert_envelope)])
def test_a_crowd_is_bounded(serve: Serve, path: bytes, check: Callable[..., None]) -> None:
    edge = serve(connections=3, surplus=2, reserve=0)
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(edge.port)) for _ in range(6)]
        clients[3].send(CHAT % path)
        status, headers, body = clients[3].response()
        assert (status, headers["retry-after"], headers["connection"]) == (503, "5", "close")
        check(json.loads(body), 503, "too_many_connections")
        assert clients[5].rest() == b"", "one more than are told why"
    wait_until(lambda: not edge.server_state.connections, "a connection lives on")
    with Client(edge.port) as client:
        client.send(GET)
        assert client.response()[0] == 200


def test_few_free_places_are_not_kept_by_who_was_served(serve: Serve) -> None:
    with Client(serve(connections=3, reserve=3).port) as client:
        client.send(GET)
        status, headers, _ = client.response()
        assert (status, headers["connection"]) == (200, "close")
        assert client.rest() == b""


def test_a_server_that_is_stopped_does_not_make_an_error_of_each_stream(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    edge = serve()
    with Client(edge.port) as streaming, Client(edge.port) as waiting:
        streaming.send(GET.replace(b"/echo", b"/echo/stream"))
        streaming.read_until(b"accepted")
        waiting.send(GET.replace(b"/echo", b"/echo/never"))
        wait_until(lambda: len(edge.server_state.tasks) == 2, "it never came")
        edge.should_exit = True
        status, told = waiting.error()
        streaming.rest()
    assert_problem(told, status, "shutting_down")
    assert [one.message for one in caplog.records if one.exc_info] == []


def test_a_stream_that_begins_while_the_server_stops_is_not_waited_for(serve: Serve) -> None:
    edge = serve()
    edge.config.timeout_graceful_shutdown = int(SECONDS)
    with Client(edge.port) as streaming:
        streaming.send(GET.replace(b"/echo", b"/echo/endless"))
        wait_until(lambda: edge.server_state.tasks, "it never came")
        edge.should_exit = True
        assert edge.stopping.wait(SECONDS)
        edge.echo.goes_on.set()
        assert b"keep-alive" not in streaming.rest(), "it was waited for"


LIMITS = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, {hard}))
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.http_protocol import server_config
config = server_config(lambda: None, Settings(max_connections=1000))
print(config.http.bounds.connections, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(("hard", "connections", "files"), [(4096, 1000, 1456), (1024, 568, 1024)])
def test_no_more_connections_than_there_may_be_files(
    hard: int, connections: int, files: int
) -> None:
    code = LIMITS.format(hard=hard)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == f"{connections} {files}", done.stdout
    assert ("connections_limited_by_open_files" in done.stdout) == (connections < 1000)
