"""A request whose body does not come is answered, in its caller's form, and its socket closed."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.entrypoints.edge import (
    CHAT,
    CHUNKED,
    GET,
    HEAD,
    NATIVE,
    ORACS,
    Client,
    Serve,
    assert_envelope,
    assert_problem,
    wait_until,
)


@pytest.mark.parametrize(
    ("path", "check", "status"), [(NATIVE, assert_problem, 408), (ORACS, assert_envelope, 400)]
)
def test_half_a_body_and_then_silence_is_refused(
    serve: Serve, path: bytes, check: Callable[..., None], status: int
) -> None:
    with Client(serve(body_silence=0.3).port) as client:
        client.send(CHAT % path + b'{"message": "hal')
        said, told = client.error()
    assert said == status
    check(told, status, "body_timeout")


def test_a_body_by_the_drop_is_refused(serve: Serve) -> None:
    with Client(serve(body_seconds=0.3, linger_seconds=0.5).port) as client:
        client.send(CHAT % NATIVE)
        client.drip(b" ", pause=0.1)
        assert client.error()[0] == 408


def test_a_large_body_on_a_slow_line_passes(serve: Serve) -> None:
    # Ten times as long as a body of no size may take, and faster than a hundred bytes a second.
    edge = serve(body_seconds=0.1, body_rate=100)
    with Client(edge.port) as client:
        client.send(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n")
        for _ in range(10):
            client.send(b"x" * 500)
            time.sleep(0.1)
        assert client.response()[::2] == (200, b"x" * 5000)


@pytest.mark.parametrize(
    "piece",
    [b"1;" + b"x" * 2000 + b"\r\na\r\n", b"0\r\n" + b"t: x\r\n" * 200],
    ids=["extensions", "trailers"],
)
def test_a_chunked_body_of_much_else_than_body_is_refused(serve: Serve, piece: bytes) -> None:
    with Client(serve(linger_seconds=0.3).port) as client:
        client.send(CHUNKED)
        client.drip(piece, pause=0.0)
        assert client.error()[0] == 422


def test_a_field_behind_the_body_is_none_of_the_request(serve: Serve) -> None:
    with Client(serve().port) as client:
        client.send(CHUNKED.replace(NATIVE, b"/echo/headers") + b"0\r\nauthorization: x\r\n\r\n")
        assert client.response()[::2] == (200, b"host transfer-encoding")


@pytest.mark.parametrize(("path", "check"), [(NATIVE, assert_problem), (ORACS, assert_envelope)])
def test_a_chunked_body_that_never_ends_is_refused_and_its_socket_closed(
    serve: Serve, path: bytes, check: Callable[..., None]
) -> None:
    with Client(serve(linger_seconds=0.5).port) as client:
        client.send(CHUNKED.replace(NATIVE, path) + b"40001\r\n" + b"x" * 0x40001 + b"\r\n")
        status, headers, body = client.response()
        assert headers["connection"] == "close"
        client.drip(b"5\r\nhello\r\n")
    told = json.loads(body)
    check(told, status, "body_too_large")


def test_broken_chunks_are_refused(serve: Serve) -> None:
    with Client(serve().port) as client:
        client.send(CHUNKED + b"zz\r\n")
        status, told = client.error()
    assert_problem(told, status, "malformed_request")


def test_an_answer_before_the_body_closes_the_connection(serve: Serve) -> None:
    with Client(serve(linger_silence=0.3).port) as client:
        client.send(HEAD.replace(b"/echo", b"/echo/unread") + b"\r\nbo")
        status, headers, body = client.response()
        assert (status, headers["connection"], body) == (200, "close", b"unread")
        assert client.rest() == b""


def test_who_was_refused_and_talks_on_is_cut_off(serve: Serve) -> None:
    with Client(serve(linger_seconds=0.3).port) as client:
        client.send(HEAD.replace(b"/echo", b"/echo/unread") + b"\r\n")
        assert client.response()[0] == 200
        client.drip(b"x")


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HEAD, HEAD + b"\r\nbo", CHUNKED + b"5\r\nhel"])
def test_who_hangs_up_leaves_nothing_behind(serve: Serve, sent: bytes) -> None:
    edge = serve()
    for _ in range(10):
        with Client(edge.port) as client:
            client.send(sent)


@pytest.mark.parametrize("sent", [b"GET / HT", HEAD + b"\r\nbo"])
def test_who_writes_no_more_in_the_middle_is_closed(serve: Serve, sent: bytes) -> None:
    with Client(serve().port) as client:
        client.send(sent)
        client.end_writing()
        assert client.rest() == b""


def test_slow_clients_of_every_kind_all_end_and_others_are_served(serve: Serve) -> None:
    edge = serve(
        head_seconds=1, body_silence=1, body_seconds=1, linger_silence=0.3, linger_seconds=0.5
    )
    begun = [
        b"",
        b"GET / HTTP/1.1\r\n",
        HEAD + b"\r\n",
        CHAT % NATIVE + b'{"mess',
        CHAT % ORACS,
        CHUNKED + b"5\r\nhel",
        GET.replace(b"/echo", b"/nowhere").replace(b"\r\n\r\n", b"\r\ncontent-length: 9\r\n\r\n"),
    ]
    with ExitStack() as stack:
        slow = [stack.enter_context(Client(edge.port)) for _ in range(15) for _ in begun]
        for number, client in enumerate(slow):
            client.send(begun[number % len(begun)])

        def all_closed() -> bool:
            for client in slow[: len(begun) * 8]:
                client.try_to_send(b"x")
            with Client(edge.port) as other:
                other.send(GET.replace(b"/echo", b"/healthz"))
                assert other.response()[0] == 200
            return not edge.server_state.connections

        wait_until(all_closed, "some live on")
