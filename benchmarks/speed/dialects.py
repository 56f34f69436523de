"""What a dialect costs: its chat beside the visitor tier's, one after the other, in one run.

    python -m benchmarks.speed.dialects [--rounds 150]

Each round asks the same question once on every tier, to the end of the reply. The order rotates, so
that whatever else the machine does meets all of them.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import httpx
import numpy as np

from benchmarks.report import Report, Table
from benchmarks.speed.server import Serving, fill, serving

AIM: Final = 2.0
"""Milliseconds that a dialect's chat may take longer than the visitor tier's, p50."""

_QUESTION: Final = "What does section 7 say about the first thing in it?"
_WARM: Final = 10

Ask = Callable[[], httpx.Response]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=150)
    arguments = parser.parse_args()
    report = Report()
    report.section("dialects", "Chats on each dialect beside the visitor tier's")
    with serving(ANSWERDESK_EMBEDDER="fake") as server:
        project = fill(server, 200)
        with httpx.Client(base_url=server.url, timeout=60) as client:
            tiers = _tiers(server, client, project)
            for _ in range(_WARM):
                for ask in tiers.values():
                    ask().raise_for_status()
            report.add(_table(_measure(tiers, arguments.rounds)))
    report.finish()
    return 0


def _tiers(server: Serving, client: httpx.Client, project: str) -> dict[str, Ask]:
    owner = {"Authorization": f"Bearer {server.owner_key}"}

    def made(path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON.
        answered = client.post(path, json=body, headers=owner).raise_for_status()
        told: dict[str, Any] = answered.json()
        return told

    key = made("/v1/api-keys", name="Benchmark", scopes=["read", "write"])["key"]
    bearer = {"Authorization": f"Bearer {key}"}
    widget = made(f"/v1/projects/{project}/widget-keys", name="Benchmark")["id"]
    token = made("/v1/visitor/session", widget_key=widget)["visitor_token"]
    visitor = {"Authorization": f"Bearer {token}"}
    agents = client.get(f"/v1/projects/{project}/agents", headers=owner).json()["items"]

    def post(path: str, headers: dict[str, str], body: Callable[[], dict[str, Any]]) -> Ask:
        return lambda: client.post(path, headers=headers, json=body())

    return {
        "visitor tier": post("/v1/visitor/chat", visitor, lambda: {"message": _QUESTION}),
        "Orac": post("/orac/api/chat", {}, lambda: {"project_id": project, "message": _QUESTION}),
        "Chatorex": post(
            "/chatorex/api/chat", bearer, lambda: {"chatbot_id": project, "message": _QUESTION}
        ),
        "Noras": post(
            "/noras/api/chat",
            bearer,
            lambda: {
                "widget_key": project.replace("proj_", "widget_"),
                "message": _QUESTION,
                "user_code": secrets.token_hex(8),
            },
        ),
        "Novaro": post(
            "/novaro/api/v1/messages",
            bearer,
            lambda: {
                "agentId": agents[0]["id"],
                "messages": [{"role": "user", "content": _QUESTION}],
            },
        ),
    }


def _measure(tiers: dict[str, Ask], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in tiers}
    names = list(tiers)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            began = time.perf_counter()
            tiers[name]().raise_for_status()
            times[name].append((time.perf_counter() - began) * 1000)
    return times


def _table(times: dict[str, list[float]]) -> Table:
    plain = float(np.median(times["visitor tier"]))
    rows = tuple(
        (
            name,
            f"{np.median(each):.1f}",
            f"{np.percentile(each, 90):.1f}",
            f"{np.median(each) - plain:+.1f}",
        )
        for name, each in times.items()
    )
    note = f"{len(times['visitor tier'])} rounds, one client, fake embedder, 200 chunks."
    columns = ("tier", "p50", "p90", f"p50 against the visitor tier (aim ≤ {AIM:g})")
    return Table("A whole chat, ms", columns, rows, (note,))


if __name__ == "__main__":
    sys.exit(main())
