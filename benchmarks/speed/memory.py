"""Memory of all processes 60 s after ingesting 1,000 chunks; start to ready; ingest rate."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from answerdesk.core.settings import Settings
from answerdesk.kit.spans import Span
from answerdesk.providers.embedder import Passage
from answerdesk.providers.minilm.embedder import MiniLmEmbedder
from benchmarks.report import Report, Table
from benchmarks.speed.server import (
    chat,
    fill,
    proportional_memory,
    start,
    synthetic_text,
    vocabulary,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=1000)
    parser.add_argument("--settle", type=float, default=60)
    arguments = parser.parse_args()
    report = Report()
    report.section("memory", "Memory, start and ingest rate")
    bare = asyncio.run(_bare_rate(200))
    with tempfile.TemporaryDirectory(prefix="answerdesk-bench-") as folder:
        data_dir = Path(folder) / "data"
        with start(data_dir) as server:
            first_start = server.ready_seconds
            began = time.perf_counter()
            project = fill(server, arguments.chunks)
            rate = arguments.chunks / (time.perf_counter() - began)
            asyncio.run(_some_chats(server.port, project))
            time.sleep(arguments.settle)
            memory = proportional_memory(server)
        with start(data_dir) as server:
            second_start = server.ready_seconds
    rows: tuple[tuple[str, str, str], ...] = (
        ("PSS of our processes, MB", f"{memory['answerdesk']:.0f}", ""),
        ("PSS of PostgreSQL, MB", f"{memory['postgresql']:.0f}", ""),
        ("PSS together, MB", f"{sum(memory.values()):.0f}", "≤ 512"),
        ("first start to ready, s", f"{first_start:.1f}", ""),
        ("second start to ready, s", f"{second_start:.1f}", "≤ 5"),
        ("bare embedder, chunks/s", f"{bare:.1f}", ""),
        ("ingest, chunks/s", f"{rate:.1f}", ""),
        ("ingest of the bare rate", f"{rate / bare:.0%}", "≥ 90 %"),
    )
    report.add(Table(f"{arguments.chunks} chunks", ("what", "measured", "budget"), rows))
    report.finish()
    return 0


async def _bare_rate(count: int) -> float:
    """Return chunks a second of the embedder alone, on texts of the same kind."""
    generator = np.random.default_rng(3)
    words = vocabulary(generator)
    texts = [synthetic_text(generator, words) for _ in range(count)]
    passages = [Passage(text, _sentences(text)) for text in texts]
    embedder = MiniLmEmbedder(threads=Settings.model_fields["embedder_threads"].default)
    await embedder.embed_passages(passages[:8])
    began = time.perf_counter()
    for part in range(0, count, 16):
        await embedder.embed_passages(passages[part : part + 16])
    elapsed = time.perf_counter() - began
    await embedder.close()
    return count / elapsed


def _sentences(text: str) -> tuple[Span, ...]:
    ends = [position + 1 for position, character in enumerate(text) if character == "."]
    return tuple(Span(a, b) for a, b in zip([0, *(end + 1 for end in ends)], ends, strict=False))


async def _some_chats(port: int, project: str) -> None:
    for number in range(20):
        await chat(port, project, f"What is section {number}?")


if __name__ == "__main__":
    sys.exit(main())
