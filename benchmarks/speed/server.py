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
from collections.abc import Iterator
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
        start(Path(folder) / "data", **environment) as server,
    ):
        yield server


@contextmanager
def start(data_dir: Path, **environment: str) -> Iterator[Serving]:
    """Run a server on an existing or new data folder."""
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
    command = [str(Path(sys.executable).with_name("answerdesk")), "serve", "--port", "0", "--json"]
    began = time.perf_counter()
    child = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        banner = json.loads(child.stdout.readline())
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


def fill(server: Serving, chunks: int) -> str:
    """Make a project of about `chunks` chunks through the API; return its id when all is ready."""
    generator = np.random.default_rng(1)
    words = vocabulary(generator)
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        name = f"Benchmark {secrets.token_hex(3)}"
        project: str = client.post("/v1/projects", json={"name": name}).json()["id"]
        for part in range(0, chunks, 100):
            sections = [
                f"# Section {part + number}\n\n{synthetic_text(generator, words)}"
                for number in range(min(100, chunks - part))
            ]
            body = {"title": f"Part {part}", "content": "\n\n".join(sections), "format": "markdown"}
            client.post(f"/v1/projects/{project}/texts", json=body).raise_for_status()
        _wait(client, project)
    return project


def _wait(client: httpx.Client, project: str) -> None:
    deadline = time.monotonic() + 1800
    while time.monotonic() < deadline:
        sources = client.get(f"/v1/projects/{project}/sources").json()["items"]
        if not any(source["pending"] for source in sources):
            return
        time.sleep(0.5)
    raise TimeoutError("the project was not taken in within half an hour")


def proportional_memory(server: Serving) -> dict[str, float]:
    """Return the PSS in MB of our processes and of PostgreSQL's, which shares the data folder."""
    folder = str(server.data_dir)
    ours = [server.process, *server.process.children(recursive=True)]
    database = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and str(process.info["cwd"] or "").startswith(folder)
    ]
    return {
        "answerdesk": sum(_pss(process) for process in ours),
        "postgresql": sum(_pss(process) for process in database if process not in ours),
    }


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
