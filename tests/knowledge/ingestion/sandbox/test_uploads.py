"""A running server takes files made to choke it, and answers meanwhile."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Desk, Server, serving
from tests.knowledge.ingestion.sandbox.bombs import DOCUMENTS, EXTENSIONS, MARKDOWN
from tests.knowledge.ingestion.sandbox.support import is_alive

SECONDS = "0.5"
BOMBS = [
    *("docx of 140 MB of spaces", "docx of a million paragraphs", "xlsx of a billion laughs"),
    *("pdf of a million words", "pdf of forms that double", "pdf that is damaged"),
    *("html of a million attributes", "markdown of brackets in paragraphs"),
    *("csv of a million columns", "json nested deeply", "text of numbers"),
]

# Neither that it takes long by the clock nor that a reader was killed is held against a file.
REFUSALS = [
    *("unreadable_document", "parsing_timed_out", "parsing_out_of_memory", "parsing_too_deep"),
    *("parsing_too_much", "parsing_crashed"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of little patience, in place of the one that all tests share."""
    with serving(ANSWERDESK_PARSE_SECONDS=SECONDS, ANSWERDESK_PARSE_MEMORY_MB="320") as running:
        yield running


def upload(desk: Desk, name: str, content: bytes, media_type: str) -> httpx.Response:
    return desk.owner.post(f"{desk.path}/files", files={"file": (name, content, media_type)})


class Chatting:
    """Somebody who asks again and again while a block lasts."""

    def __init__(self, server: Server, project_id: str) -> None:
        self.answers: list[str] = []
        self._server = server
        self._body = {"project_id": project_id, "message": "When does the shop open?"}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Chatting":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with self._server.client() as visitor:
            while not self._over.wait(0.1):
                self.answers.append(visitor.post("/api/chat", json=self._body).text)


def readers_of(parent: int) -> list[int]:
    """Return the process ids of a server's children that read documents."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [
        int(pid)
        for pid in children
        if b"sandbox.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.md", b"", "unreadable_document"),
        ("program.txt", b"\x7fELF\0\0\0", "unreadable_document"),
        ("notes.exe", b"text", "unreadable_document"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(
    desk: Desk, name: str, content: bytes, code: str
) -> None:
    refused = upload(desk, name, content, "application/octet-stream")
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert name in refused.json()["detail"]
    assert desk.owner.get(f"{desk.path}/sources").json()["items"] == []


def test_chats_go_on_while_files_are_uploaded_that_choke_readers(
    desk: Desk, server: Server
) -> None:
    desk.add_text("Hours", "The shop opens at nine in the morning.")
    with Chatting(server, desk.project_id) as chatting:
        for name in BOMBS:
            media_type, make = DOCUMENTS[name]
            answered = upload(desk, f"bomb.{EXTENSIONS[media_type]}", make(), media_type)
            assert answered.status_code in (201, 422), answered.text
            if answered.status_code == 422:
                problem = answered.json()
                code, told = problem["code"], problem["detail"]
            else:
                # It could be read, or it was taken unread since others had the machine.
                document = desk.wait_for(answered.json()["id"])
                code, told = document["error_code"], document["error"]
            assert code in (None, *REFUSALS), (name, code, told)
            assert code is None or told.startswith("bomb.")
    assert len(chatting.answers) > 3
    assert all("event: done" in answer and "nine" in answer for answer in chatting.answers)
    good = upload(desk, "good.md", b"# Delivery\n\nWe deliver within two days.", MARKDOWN)
    assert good.status_code == 201
    assert desk.wait_for(good.json()["id"])["status"] == "ready"
    assert server._process is not None
    assert server._process.poll() is None


def test_a_text_that_takes_too_long_is_kept_as_failed_with_the_reason(desk: Desk) -> None:
    _, make = DOCUMENTS["html of a million attributes"]
    body = {"title": "Bomb", "content": make().decode(), "format": "html"}
    added = desk.owner.post(f"{desk.path}/texts", json=body)
    assert added.status_code == 201, added.text
    document = desk.wait_for(added.json()["id"])
    assert (document["status"], document["error_code"]) == ("failed", "parsing_timed_out")
    assert f"more than {SECONDS} s of processor time" in document["error"]


def test_a_stopped_server_leaves_no_reader() -> None:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        server = Server(Path(folder) / "data").start()
        with server.client(owner=True) as owner, server.client() as visitor:
            Desk(owner, visitor).add_text("Hours", "The shop opens at nine.")
        assert server._process is not None
        readers = readers_of(server._process.pid)
        assert len(readers) == 1
        server.stop()
        assert not any(is_alive(pid) for pid in readers)
