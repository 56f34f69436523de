"""A client that hangs up is an everyday thing: one short line of the log, and no error."""

import json
import signal
import socket
import struct
from collections.abc import Iterator

import httpx
import pytest

from tests.entrypoints.edge import Client
from tests.entrypoints.installation import Installation, end, installation

_LONGEST_LINE = 400
_RESET = struct.pack("ii", 1, 0)
"""`SO_LINGER` with no time: the connection is reset instead of closed."""


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation(ANSWERDESK_FAKE_LATENCY="1") as made:
        yield made


def _chat(path: str, body: dict[str, str], *, cut: int = 0) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content[: len(content) - cut]


def test_hanging_up_is_one_short_line_and_no_error(desk: Installation) -> None:
    process = desk.begin("serve", "--port", "0", "--json")
    assert process.stdout is not None
    url = httpx.URL(json.loads(process.stdout.readline())["url"])
    key = (desk.data_dir / "owner.key").read_text().strip()
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as owner:
        project = owner.post("/v1/projects", json={"name": "Gone"}).json()["id"]
    message = {"project_id": project, "message": "When do you open?"}
    assert url.port is not None
    for reset in (False, True):
        for sent, heard in (
            (b"GET / HT", b""),
            (b"\x16\x03\x01 no HTTP\r\n\r\n", b""),
            (_chat("/v1/visitor/chat", message, cut=5), b""),
            (_chat("/api/chat", message, cut=5), b""),
            (_chat("/api/chat", message), b"event: conversation_id"),
        ):
            with Client(url.port) as client:
                client.send(sent)
                if heard:
                    client.read_until(heard)
                if reset:
                    client.set_option(socket.SO_LINGER, _RESET)
    assert httpx.get(f"{url}/healthz").status_code == 200
    ended = end(process, signal.SIGTERM)
    assert ended.status == 0
    records = [json.loads(line) for line in ended.errors.splitlines()]
    assert all(len(line) < _LONGEST_LINE for line in ended.errors.splitlines()), ended.errors
    assert {one["level"] for one in records} <= {"debug", "info"}, ended.errors
    lost = [one for one in records if one.get("status") in (400, 408)]
    assert len(lost) == 4, "each of the bodies that were cut has its line"
