"""Runs a command: settings, logs, signals, errors for people or programs, exit status."""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
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

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_command(
    work: Work,
    *,
    as_json: bool,
    long_running: bool = False,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> NoReturn:
    """Run `work` with the settings of the environment, and exit with the status it returns.

    What is expected to go wrong becomes one line on standard error (with `as_json` one JSON object)
    and status 1. A signal cancels `work`; the status is then 128 and the signal's number, or 0 for
    one that is `long_running`, whose end it is meant to be. Such a command logs as the settings
    say, the others only warnings.
    """
    try:
        settings = load_settings()
        _configure_logs(settings, long_running=long_running)
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            status = runner.run(_until_signalled(work(settings), clean=long_running))
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    except Exception as error:  # noqa: BLE001 - the last one to catch it; a person reads it
        status = _status_of(error, as_json=as_json)
    sys.exit(status)


def _status_of(error: BaseException, *, as_json: bool) -> int:
    """Tell of what ended a command and return its status."""
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        return _status_of(error.exceptions[0], as_json=as_json)
    if isinstance(error, BrokenPipeError):
        _give_up_stdout()
        return BROKEN_PIPE
    if os.environ.get("ANSWERDESK_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    if isinstance(error, DiskFull):
        return _fail(error.code, error.for_operator(), as_json=as_json)
    if isinstance(error, DomainError):
        return _fail(error.code, error.message, as_json=as_json)
    return _fail("internal_error", _unexpected(error), as_json=as_json)


def _configure_logs(settings: Settings, *, long_running: bool) -> None:
    given = settings.model_fields_set
    level = settings.log_level if long_running or "log_level" in given else "warning"
    style = settings.log_format
    if "log_format" not in given:
        style = "console" if sys.stderr.isatty() else "json"
    configure_logging(level, style)


async def _until_signalled(work: Awaitable[int], *, clean: bool) -> int:
    """Await `work`, cancelling it at the first signal; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        for other in handled:
            loop.remove_signal_handler(other)
            signal.signal(other, signal.SIG_DFL)
        task.cancel()

    # One that is ignored, as under `nohup`, stays so.
    handled = [one for one in _STOPPING if signal.getsignal(one) is not signal.SIG_IGN]
    for one in handled:
        loop.add_signal_handler(one, partial(stop, one))
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        return DONE if clean else 128 + received[0]


def _fail(code: str, message: str, *, as_json: bool) -> int:
    if as_json:
        write_json_error(code, message)
    else:
        sys.stderr.write(f"answerdesk: {printable(message)}\n")
    return FAILED


def _unexpected(error: BaseException) -> str:
    text = " ".join(str(error).split()) or "no message"
    return (
        f"Something unexpected went wrong ({type(error).__name__}: {text}). "
        "ANSWERDESK_LOG_LEVEL=debug shows where."
    )


def _give_up_stdout() -> None:
    """Send what is still to be flushed at exit nowhere: the reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
