"""Shows how far the work is: a bar on a terminal, now and then a line elsewhere."""

import time
from contextlib import AbstractContextManager
from typing import Final, Protocol, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from answerdesk.entrypoints.cli.output import make_console, write_note

_LINE_SECONDS: Final = 5.0


class Display(AbstractContextManager["Display"], Protocol):
    """Something that shows how many of how many things are done."""

    def show(self, done: int, total: int, chunks: int) -> None:
        """Show the present state."""


class Bar(Display):
    """A bar with the count of `things`, the rate of chunks and the time left."""

    def __init__(self, things: str) -> None:
        self._began = time.monotonic()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(f"{things} · {{task.fields[rate]}}"),
            TimeRemainingColumn(compact=True),
            console=make_console(stderr=True),
            transient=True,
        )
        self._task: TaskID = self._progress.add_task("Taking in", total=None, rate="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, total: int, chunks: int) -> None:
        """Move the bar."""
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = f"{chunks:,} chunks · {chunks / seconds:,.0f}/s"
        self._progress.update(self._task, completed=done, total=total, rate=rate)


class Lines(Display):
    """A line every few seconds, for logs."""

    def __init__(self, things: str) -> None:
        self._things = things
        self._next = time.monotonic() + _LINE_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, done: int, total: int, chunks: int) -> None:
        """Write a line if the last one is long ago."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _LINE_SECONDS
            write_note(f"{done:,} of {total:,} {self._things}, {chunks:,} chunks")


class Nothing(Display):
    """For programs, which read the result."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, done: int, total: int, chunks: int) -> None:
        """Show nothing."""


def make_display(*, terminal: bool, as_json: bool, things: str = "files") -> Display:
    """Return what fits where standard error goes, to show how many `things` are done."""
    if terminal:
        return Bar(things)
    return Nothing() if as_json else Lines(things)
