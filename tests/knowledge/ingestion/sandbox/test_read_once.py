"""A running server reads an uploaded file once, whatever happens between reading and taking in."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from answerdesk.bootstrap import Application
from answerdesk.core.due import Job
from answerdesk.knowledge.ingestion.sandbox.errors import ParsingUnavailable
from answerdesk.knowledge.ingestion.sandbox.process import ParsingProcess
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.tasks import INGEST, registrations
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import create_project
from tests.conftest import Desk, Server
from tests.knowledge.ingestion.sandbox.bombs import DOCUMENTS
from tests.knowledge.ingestion.sandbox.support import LIMITS, is_alive
from tests.knowledge.ingestion.sandbox.test_uploads import readers_of, upload

HOURS = b"# Hours\n\nThe shop opens at nine in the morning.\n"
PLAIN = "text/markdown"


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    server = Server(folder / "data", **environment).start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def desk_of(server: Server) -> Iterator[Desk]:
    with server.client(owner=True) as owner, server.client() as visitor:
        yield Desk(owner, visitor)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as name:
        yield Path(name)


def readings(server: Server) -> int:
    """Return how many documents a server has read so far, by what it has logged."""
    return sum("document_read " in line for line in server.log().splitlines())


def added(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_an_upload_is_read_once_and_the_same_file_again_not_at_all(folder: Path) -> None:
    with serving(folder) as server, desk_of(server) as desk:
        document = added(upload(desk, "hours.md", HOURS, PLAIN))
        assert desk.wait_for(document["id"])["status"] == "ready"
        assert readings(server) == 1
        again = added(upload(desk, "hours.md", HOURS, PLAIN))
        assert (again["id"], again["status"]) == (document["id"], "ready")
        assert readings(server) == 1
        changed = added(upload(desk, "hours.md", HOURS.replace(b"nine", b"ten"), PLAIN))
        assert changed["id"] == document["id"]
        assert desk.wait_for(document["id"])["status"] == "ready"
        assert readings(server) == 2
        desk.add_text("Prices", "A room costs 90 euros.")
        assert readings(server) == 3


def test_what_was_read_is_taken_in_after_the_server_was_killed(folder: Path) -> None:
    with serving(folder, ANSWERDESK_WORKER="0") as server, desk_of(server) as desk:
        document = added(upload(desk, "hours.md", HOURS, PLAIN))
        assert (document["status"], readings(server)) == ("pending", 1)
        project_id, path = desk.project_id, desk.path
        server.kill()
    with serving(folder) as server, desk_of(server) as desk:
        desk.project_id, desk.path = project_id, path
        assert desk.wait_for(document["id"])["status"] == "ready"
        assert readings(server) == 0
        chat = {"project_id": project_id, "message": "When does the shop open?"}
        assert "nine" in desk.visitor.post("/api/chat", json=chat).text


def test_a_file_whose_reader_is_stopped_is_taken_and_read_later(folder: Path) -> None:
    # Whoever uploads is kept waiting for twice these seconds, but for 20 at least.
    with (
        serving(folder, ANSWERDESK_PARSE_SECONDS="10") as server,
        desk_of(server) as desk,
    ):
        # There is a reader now, and it does nothing from here on.
        desk.add_text("Prices", "A room costs 90 euros.")
        assert server._process is not None
        stopped = readers_of(server._process.pid)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        document = added(upload(desk, "hours.md", HOURS, PLAIN))
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        assert desk.wait_for(document["id"])["status"] == "ready"
        assert not any(is_alive(pid) for pid in stopped)
        assert server.logs("file_taken_unread")


async def test_a_document_whose_reader_is_stopped_while_it_is_taken_in_is_tried_again(
    application: Application,
) -> None:
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        project = await create_project(session, account_id, "Test")
        knowledge = Knowledge(session, account_id, project.id)
        source_id = await knowledge.open_source("text", "Hours")
        document = IncomingDocument("hours.md", HOURS, PLAIN)
        (document_id,) = (await knowledge.put_documents(source_id, [document])).queued
    hasty, patient = ParsingProcess(replace(LIMITS, wall_seconds=2)), ParsingProcess(LIMITS)
    job = Job(1, INGEST, account_id, {"document_id": str(document_id)}, attempt=20)

    async def ingest(parsing: ParsingProcess) -> str:
        ingestion = Ingestion(application.database, application.embedders, parsing.prepare)
        await registrations(ingestion)[INGEST].handler(job)
        async with application.database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, project.id)
            return (await knowledge.document(document_id)).status

    child = await hasty._children.take()
    hasty._children.put_back(child)
    os.kill(child.pid, signal.SIGSTOP)
    # What a job raises for a reason that passes is tried again, however often it was.
    with pytest.raises(ParsingUnavailable):
        await ingest(hasty)
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGCONT)
    assert await ingest(patient) == "ready"
    assert (hasty.readings, patient.readings) == (0, 1)
    for parsing in (hasty, patient):
        await parsing.close()


def test_a_file_that_takes_too_much_work_is_refused_at_once_and_leaves_nothing(
    folder: Path,
) -> None:
    media_type, make = DOCUMENTS["html of a million attributes"]
    with serving(folder, ANSWERDESK_PARSE_SECONDS="0.2") as server, desk_of(server) as desk:
        answer = upload(desk, "bomb.html", make(), media_type)
        assert (answer.status_code, answer.json()["code"]) == (422, "parsing_timed_out")
        assert answer.json()["detail"].startswith("bomb.html: ")
        assert "0.2 s of processor time" in answer.json()["detail"]
        assert desk.owner.get(f"{desk.path}/sources").json()["items"] == []
