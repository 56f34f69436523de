"""Whether a request for a person is recognised as one, and a look-alike as none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from answerdesk.answering.human_request import asks_for_human
from benchmarks.data import messages
from benchmarks.metrics import wilson
from benchmarks.product import Product
from benchmarks.report import Report, Table

_POSITIVE: Final = "contact_human_agent"
_AMBIGUOUS: Final = "contact_customer_service"
_HAND_WRITTEN: Final = Path(__file__).parents[2] / "tests" / "answering" / "human_requests"
_COLUMNS: Final = (
    *("set", "requests recognised", "recall (95 %)"),
    *("false alarms", "share of false alarms (95 %)"),
)


async def run(_: Product, report: Report) -> None:
    asked = [one for one in messages("bitext/intents.jsonl") if one.label != _AMBIGUOUS]
    requests = [one.text for one in asked if one.label == _POSITIVE]
    others = [one.text for one in asked if one.label != _POSITIVE]
    rows = [_row("bitext", requests, others)]
    all_requests: list[str] = []
    all_others: list[str] = []
    for file in sorted(_HAND_WRITTEN.glob("*.txt")):
        lines = file.read_text(encoding="utf-8").splitlines()
        requests = [line[2:] for line in lines if line.startswith("+ ")]
        others = [line[2:] for line in lines if line.startswith("- ")]
        all_requests += requests
        all_others += others
        rows.append(_row(f"hand-written, {file.stem}", requests, others))
    rows.append(_row("hand-written, all", all_requests, all_others))
    report.add(Table("Requests for a person", _COLUMNS, tuple(rows)))


def _row(name: str, requests: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    recognised = sum(asks_for_human(one) for one in requests)
    false = sum(asks_for_human(one) for one in others)
    return (
        name,
        f"{recognised} of {len(requests)}",
        _interval(recognised, len(requests)),
        f"{false} of {len(others)}",
        _interval(false, len(others)),
    )


def _interval(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{low:.3f} to {high:.3f}"
