"""A full disk is told as one, loses nothing, and work goes on once there is room again."""

import json
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.entrypoints.small_disk import (
    PROGRAM,
    SmallDisk,
    environment_on,
    on_a_small_disk,
    require_small_disks,
)
from tests.waiting import PATIENCE, attempts

_TOLD = "The disk of this installation is full, so nothing can be stored at the moment"


@pytest.fixture
def disk() -> Iterator[Path]:
    """A place for a small disk, with a short name, since sockets lie on it."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        path = Path(folder) / "disk"
        path.mkdir()
        require_small_disks(path)
        yield path


@pytest.fixture
def small(disk: Path) -> Iterator[SmallDisk]:
    running = SmallDisk(disk, "160m", ANSWERDESK_FAKE_LATENCY="0.3")
    yield running
    running.stop()


def noise(characters: int, seed: int = 0) -> str:
    """Return text that cannot be packed smaller by half."""
    source = random.Random(seed)
    return " ".join(f"{source.getrandbits(40):x}" for _ in range(characters // 11))


def make_project(server: SmallDisk) -> str:
    made = server.owner.post("/v1/projects", json={"name": "Harbour"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def add_text(server: SmallDisk, project: str, text: str) -> httpx.Response:
    body = {"title": "Noise", "content": text}
    return server.owner.post(f"/v1/projects/{project}/texts", json=body)


def expect_full(answer: httpx.Response) -> None:
    """Check that a refusal says that the disk is full, and nothing about this machine."""
    assert answer.status_code == 503, answer.text
    told: dict[str, Any] = answer.json()
    assert told["code"] == "disk_full", told
    assert _TOLD in told.get("detail", told.get("error", ""))
    assert tempfile.gettempdir() not in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def wait_until_ready(server: SmallDisk) -> None:
    for _ in attempts(PATIENCE):
        if httpx.get(f"{server.url}/readyz", timeout=PATIENCE).status_code == 200:
            return
    raise AssertionError(server.log())


def document(server: SmallDisk, project: str, document_id: str) -> dict[str, Any]:
    shown = server.owner.get(f"/v1/projects/{project}/documents/{document_id}")
    found: dict[str, Any] = shown.json()
    return found


def test_a_full_disk_refuses_what_is_new_and_keeps_what_it_has(small: SmallDisk) -> None:
    project = make_project(small)
    item = {"question": "When do you open?", "answer": "At nine."}
    assert small.owner.post(f"/v1/projects/{project}/items", json=item).status_code == 201
    waiting = add_text(small, project, noise(200_000)).json()
    assert waiting["status"] == "pending"
    small.fill()

    expect_full(httpx.get(f"{small.url}/readyz", timeout=PATIENCE))
    assert httpx.get(f"{small.url}/healthz", timeout=PATIENCE).status_code == 200
    expect_full(add_text(small, project, noise(200_000, 1)))
    assert small.owner.get(f"/v1/projects/{project}/items").json()["items"][0]["answer"]
    refused = 0
    for number in range(60):
        body = {"project_id": project, "message": noise(7_900, number)}
        asked = httpx.post(f"{small.url}/api/chat", json=body, timeout=PATIENCE)
        if asked.status_code != 200:
            expect_full(asked)
            refused += 1
    assert refused > 0

    small.empty()
    wait_until_ready(small)
    later = add_text(small, project, noise(20_000, 2))
    assert later.status_code == 201
    for document_id in (waiting["id"], later.json()["id"]):
        for _ in attempts(PATIENCE):
            if document(small, project, document_id)["status"] != "pending":
                break
        assert document(small, project, document_id)["status"] == "ready", small.log()
    assert "internal_error" not in small.log()
    assert "unhandled" not in small.log()


def test_the_database_comes_back_once_there_is_room(small: SmallDisk) -> None:
    project = make_project(small)
    small.fill()
    with pytest.raises(psycopg.Error):
        _fill_the_log(small)
    for _ in attempts(PATIENCE):
        if "shut down" in (small.folder / "data/postgres/server.log").read_text(errors="replace"):
            break
    expect_full(httpx.get(f"{small.url}/readyz", timeout=PATIENCE))
    expect_full(small.owner.get(f"/v1/projects/{project}"))

    small.empty()
    wait_until_ready(small)
    assert small.owner.get(f"/v1/projects/{project}").status_code == 200
    assert make_project(small) != project


def _fill_the_log(server: SmallDisk) -> None:
    """Write until PostgreSQL's log has no room: it stops, and does not start again by itself."""
    folder = server.folder / "data" / "postgres"
    with psycopg.connect(
        host=str(folder / "cluster"),
        user="answerdesk_admin",
        password=(folder / "admin.password").read_text(encoding="ascii").strip(),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        for _ in range(200):
            connection.execute("select pg_logical_emit_message(true, '', repeat('x', 1000000))")


@pytest.mark.parametrize("size", ["8k", "16m"], ids=["no room for a key", "none for a database"])
def test_a_start_without_room_says_so(disk: Path, size: str) -> None:
    done = subprocess.run(
        on_a_small_disk(disk, size, PROGRAM, "serve", "--port", "0", "--json"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment_on(disk),
        cwd=disk.parent,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    assert error["code"] == "disk_full", done.stderr
    assert error["message"].startswith(f"The disk with {disk}")
    assert "is full: " in error["message"]
    assert "Free space there, or move that folder to a larger disk" in error["message"]
