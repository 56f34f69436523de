"""The child's side: take a call, answer it, until the parent closes the pipe.

Runs in a process of its own that `connection.py` starts. What it imports before it is confined is
what every call needs; each format's reader is imported when the first such document comes.
"""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, BinaryIO, Final

from answerdesk.core.errors import DomainError
from answerdesk.knowledge.ingestion.sandbox import values
from answerdesk.knowledge.ingestion.sandbox.confinement import (
    confine,
    die_with,
    end_after,
)
from answerdesk.knowledge.ingestion.sandbox.frames import (
    Call,
    Ended,
    Fault,
    Kind,
    Options,
    Ready,
    read_frame,
    write_frame,
)

_MOST_GROWTH: Final = 128 * 1024 * 1024
"""Address space that a child may have kept of earlier documents before another takes its place."""


def main(options_text: str) -> None:
    """Serve calls until there are no more; `options_text` is `Options` as JSON."""
    options = values.load(Options, options_text.encode())
    die_with(options.parent)
    os.nice(options.niceness)
    calls, answers = _own_pipes()
    # Before the limits, so that Python may keep what it compiles.
    import_module("answerdesk.knowledge.ingestion.sandbox.operations")
    _send(answers, Kind.READY, Ready(confine(options)))
    most = _address_space() + _MOST_GROWTH
    for left in reversed(range(options.most_calls)):
        received = _receive(calls)
        if received is None:
            return
        end_after(options.seconds)
        fault = _answer(answers, *received)
        end_after(0)
        del received
        last = left == 0 or _address_space() > most
        if fault is None:
            _send(answers, Kind.END, Ended(last))
        else:
            code, message, reason, where = fault
            last = last or code == "parsing_out_of_memory"
            _send(answers, Kind.FAULT, Fault(code, message, reason, where, last))
        if last:
            return


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for ourselves: what a library prints goes nowhere, and it reads nothing."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return calls, answers


def _receive(calls: BinaryIO) -> tuple[Call, bytes] | None:
    head = read_frame(calls)
    body = read_frame(calls) if head is not None else None
    if head is None or body is None:
        return None
    return values.load(Call, head[1]), body[1]


def _answer(
    answers: BinaryIO, call: Call, content: bytes
) -> tuple[str, str, str | None, str] | None:
    """Send the parts of the result; return why there is none: code, message, reason, where."""
    try:
        module, _, name = call.operation.partition(":")
        operation: Callable[..., Any] = getattr(import_module(module), name)
        found = operation(content, *call.arguments)
        for part in found if isinstance(found, Iterator) else (found,):
            write_frame(answers, Kind.PART, values.dump(part))
    except MemoryError:
        return "parsing_out_of_memory", "", None, "MemoryError"
    except RecursionError as error:
        return "parsing_too_deep", "", None, _where(error)
    except DomainError as error:
        return error.code, error.message, getattr(error, "reason", None), type(error).__name__
    except Exception as error:  # noqa: BLE001  # A reader's faults are the document's.
        return "parsing_crashed", "", None, _where(error)
    return None


def _where(error: Exception) -> str:
    """Say what was raised and where, without a word of the document."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


def _send(answers: BinaryIO, kind: Kind, value: object) -> None:
    write_frame(answers, kind, values.dump(value))
    answers.flush()


def _address_space() -> int:
    """Return how many bytes of address space this process has; 0 where it cannot be told."""
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123  # Nothing else needs pathlib.
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0
