"""Runs a command: settings, logs, signals, errors for people or programs, exit status."""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, NoReturn

from answerdesk.core.disk import DiskFull
from answerdesk.core.environment import load_settings
from answerdesk.core.errors import DomainError
from answerdesk.core.settings import Settings
from answerdesk.core.telemetry import configure_logging
from answerdesk.entrypoints.cli.output import printable, write_json_error

DONE: Final = 0
FAILED: Final = 1
BROKEN_PIPE: Final = 128 + signal.SIGPIPE

Work = Callable[[Settings], Awaitable[int]]

STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that stop a command."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a command failed: a code for programs, a message for people."""

    code: str
    message: str


def run_command(
    work: Work,
    *,
    as_json: bool,
    long_running: bool = False,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> NoReturn:
    """Run `work` with the settings of the environment, and exit with the status it returns.

    A signal cancels `work`. The status is then 128 plus the signal's number, or 0 if
    `long_running`, since a signal is the normal end of such a command. For errors see
    `run_program`.
    """

    def run(settings: Settings) -> int:
        return run_until_signalled(work(settings), clean=long_running, loop_factory=loop_factory)

    run_program(run, as_json=as_json, long_running=long_running)


def run_program(
    run: Callable[[Settings], int], *, as_json: bool, long_running: bool = False
) -> NoReturn:
    """Call `run` with the settings of the environment, and exit with the status it returns.

    An exception becomes one line on standard error (with `as_json` one JSON object) and status 1.
    A `long_running` command logs at the configured level, others by default only warnings.
    """
    try:
        settings = load_settings()
        configure_logs(settings, long_running=long_running)
        status = run(settings)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    except Exception as error:  # noqa: BLE001 - the last handler; a person reads the error
        status = _status_of(error, as_json=as_json)
    sys.exit(status)


def run_until_signalled(
    work: Awaitable[int],
    *,
    clean: bool,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> int:
    """Run `work` on a new event loop, cancelling it at the first signal; see `run_command`."""
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(_until_signalled(work, clean=clean))


def fault_of(error: BaseException) -> Fault:
    """Turn an error into a fault; `ANSWERDESK_LOG_LEVEL=debug` also prints its traceback."""
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        return fault_of(error.exceptions[0])
    if os.environ.get("ANSWERDESK_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    if isinstance(error, DiskFull):
        return Fault(error.code, error.for_operator())
    if isinstance(error, DomainError):
        return Fault(error.code, error.message)
    return Fault("internal_error", _unexpected(error))


def _status_of(error: BaseException, *, as_json: bool) -> int:
    """Report the error that ended a command, and return the exit status."""
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        return _status_of(error.exceptions[0], as_json=as_json)
    if isinstance(error, BrokenPipeError):
        _give_up_stdout()
        return BROKEN_PIPE
    fault = fault_of(error)
    if as_json:
        write_json_error(fault.code, fault.message)
    else:
        sys.stderr.write(f"answerdesk: {printable(fault.message)}\n")
    return FAILED


def configure_logs(settings: Settings, *, long_running: bool, process: int | None = None) -> None:
    """Configure logging; a short command without a level in the settings logs only warnings.

    `process` is this process's number if `serve` runs several.
    """
    given = settings.model_fields_set
    level = settings.log_level if long_running or "log_level" in given else "warning"
    style = settings.log_format
    if "log_format" not in given:
        style = "console" if sys.stderr.isatty() else "json"
    configure_logging(level, style, process=process)


async def _until_signalled(work: Awaitable[int], *, clean: bool) -> int:
    """Await `work`, cancelling it at the first signal; a second one kills the process."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        for other in handled:
            loop.remove_signal_handler(other)
            signal.signal(other, signal.SIG_DFL)
        task.cancel()

    # Signals that are ignored, as under `nohup`, stay ignored.
    handled = [one for one in STOPPING if signal.getsignal(one) is not signal.SIG_IGN]
    for one in handled:
        loop.add_signal_handler(one, partial(stop, one))
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        return DONE if clean else 128 + received[0]


def _unexpected(error: BaseException) -> str:
    text = " ".join(str(error).split()) or "no message"
    return (
        f"Something unexpected went wrong ({type(error).__name__}: {text}). "
        "Set ANSWERDESK_LOG_LEVEL=debug to see where."
    )


def _give_up_stdout() -> None:
    """Redirect stdout to /dev/null, as the reader is gone and exit would flush to it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
