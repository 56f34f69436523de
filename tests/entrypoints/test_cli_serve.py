"""`serve` and `worker` beside the other commands: one installation, any number of processes."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.entrypoints.installation import (
    PROGRAM,
    Installation,
    documents,
    end,
    installation,
    write_files,
)
from tests.waiting import PATIENCE, attempts


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    with installation() as made:
        yield made


def banner_of(process: subprocess.Popen[bytes]) -> str:
    """What `serve` says once it is ready."""
    assert process.stdout is not None
    told = ""
    while "Ctrl-C" not in told:
        line = process.stdout.readline().decode()
        assert line, end(process, signal.SIGKILL).errors
        told += line
    return told


def test_serving_tells_where_and_ends_cleanly(desk: Installation) -> None:
    process = desk.begin("serve", "--port", "0")
    told = banner_of(process)
    url = next(word for word in told.split() if word.startswith("http://127.0.0.1:"))
    # Whoever reads the line can use the server.
    assert httpx.get(f"{url}/readyz", timeout=PATIENCE).status_code == 200
    assert "server" not in httpx.get(f"{url}/healthz", timeout=PATIENCE).headers
    # What lies about in a log opens nothing: it says where the key is.
    assert (desk.data_dir / "owner.key").read_text().strip() not in told
    assert f"Owner key  kept in {desk.data_dir / 'owner.key'}\n" in told
    assert f"{url}/signup?next=/app#owner_key=KEY " in told
    # A second terminal has neither our search path nor our settings.
    assert f"ANSWERDESK_DATA_DIR={desk.data_dir} {PROGRAM} ingest " in told
    second = desk.run("serve", "--port", str(httpx.URL(url).port), "--json")
    assert (second.status, second.output) == (1, "")
    assert json.loads(second.errors)["error"]["code"] == "port_in_use"
    ended = end(process, signal.SIGINT)
    assert (ended.status, ended.errors) == (0, "")


def test_in_a_terminal_the_links_carry_the_key(desk: Installation) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"], stdout=theirs, stderr=theirs, env=desk.environment
    )
    os.close(theirs)
    told = ""
    while "Ctrl-C" not in told:
        # What is written last can be read until the other end is closed.
        told += os.read(ours, 65536).decode()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 0
    os.close(ours)
    key = (desk.data_dir / "owner.key").read_text().strip()
    assert f"/signup?next=/app#owner_key={key} " in told
    assert f"/app/knowledge#owner_key={key} " in told
    assert f"Owner key  {key}   (kept in {desk.data_dir / 'owner.key'})" in told


def test_a_key_that_is_given_is_named_and_not_shown(tmp_path: Path) -> None:
    key = "a-key-that-somebody-made-up-" + "x" * 20
    desk = Installation(tmp_path / "data", ANSWERDESK_OWNER_KEY=key)
    process = desk.begin("serve", "--port", "0")
    told = banner_of(process)
    ended = end(process, signal.SIGINT)
    assert key not in told + ended.output + ended.errors
    assert "Owner key  set by ANSWERDESK_OWNER_KEY\n" in told


def test_a_server_that_is_told_to_stop_finishes_its_answer(desk: Installation) -> None:
    slow = Installation(desk.data_dir, ANSWERDESK_FAKE_LATENCY="2")
    process = slow.begin("serve", "--port", "0", "--json")
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]
    key = (desk.data_dir / "owner.key").read_text().strip()
    owner = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)
    project = owner.post("/v1/projects", json={"name": "Stopping"}).json()["id"]
    item = {"question": "When do you open?", "answer": "At nine."}
    owner.post(f"/v1/projects/{project}/items", json=item).raise_for_status()
    body = {"project_id": project, "message": "When do you open?"}
    with owner.stream("POST", "/api/chat", json=body) as answer:
        lines = answer.iter_lines()
        assert "conversation_id" in next(lines)
        process.send_signal(signal.SIGTERM)
        rest = list(lines)
    assert any("event: done" in line for line in rest)
    assert process.wait(PATIENCE) == 0


def test_ingest_search_and_ask_work_beside_a_server_and_without(
    desk: Installation, tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "docs", {"a.md": "The harbour closes at midnight.\n"})
    with desk.serving() as told:
        ingested = desk.run("ingest", folder, "--json").ok().json
        assert ingested["changed"] == 1
        project = ingested["project"]["id"]
        asked = ("ask", "When does the harbour close?", "--project", project, "--json")
        beside = desk.run(*asked).ok().json
        assert told["owner_key_file"] == str(desk.data_dir / "owner.key")
    assert "at midnight" in beside["answer"]
    assert documents(beside["sources"]) == ["a.md"]
    assert desk.run(*asked).ok().json == beside


def test_a_worker_does_what_a_server_without_one_leaves(desk: Installation) -> None:
    desk_without = Installation(desk.data_dir, ANSWERDESK_WORKER="false")
    with (
        desk_without.serving() as told,
        httpx.Client(base_url=told["url"], timeout=PATIENCE) as owner,
    ):
        key = (desk.data_dir / "owner.key").read_text().strip()
        owner.headers["Authorization"] = f"Bearer {key}"
        project = owner.post("/v1/projects", json={"name": "Worker"}).json()["id"]
        text = {"title": "T", "content": "The ferry leaves at dawn."}
        document = owner.post(f"/v1/projects/{project}/texts", json=text).json()["id"]
        path = f"/v1/projects/{project}/documents/{document}"
        time.sleep(1)
        assert owner.get(path).json()["status"] == "pending"
        worker = desk.begin("worker", "--json")
        assert worker.stdout is not None
        assert json.loads(worker.stdout.readline()) == {"status": "working"}
        for _ in attempts(PATIENCE):
            if owner.get(path).json()["status"] == "ready":
                break
        assert owner.get(path).json()["status"] == "ready"
        ended = end(worker, signal.SIGTERM)
    assert (ended.status, ended.errors) == (0, "")


def test_the_database_ends_with_the_last_process(tmp_path: Path) -> None:
    desk = Installation(tmp_path / "data")
    with desk.serving():
        assert (desk.data_dir / "owner.key").stat().st_mode & 0o777 == 0o600
    running = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=True
    ).stdout
    assert str(desk.data_dir) not in running


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from answerdesk.entrypoints.cli import main\n"
        "heavy = {'sqlalchemy', 'pydantic', 'numpy', 'fastapi', 'onnxruntime', 'uvicorn'}\n"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"
    assert PROGRAM.exists()
