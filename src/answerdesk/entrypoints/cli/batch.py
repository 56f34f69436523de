"""Reads one question or JSON lines of questions; writes results as JSON lines in their order."""

import asyncio
import concurrent.futures
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core import faults
from answerdesk.core.errors import DomainError, InvalidInput
from answerdesk.core.web.text import FilledText
from answerdesk.entrypoints.cli.output import make_console, readable_name, write_json
from answerdesk.entrypoints.cli.runner import DONE, FAILED

QuestionText = Annotated[FilledText, Field(max_length=MESSAGE_LENGTH)]

_JSON_LINE: Final = re.compile(r"line \d+, ")
"""A line number in a JSON error. It counts within the one parsed line, so it is dropped."""

_QUESTION: Final[TypeAdapter[str]] = TypeAdapter(QuestionText)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a batch: its question, or its error."""

    id: str | int | None
    question: str
    error: str | None = None


def _string_or_number(given: object) -> str | int:
    if isinstance(given, bool) or not isinstance(given, str | int):
        msg = "is neither text nor a whole number"
        raise ValueError(msg)  # noqa: TRY004  # Pydantic passes on only this kind.
    return given


class _Line(BaseModel):
    # Question sets may have more fields, such as expected answers.
    model_config = ConfigDict(extra="ignore")

    id: Annotated[str | int, PlainValidator(_string_or_number)]
    q: QuestionText


def checked_question(text: str) -> str:
    """Return the question; raises InvalidInput if it is empty, too long or not text."""
    try:
        return _QUESTION.validate_python(text)
    except ValidationError as error:
        message = faults.describe(error.errors(), whole="The question")
        raise InvalidInput(message, code="invalid_question") from error


def read_line(number: int, line: bytes) -> Asked:
    """Read a line of a batch; `number` counts from 1 and names it in the error."""
    try:
        parsed = _Line.model_validate_json(line)
    except ValidationError as error:
        return Asked(_id_of(line), "", _told(number, error))
    return Asked(parsed.id, parsed.q)


def _told(number: int, error: ValidationError) -> str:
    [first, *others] = faults.faults(error.errors())
    if not first.field:
        return f"line {number} {_JSON_LINE.sub('', first.text)}"
    return f"line {number}: {'; '.join(map(str, (first, *others)))}"


def _id_of(line: bytes) -> str | int | None:
    """Return the id of an otherwise invalid line, if it has one."""
    with suppress(ValueError, RecursionError):
        value = json.loads(line)
        if isinstance(value, dict):
            found = value.get("id")
            if isinstance(found, str | int) and not isinstance(found, bool):
                return found
    return None


Result = Mapping[str, Any]
Answer = Callable[[str], Awaitable[Result]]

STANDARD_INPUT: Final = "-"
_AT_A_TIME: Final = 8
_LONGEST_LINE: Final = 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of JSON lines; `total` is their number, None if unknown before reading.

    We never close the file: that would wait for the thread that reads it.
    """

    file: BinaryIO
    total: int | None


async def run_batch(batch: Batch, answer: Answer) -> int:
    """Write the result of each question as soon as all results before it are written.

    A line that fails gives a line with its `error`; the exit status is then 1.
    """
    failed = False
    with _progress(batch.total) as advance:
        results: asyncio.Queue[asyncio.Task[dict[str, Any]] | None] = asyncio.Queue(_AT_A_TIME)
        async with asyncio.TaskGroup() as group:
            group.create_task(_start_all(batch.file, answer, group, results))
            while (result := await results.get()) is not None:
                line = await result
                failed = failed or "error" in line
                write_json(line)
                advance()
    return FAILED if failed else DONE


def open_batch(name: str) -> Batch:
    """Open the file `name`, or standard input for `-`.

    Raises InvalidInput if it cannot be read.
    """
    # Copy the descriptor: standard input's own buffer is closed at exit, while a thread may still
    # wait for it.
    try:
        if name == STANDARD_INPUT:
            file: BinaryIO = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
        else:
            file = Path(name).open("rb")  # noqa: SIM115 - stays open
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return Batch(file, None)
        start = file.tell()
        total = sum(1 for line in file if line.strip())
        file.seek(start)
    except OSError as error:
        raise InvalidInput(
            f"{readable_name(name)}: the batch cannot be read: {error.strerror}",
            code="batch_unreadable",
        ) from error
    return Batch(file, total)


async def _start_all(
    file: BinaryIO,
    answer: Answer,
    group: asyncio.TaskGroup,
    results: asyncio.Queue[asyncio.Task[dict[str, Any]] | None],
) -> None:
    """Start work on each line as it arrives; the queue's size bounds the work in progress."""
    lines: asyncio.Queue[Asked | None] = asyncio.Queue(_AT_A_TIME)
    # A daemon thread that nobody waits for: reading a terminal or a pipe cannot be cancelled.
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read_all, args=(file, lines, loop), daemon=True).start()
    while (asked := await lines.get()) is not None:
        await results.put(group.create_task(_result(asked, answer)))
    await results.put(None)


async def _result(asked: Asked, answer: Answer) -> dict[str, Any]:
    if asked.error is not None:
        return {"id": asked.id, "error": asked.error}
    try:
        return {"id": asked.id, **await answer(asked.question)}
    except DomainError as error:
        return {"id": asked.id, "error": error.message}


def _read_all(
    file: BinaryIO, lines: asyncio.Queue[Asked | None], loop: asyncio.AbstractEventLoop
) -> None:
    # The command and its loop may end while there are lines left.
    with suppress(RuntimeError, concurrent.futures.CancelledError):
        for asked in _questions(file):
            asyncio.run_coroutine_threadsafe(lines.put(asked), loop).result()
        asyncio.run_coroutine_threadsafe(lines.put(None), loop).result()


def _questions(file: BinaryIO) -> Iterator[Asked]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
            while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield Asked(None, "", f"line {number}: is longer than {_LONGEST_LINE:,} bytes")
            continue
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if line.strip():
            yield read_line(number, line)


def _progress(total: int | None) -> AbstractContextManager[Callable[[], None]]:
    """Return a progress bar for the terminal, unless the results themselves appear there."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        return nullcontext(lambda: None)
    return _Bar(total)


class _Bar(AbstractContextManager[Callable[[], None]]):
    def __init__(self, total: int | None) -> None:
        self._progress = Progress(
            TextColumn("Questions"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            console=make_console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Callable[[], None]:
        self._progress.start()
        return lambda: self._progress.advance(self._task)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
