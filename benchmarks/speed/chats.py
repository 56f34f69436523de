"""Time to the first token of extractive chats, and the processor time that they cost.

    python -m benchmarks.speed.chats [--clients 1,16,64] [--seconds 20] [--questions real|made-up]
    python -m benchmarks.speed.chats --against ../other/checkout --clients 64 --rounds 8 --seconds 5

The second form compares this checkout with another one that has a `.venv` of its own: both serve,
and short rounds alternate between them, so that whatever else the machine does meets both. `--keep`
names a folder in which both projects stay, so that the next comparison need not fill them again.

With `--model`, a stub of a language model writes the answers: 50 ms to its first token, then 60
tokens of 10 ms. Times are then above the model's own, with verification (`mark`) and traces on.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Final

import numpy as np

from answerdesk.providers.minilm.weights import locate
from answerdesk.providers.minilm.windows import WindowTokenizer
from benchmarks.data import DataMissing
from benchmarks.report import Cell, Report, Table
from benchmarks.speed.corpora import Corpus, made_up, real
from benchmarks.speed.load import PARTS, Round, chats
from benchmarks.speed.server import Serving, answer_with, fill_with, start
from benchmarks.speed.stub_model import StubModel, stub_model

BUDGETS: Final = {1: (20, 60), 16: (25, 100), 64: (40, 250)}
"""p50 and p99 in ms by clients, from the design: for real questions."""

SHARES: Final = (50, 90, 95, 99)

COLUMNS: Final = (
    *("clients", "chats", "without the model", "failed", "chats/s"),
    *(*(f"p{share} ms" for share in SHARES), "budget p50 / p99"),
    *("CPU ms a chat (aim ≤ 13)", *(f"of that {part}" for part in PARTS[:-1]), "besides: clients"),
)

_WARM_UP: Final = (8, 6.0)
"""Clients, and seconds: most of what is remembered has then been read once."""

_CORPORA: Final = {"real": real, "made-up": made_up}


@dataclass(slots=True)
class Side:
    """A server under load, with a project for each corpus and where its questions have come to."""

    name: str
    server: Serving
    projects: dict[str, str]
    questions: dict[str, Iterator[str]]
    model: StubModel | None

    async def round(self, corpus: Corpus, clients: int, seconds: float) -> Round:
        questions = self.questions[corpus.name]
        project = self.projects[corpus.name]
        return await chats(self.server, project, questions, clients, seconds, self.model)


def main() -> int:
    arguments = _arguments()
    names = [arguments.questions] if arguments.questions else list(_CORPORA)
    try:
        corpora = [_CORPORA[name](arguments.chunks) for name in names]
    except DataMissing as missing:
        print(missing, "Or measure with --questions made-up alone.", file=sys.stderr)
        return 2
    report = Report()
    summary = "Time to the first token of extractive chats"
    if arguments.model:
        summary = "Time to the first token of a model's answer, above the model's own 50 ms"
    report.section("chats", summary)
    checkouts: dict[str, Path | None] = {"here": None}
    if arguments.against:
        checkouts["there"] = arguments.against
    with ExitStack() as stack:
        folder = arguments.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="answerdesk-bench-"))
        )
        sides = [
            _side(stack, folder, name, checkout, corpora, arguments)
            for name, checkout in checkouts.items()
        ]
        for corpus in corpora:
            asyncio.run(_measure(sides, corpus, arguments, report))
    report.finish()
    return 0


def _side(
    stack: ExitStack,
    folder: Path,
    name: str,
    checkout: Path | None,
    corpora: list[Corpus],
    arguments: argparse.Namespace,
) -> Side:
    """Start a server, and fill its projects unless a run before this one has."""
    # Known by both: a checkout may be compared with itself, to see the noise.
    place = folder / f"{name}-{(checkout or Path.cwd()).resolve().name}"
    place.mkdir(parents=True, exist_ok=True)
    model = stack.enter_context(stub_model()) if arguments.model else None
    networks = {"ANSWERDESK_PROVIDER_NETWORKS": "127.0.0.0/8"} if arguments.model else {}
    server = stack.enter_context(start(place / "data", checkout, **networks))
    filled = place / "projects.json"
    projects: dict[str, str] = json.loads(filled.read_text()) if filled.exists() else {}
    for corpus in corpora:
        key = f"{corpus.name} {arguments.chunks}"
        if key not in projects:
            print(f"{name}: filling {key} …", file=sys.stderr)
            projects[key] = fill_with(server, corpus.texts)
            filled.write_text(json.dumps(projects))
    here = {corpus.name: projects[f"{corpus.name} {arguments.chunks}"] for corpus in corpora}
    for project in here.values():
        answer_with(server, project, None if model is None else model.url)
    return Side(name, server, here, {corpus.name: corpus.asked() for corpus in corpora}, model)


async def _measure(
    sides: list[Side], corpus: Corpus, arguments: argparse.Namespace, report: Report
) -> None:
    for side in sides:
        await side.round(corpus, *_WARM_UP)
    rows: list[tuple[Cell, ...]] = []
    for clients in arguments.clients:
        rounds: dict[str, list[Round]] = {side.name: [] for side in sides}
        for number in range(arguments.rounds):
            # A B, B A, A B: neither is always the one that comes later.
            for side in sides if number % 2 == 0 else reversed(sides):
                rounds[side.name].append(await side.round(corpus, clients, arguments.seconds))
        for name, of in rounds.items():
            label = f"{clients}, {name}" if len(sides) > 1 else f"{clients}"
            budget = BUDGETS.get(clients) if corpus.name == "real" else None
            rows.append(_row(label, reduce(add, of), budget))
        if len(sides) > 1:
            rows.append(_difference(rounds["here"], rounds["there"]))
    size = f"{arguments.rounds} × {arguments.seconds:g} s each"
    title = f"{corpus.name} questions (mean {_tokens(corpus):.1f} tokens), {size}"
    notes = ("Differences: here minus there, of each pair of rounds; mean ± standard error.",)
    report.add(Table(title, COLUMNS, tuple(rows), notes if len(sides) > 1 else ()))


def _row(label: str, one: Round, budget: tuple[int, int] | None) -> tuple[Cell, ...]:
    return (
        label,
        one.chats,
        one.others,
        one.failed,
        f"{one.rate:.1f}",
        *(f"{one.percentile(share):.1f}" for share in SHARES),
        " / ".join(map(str, budget)) if budget else "",
        f"{one.milliseconds():.1f}",
        *(f"{one.milliseconds(part):.1f}" for part in PARTS),
    )


def _difference(here: list[Round], there: list[Round]) -> tuple[Cell, ...]:
    def between(*figures: tuple[float, float]) -> str:
        differences = np.array([one - other for one, other in figures])
        error = differences.std(ddof=1) / len(differences) ** 0.5 if len(differences) > 1 else 0.0
        return f"{differences.mean():+.1f} ± {error:.1f}"

    pairs = list(zip(here, there, strict=True))
    return (
        "difference",
        *("", "", ""),
        between(*((one.rate, other.rate) for one, other in pairs)),
        *(
            between(*((one.percentile(share), other.percentile(share)) for one, other in pairs))
            for share in SHARES
        ),
        "",
        between(*((one.milliseconds(), other.milliseconds()) for one, other in pairs)),
        *(
            between(*((one.milliseconds(part), other.milliseconds(part)) for one, other in pairs))
            for part in PARTS
        ),
    )


def _tokens(corpus: Corpus) -> float:
    """Return how many tokens the model reads of a question on average."""
    tokenizer = WindowTokenizer(locate().tokenizer)
    return float(np.mean([len(tokenizer.question(text).ids) for text in corpus.questions[:1000]]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", action="store_true", help="a stub model writes the answers")
    parser.add_argument("--chunks", type=int, default=1000)
    parser.add_argument("--clients", type=_numbers, default=list(BUDGETS), metavar="N,N")
    parser.add_argument("--seconds", type=float, help="of a round (default: 20; 5 in a comparison)")
    parser.add_argument("--rounds", type=int, help="(default: 1; 6 in a comparison)")
    parser.add_argument("--questions", choices=list(_CORPORA), help="(default: both)")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="compare with another one")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to keep the projects")
    arguments = parser.parse_args()
    compared = arguments.against is not None
    if compared and not (arguments.against / ".venv" / "bin" / "answerdesk").exists():
        parser.error(f"{arguments.against} has no .venv/bin/answerdesk; run `make setup` there")
    arguments.seconds = arguments.seconds or (5.0 if compared else 20.0)
    arguments.rounds = arguments.rounds or (6 if compared else 1)
    return arguments


def _numbers(text: str) -> list[int]:
    numbers = [int(one) for one in text.split(",")]
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError("at least one client is needed")
    return numbers


if __name__ == "__main__":
    sys.exit(main())
