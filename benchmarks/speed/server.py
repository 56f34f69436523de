"""A server to measure: `answerdesk serve` from a temporary data folder, and its memory."""

import asyncio
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil

_READY_SECONDS = 120.0
_WORDS_A_SENTENCE = 14
_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class Serving:
    """A running server: where it listens, its data, the owner's key, and a project to ask."""

    url: str
    port: int
    data_dir: Path
    owner_key: str
    process: psutil.Process
    ready_seconds: float


@contextmanager
def serving(**environment: str) -> Iterator[Serving]:
    """Run a server with a folder of its own for as long as the block lasts."""
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder,
        start(Path(folder) / "data", None, **environment) as server,
    ):
        yield server


@contextmanager
def start(data_dir: Path, checkout: Path | None = None, /, **environment: str) -> Iterator[Serving]:
    """Run a server on an existing or new data folder; by default this checkout's."""
    settings = {
        **os.environ,
        "ANSWERDESK_DATA_DIR": str(data_dir),
        "ANSWERDESK_DEMO": "0",
        # The load comes from one address.
        "ANSWERDESK_VISITOR_SESSIONS_PER_MINUTE": "0",
        "ANSWERDESK_VISITOR_MESSAGES_PER_MINUTE": "0",
        "ANSWERDESK_LOG_LEVEL": "warning",
        **environment,
    }
    program = Path(sys.executable).with_name("answerdesk")
    if checkout is not None:
        program = checkout / ".venv" / "bin" / "answerdesk"
    command = [str(program), "serve", "--port", "0", "--json"]
    began = time.perf_counter()
    child = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line:
            raise RuntimeError(f"{program} ended before it served; see its last words above")
        banner = json.loads(line)
        ready = time.perf_counter() - began
        port = int(re.sub(r".*:", "", banner["url"]))
        key = (data_dir / "owner.key").read_text().strip()
        yield Serving(banner["url"], port, data_dir, key, psutil.Process(child.pid), ready)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=30)


def vocabulary(generator: np.random.Generator, size: int = 4000) -> list[str]:
    """Return made-up words, the first ones much more frequent than the last when drawn by rank."""
    syllables = [a + b for a in "bdfgklmn" for b in "aeiou"]
    return [
        "".join(generator.choice(syllables, size=3)) + str(number % 7) for number in range(size)
    ]


def synthetic_text(generator: np.random.Generator, words: list[str]) -> str:
    """Return a paragraph of made-up sentences whose words follow Zipf's law."""
    ranks = np.minimum(generator.zipf(1.3, size=(_SENTENCES, _WORDS_A_SENTENCE)), len(words)) - 1
    return " ".join(" ".join(words[rank] for rank in row).capitalize() + "." for row in ranks)


def made_up_texts(chunks: int) -> tuple[tuple[str, str], ...]:
    """Return documents of 100 chunks each, as title and Markdown."""
    generator = np.random.default_rng(1)
    words = vocabulary(generator)
    sections = [
        f"# Section {number}\n\n{synthetic_text(generator, words)}" for number in range(chunks)
    ]
    return tuple(
        (f"Part {first}", "\n\n".join(sections[first : first + 100]))
        for first in range(0, chunks, 100)
    )


def fill(server: Serving, chunks: int) -> str:
    """Make a project of about `chunks` made-up chunks; return its id when all is ready."""
    return fill_with(server, made_up_texts(chunks))


def fill_with(server: Serving, texts: Iterable[tuple[str, str]]) -> str:
    """Make a project of Markdown texts, each with its title; return its id when all is ready."""
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        name = f"Benchmark {secrets.token_hex(3)}"
        project: str = client.post("/v1/projects", json={"name": name}).json()["id"]
        for title, content in texts:
            body = {"title": title, "content": content, "format": "markdown"}
            client.post(f"/v1/projects/{project}/texts", json=body).raise_for_status()
        _wait(client, project)
    return project


def answer_with(server: Serving, project: str, url: str | None) -> None:
    """Let a model at this address write a project's answers, or (None) no model."""
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        name = None
        if url is not None:
            # A run before this one had a model of its own at another address.
            name = f"Stub {secrets.token_hex(3)}"
            body = {"name": name, "provider": "compatible", "url": url, "model": "stub"}
            client.post("/v1/language-models", json=body).raise_for_status()
        for agent in (
            client.get(f"/v1/projects/{project}/agents").raise_for_status().json()["items"]
        ):
            path = f"/v1/projects/{project}/agents/{agent['id']}"
            if agent.get("model") != name:
                client.patch(path, json={"model": name}).raise_for_status()


def _wait(client: httpx.Client, project: str) -> None:
    deadline = time.monotonic() + 1800
    cursor: str | None = None
    while time.monotonic() < deadline:
        page: dict[str, str | int] = {"limit": 100, **({"cursor": cursor} if cursor else {})}
        found = client.get(f"/v1/projects/{project}/sources", params=page).raise_for_status().json()
        if any(source["pending"] for source in found["items"]):
            time.sleep(0.5)
            continue
        cursor = found["next_cursor"]
        if cursor is None:
            return
    raise TimeoutError("the project was not taken in within half an hour")


def proportional_memory(server: Serving) -> dict[str, float]:
    """Return the PSS in MB of our processes and of PostgreSQL's, which shares the data folder."""
    ours = [server.process, *server.process.children(recursive=True)]
    database = database_processes(server)
    return {
        "answerdesk": sum(_pss(process) for process in ours),
        "postgresql": sum(_pss(process) for process in database if process not in ours),
    }


def database_processes(server: Serving) -> list[psutil.Process]:
    """Return the processes of the server's PostgreSQL, which it need not have started itself."""
    folder = str(server.data_dir.resolve())
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and str(process.info["cwd"] or "").startswith(folder)
    ]


def _pss(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except psutil.Error:
        return 0.0


async def chat(port: int, project: str, question: str) -> tuple[float, float]:
    """Ask once on a connection of its own; return seconds to the first token, and to the end."""
    body = json.dumps({"project_id": project, "message": question}).encode()
    head = (
        "POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + body)
        first: float | None = None
        received = b""
        while piece := await reader.read(65536):
            received += piece
            if first is None and b"event: token" in received:
                first = time.perf_counter() - began
        if first is None or b"event: done" not in received:
            raise RuntimeError(f"no answer came: {received[-300:]!r}")
        return first, time.perf_counter() - began
    finally:
        writer.close()
