"""Reads files in batches of bounded size, and shows the progress."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
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

from answerdesk.core.errors import DomainError, InvalidInput, TooLarge
from answerdesk.entrypoints.cli.intake.survey import Problem, without_name
from answerdesk.entrypoints.cli.output import make_console, readable_name, write_note
from answerdesk.knowledge.ingestion.parse import media_type_of
from answerdesk.knowledge.types import IncomingDocument

BATCH_FILES: Final = 50
_PATH_BYTES: Final = 2000
"""Maximum length of a path, safely below the limit of the database's index of paths."""
BATCH_BYTES: Final = 8 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents to store in one transaction, and the files among them that cannot be read."""

    documents: tuple[IncomingDocument, ...]
    problems: tuple[Problem, ...]


def read_batch(files: Iterator[tuple[str, str]], most_bytes: int) -> Batch | None:
    """Read the next of `files` (path in the folder, location); None if none is left.

    A file that is larger than `most_bytes` or cannot be read becomes a problem.
    """
    documents: list[IncomingDocument] = []
    problems: list[Problem] = []
    size = 0
    for path, location in files:
        try:
            require_indexable(path)
            media_type = media_type_of(path)
            content = read_file(location, most_bytes)
        except DomainError as error:
            message = without_name(error.message, path)
            problems.append(Problem(readable_name(location), error.code, message))
        else:
            documents.append(IncomingDocument(path, content, media_type))
            size += len(content)
        if len(documents) + len(problems) >= BATCH_FILES or size >= BATCH_BYTES:
            break
    if not documents and not problems:
        return None
    return Batch(tuple(documents), tuple(problems))


def require_indexable(path: str) -> None:
    """Raise TooLarge if the path is too long to be stored."""
    if len(path.encode()) > _PATH_BYTES:
        raise TooLarge(f"has a path of more than {_PATH_BYTES:,} bytes", code="path_too_long")


def read_file(location: str, most_bytes: int) -> bytes:
    """Return a file's bytes; raises InvalidInput if it cannot be read, or TooLarge."""
    try:
        # Without O_NONBLOCK, opening a pipe without a writer would block forever.
        descriptor = os.open(location, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise InvalidInput("is not a regular file", code="not_a_file")
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise InvalidInput(f"cannot be read: {error.strerror}", code="unreadable") from error
    if len(content) > most_bytes:
        size = max(status.st_size, len(content)) / _MEGABYTE
        raise TooLarge(
            f"has {size:,.1f} MB, more than the {most_bytes / _MEGABYTE:,.1f} MB allowed for a "
            "file (ANSWERDESK_MAX_FILE_BYTES)",
            code="file_too_large",
        )
    return content


_LINE_SECONDS: Final = 5.0


class Display(AbstractContextManager["Display"], Protocol):
    """Shows how many of a total of things are done."""

    def show(self, done: int, total: int, chunks: int) -> None:
        """Show the current state."""


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
        self._task: TaskID = self._progress.add_task("Ingesting", total=None, rate="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, total: int, chunks: int) -> None:
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
        """Write a line if `_LINE_SECONDS` have passed since the last one."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _LINE_SECONDS
            write_note(f"{done:,} of {total:,} {self._things}, {chunks:,} chunks")


class Nothing(Display):
    """Shows nothing; for programs, which read only the result."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, done: int, total: int, chunks: int) -> None:
        """Show nothing."""


def make_display(*, terminal: bool, as_json: bool, things: str = "files") -> Display:
    """Return a bar for a terminal, nothing for `--json`, otherwise lines."""
    if terminal:
        return Bar(things)
    return Nothing() if as_json else Lines(things)
