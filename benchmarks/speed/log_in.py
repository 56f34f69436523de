"""CPU of a log-in, and what a hundred log-ins at once do to a chat's first words."""

import argparse
import asyncio
import sys
import time

import httpx
import numpy as np
import psutil

from benchmarks.report import Report, Table
from benchmarks.speed.server import Serving, chat, fill, serving, synthetic_text, vocabulary

EMAIL = "ann@example.com"
PASSWORD = "a quiet harbour"  # noqa: S105 - of an account that lives for a minute
PAUSE_SECONDS = 0.05


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log-ins", type=int, default=40, help="log-ins one after the other")
    parser.add_argument("--parallel", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chunks", type=int, default=1000)
    arguments = parser.parse_args()
    report = Report()
    report.section("log_in", "Logging in")
    no_limits = {
        "ANSWERDESK_LOG_IN_ATTEMPTS": "0",
        "ANSWERDESK_LOG_IN_ATTEMPTS_PER_ADDRESS": "0",
    }
    with serving(**no_limits) as server:
        body = {"email": EMAIL, "password": PASSWORD}
        httpx.post(f"{server.url}/v1/auth/signup", json=body, timeout=30).raise_for_status()
        project = fill(server, arguments.chunks)
        ours, database, elapsed = _cost(server, arguments.log_ins)
        alone = asyncio.run(_chats(server, project, None, 60))
        beside: list[float] = []
        waits: list[float] = []
        for _ in range(arguments.rounds):
            times, took = asyncio.run(_beside(server, project, arguments.parallel))
            beside += times
            waits += took
    _tell(report, arguments, (ours, database, elapsed), (alone, beside, waits))
    report.finish()
    return 0


def _tell(
    report: Report,
    arguments: argparse.Namespace,
    cost: tuple[float, float, float],
    times: tuple[list[float], list[float], list[float]],
) -> None:
    ours, database, elapsed = cost
    alone, beside, waits = (np.array(one) * 1000 for one in times)
    ratios = [np.percentile(beside, p) / np.percentile(alone, p) for p in (50, 95)]
    rows = (
        ("CPU of a log-in, server, ms", f"{ours * 1000:.1f}", "≤ 60"),
        ("CPU of a log-in, PostgreSQL, ms", f"{database * 1000:.1f}", ""),
        ("a log-in by itself, ms", f"{elapsed * 1000:.1f}", ""),
        (f"{arguments.parallel} log-ins at once: median ms", f"{np.median(waits):.0f}", ""),
        (f"{arguments.parallel} log-ins at once: the last, ms", f"{waits.max():.0f}", ""),
        *(
            (f"chat's first words {name}, p50 / p95 ms", _pair(values), "")
            for name, values in (("alone", alone), ("beside the log-ins", beside))
        ),
        ("chats measured alone / beside", f"{len(alone)} / {len(beside)}", ""),
        ("beside / alone, p50 / p95", f"{ratios[0]:.1f} / {ratios[1]:.1f}", "≤ 3"),
    )
    report.add(Table("argon2id, 19 MiB, 2 passes", ("what", "measured", "aim"), rows))


def _pair(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> str:
    return " / ".join(f"{np.percentile(values, p):.0f}" for p in (50, 95))


def _cost(server: Serving, count: int) -> tuple[float, float, float]:
    """Return CPU seconds of a log-in in the server and in PostgreSQL, and how long it takes."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        _log_in(client)
        before = _cpu(server)
        began = time.perf_counter()
        for _ in range(count):
            _log_in(client)
        elapsed = time.perf_counter() - began
        after = _cpu(server)
    return (after[0] - before[0]) / count, (after[1] - before[1]) / count, elapsed / count


def _log_in(client: httpx.Client) -> None:
    body = {"email": EMAIL, "password": PASSWORD}
    client.post("/v1/auth/login", json=body).raise_for_status()


def _cpu(server: Serving) -> tuple[float, float]:
    ours = server.process.cpu_times()
    database = 0.0
    for process in psutil.process_iter(["name", "cwd", "cpu_times"]):
        info = process.info
        inside = str(info["cwd"] or "").startswith(str(server.data_dir))
        if info["name"] == "postgres" and inside and info["cpu_times"] is not None:
            database += info["cpu_times"].user + info["cpu_times"].system
    return float(ours.user + ours.system), database


async def _chats(
    server: Serving, project: str, until: "asyncio.Future[list[float]] | None", most: int
) -> list[float]:
    """Ask one question after the other, until the log-ins are done; return the first tokens."""
    generator = np.random.default_rng(2)
    words = vocabulary(np.random.default_rng(1))
    times: list[float] = []
    while len(times) < most and (until is None or not until.done()):
        text = synthetic_text(generator, words).split(".")[0]
        first, _ = await chat(server.port, project, f"What is {text.lower()}?")
        times.append(first)
        await asyncio.sleep(PAUSE_SECONDS)
    return times


async def _beside(server: Serving, project: str, count: int) -> tuple[list[float], list[float]]:
    """Ask while `count` people log in at once; return the first tokens and the log-ins' times."""
    body = {"email": EMAIL, "password": PASSWORD}
    limits = httpx.Limits(max_connections=count)
    async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as client:

        async def log_in() -> float:
            began = time.perf_counter()
            (await client.post("/v1/auth/login", json=body)).raise_for_status()
            return time.perf_counter() - began

        log_ins = asyncio.gather(*(log_in() for _ in range(count)))
        times = await _chats(server, project, log_ins, 1000)
        return times, await log_ins


if __name__ == "__main__":
    sys.exit(main())
