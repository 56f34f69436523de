"""What a run prints: Markdown tables, and the same as JSON."""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TextIO

from benchmarks.metrics import Figure

Cell = str | int | float | Figure


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under a heading, with notes below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """Return the table as Markdown; its first column is text, the others are figures."""
        marks = ["---"] + ["---:"] * (len(self.columns) - 1)
        lines = [self.columns, marks, *([_text(cell) for cell in row] for row in self.rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return "\n\n".join([f"#### {self.title}", table, *self.notes])

    def plain(self) -> dict[str, object]:
        """Return the table as JSON takes it, figures unrounded."""
        rows = [
            {column: _plain(cell) for column, cell in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]
        return {"title": self.title, "rows": rows, "notes": list(self.notes)}


@dataclass(slots=True)
class Report:
    """Collects tables by benchmark, and prints each as it comes.

    `listing` asks for single questions too, from benchmarks that can list them.
    """

    output: TextIO = sys.stdout
    listing: bool = False
    began: float = field(default_factory=perf_counter)
    _sections: dict[str, list[Table]] = field(default_factory=dict)

    def section(self, name: str, summary: str) -> None:
        self._sections.setdefault(name, [])
        print(f"### {name}\n\n{summary}\n", file=self.output, flush=True)

    def add(self, table: Table) -> None:
        """Add a table to the latest section."""
        self._sections[next(reversed(self._sections))].append(table)
        print(f"{table.markdown()}\n", file=self.output, flush=True)

    def finish(self) -> None:
        print(f"{self._provenance()}\n", file=self.output, flush=True)

    def write_json(self, path: Path) -> None:
        sections = {
            name: [table.plain() for table in tables] for name, tables in self._sections.items()
        }
        content = {"machine": asdict(machine()), "command": command(), "sections": sections}
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def _provenance(self) -> str:
        return (
            f"`{command()}` on {datetime.now(UTC):%Y-%m-%d}, "
            f"{perf_counter() - self.began:.0f} s; {machine()}."
        )


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run ran on."""

    cpu: str
    cores: int
    memory_gib: int
    python: str
    onnxruntime: str
    numpy: str

    def __str__(self) -> str:
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gib} GiB, Python {self.python}, "
            f"onnxruntime {self.onnxruntime}, NumPy {self.numpy}"
        )


def machine() -> Machine:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        memory_gib=round(pages / 2**30),
        python=platform.python_version(),
        onnxruntime=version("onnxruntime"),
        numpy=version("numpy"),
    )


def command() -> str:
    spec = sys.modules["__main__"].__spec__
    module = spec.name.removesuffix(".__main__") if spec else "benchmarks"
    return " ".join([f"python -m {module}", *sys.argv[1:]])


def _cpu() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.is_file() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _text(cell: Cell) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _plain(cell: Cell) -> object:
    return asdict(cell) if isinstance(cell, Figure) else cell
