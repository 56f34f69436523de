"""The process that has imported everything and forks: `python -m tests.warm.nursery SOCKET`."""

import gc
import importlib
import io
import json
import os
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.warm.prepared import keep_prepared
from tests.warm.process import MESSAGE_BYTES

_IMPORTED = (
    "answerdesk.entrypoints.asgi",
    "answerdesk.entrypoints.cli",
    *(
        f"answerdesk.entrypoints.cli.{name}"
        for name in ("account", "ask", "embedding", "ingest", "items", "keys", "serve")
    ),
    *("answerdesk.entrypoints.cli.sources", "answerdesk.entrypoints.cli.worker"),
    *("answerdesk.migrations.upgrade", "alembic.command", "typer.rich_utils", "rich.live"),
    *("uvicorn.main", "uvicorn.loops.uvloop", "uvicorn.lifespan.on"),
    "uvicorn.protocols.http.httptools_impl",
)


def main(nursery: socket.socket) -> None:
    """Fork a process for each request until nobody can ask any more; a child returns, too."""
    for name in _IMPORTED:
        importlib.import_module(name)
    keep_prepared()
    gc.collect()
    gc.freeze()
    woken, wakes = os.pipe()
    for end in (woken, wakes):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    tells: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([nursery.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 1000)
            _tell_ended(tells)
        if nursery.fileno() not in ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(nursery, MESSAGE_BYTES, 4)
        if not message:
            sys.exit()
        *streams, told = descriptors
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            nursery.close()
            for one in (woken, wakes, told, *tells.values()):
                os.close(one)
            _become(json.loads(message), streams)
            return
        tells[pid] = told
        for one in streams:
            os.close(one)
        nursery.send(str(pid).encode())


def _tell_ended(tells: dict[int, int]) -> None:
    """Tell those who wait how their processes have ended."""
    while tells:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        told = tells.pop(pid)
        with suppress(BrokenPipeError):  # Nobody waits.
            os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(told)


def _become(asked: dict[str, Any], streams: list[int]) -> None:
    """Make this process look as Python leaves it to a program."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Python sets the locale that it runs in for those that it starts.
    locale = {name: os.environ[name] for name in ("LC_CTYPE",) if name in os.environ}
    os.environ.clear()
    os.environ.update({**locale, **asked["environment"]})
    os.chdir(asked["folder"])
    unbuffered = "PYTHONUNBUFFERED" in os.environ
    sys.stdin = _stream(0, "r", "surrogateescape", unbuffered=False)
    sys.stdout = _stream(1, "w", "surrogateescape", unbuffered=unbuffered)
    sys.stderr = _stream(2, "w", "backslashreplace", unbuffered=True)
    sys.argv = asked["arguments"]


def _stream(number: int, mode: str, errors: str, *, unbuffered: bool) -> io.TextIOWrapper:
    raw = os.fdopen(number, f"{mode}b", closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=unbuffered)


def _run_program() -> None:
    if sys.argv[0] == "-m":
        _, module, *rest = sys.argv
        sys.argv = [module, *rest]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return
    sys.path[0] = str(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
    _run_program()
