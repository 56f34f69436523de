"""`answerdesk serve`: its sockets, its garbage collection, and its one process or several.

At each full collection Python's collector visits every container, and nothing else runs meanwhile:
half a second, measured with the caches for a thousand passages. Nearly all of these objects live
as long as the process.
"""

import asyncio
import contextlib
import errno
import gc
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from time import monotonic
from typing import Any, Final

import uvicorn
import uvloop
from fastapi import FastAPI

from answerdesk.bootstrap import import_ahead, read_files
from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.asgi import create_app
from answerdesk.entrypoints.cli.banner import Banner, read_banner, write_banner
from answerdesk.entrypoints.cli.runner import (
    DONE,
    configure_logs,
    run_program,
    run_until_signalled,
)
from answerdesk.entrypoints.cli.supervisor import Parent, Supervisor
from answerdesk.entrypoints.http_protocol import server_config

_LOWEST_FREE_PORT: Final = 1024


def open_sockets(host: str, port: int) -> list[socket.socket]:
    """Bind `port` (0: any free port, the same for all) on every address of `host`.

    Raises InvalidInput if this machine doesn't have the host, Unavailable if the port is in use.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise InvalidInput(
            f"There is no host named {host!r}. Use an address of this machine, such as 127.0.0.1, "
            "or 0.0.0.0 for all of them",
            code="host_unknown",
        ) from error
    sockets: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((one[0], one[4]) for one in found):
            chosen = sockets[0].getsockname()[1] if sockets else port
            sockets.append(_bind(family, str(address[0]), chosen))
    except OSError as error:
        for one in sockets:
            one.close()
        raise explained(error, host, port) from error
    return sockets


def _bind(family: int, address: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((address, port))
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound


def explained(error: OSError, host: str, port: int) -> InvalidInput | Unavailable:
    """Return an error for people that explains why `port` of `host` can't be listened on."""
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return Unavailable(
            f"Port {port} of {host} is in use. Stop the program that uses it, or use another port: "
            f"answerdesk serve --port {other} (or PORT={other})",
            code="port_in_use",
        )
    if error.errno == errno.EACCES and port < _LOWEST_FREE_PORT:
        return Unavailable(
            f"Port {port} needs more rights than this user has; use port 1024 or higher: "
            "answerdesk serve --port 8000",
            code="port_forbidden",
        )
    return InvalidInput(
        f"Cannot listen on port {port} of {host}: {error.strerror}", code="host_unusable"
    )


_FULL: Final = 2
EVERYTHING_EVERY: Final = 3600.0
"""Seconds between collections of everything: frozen objects may have become cyclic garbage."""


class ShortCollections:
    """A callback of the collector; see the module's docstring."""

    def __init__(self, everything_every: float = EVERYTHING_EVERY) -> None:
        self._every = everything_every
        self._due = monotonic() + everything_every

    def __call__(self, phase: str, info: Mapping[str, Any]) -> None:
        """Freeze the survivors of each full collection; unfreeze everything when due."""
        if info["generation"] != _FULL:
            return
        if phase == "stop":
            gc.freeze()
        elif monotonic() >= self._due:
            self._due = monotonic() + self._every
            gc.unfreeze()


def keep_collections_short() -> None:
    """Freeze this process's objects now, and new ones after each full collection."""
    gc.callbacks.append(ShortCollections())
    gc.collect()


def run_serve(host: str | None, port: int | None, processes: int | None, *, as_json: bool) -> None:
    """Serve until a signal arrives; arguments override the settings of the same name."""
    given = {"host": host, "port": port, "processes": processes}
    changed = {name: value for name, value in given.items() if value is not None}

    def run(settings: Settings) -> int:
        settings = settings.model_copy(update=changed)
        # First, so that a port in use is reported before anything is started.
        sockets = open_sockets(settings.host, settings.port)
        if settings.processes > 1:
            return _serve_in_processes(settings, sockets, as_json=as_json)

        def announce(banner: Banner) -> None:
            write_banner(banner.rendered(as_json=as_json), as_json=as_json)

        async def work() -> int:
            await _serve(create_app(settings), settings, sockets, announce)
            return DONE

        return run_until_signalled(work(), clean=True, loop_factory=uvloop.new_event_loop)

    run_program(run, as_json=as_json, long_running=True)


def _serve_in_processes(settings: Settings, sockets: list[socket.socket], *, as_json: bool) -> int:
    """Serve in several child processes of this one."""
    files = read_files(settings)
    import_ahead(settings)
    app = create_app(settings, files=files)

    def run(parent: Parent) -> None:
        configure_logs(settings, long_running=True, process=parent.place)
        # Only one does due work: more would compete for cores, and for memory to parse documents.
        app.state.does_due_work = settings.worker and parent.place == 1

        def tell(banner: Banner) -> None:
            parent.tell_ready(banner.rendered(as_json=as_json))

        parent.run(_serve(app, settings, sockets, tell), uvloop.new_event_loop)

    announce = partial(write_banner, as_json=as_json)
    return Supervisor(settings.processes, run, announce=announce, sockets=sockets).run()


async def _serve(
    app: FastAPI,
    settings: Settings,
    sockets: list[socket.socket],
    ready: Callable[[Banner], None],
) -> None:
    """Run the application's parts and serve it until cancelled; calls `ready` once it serves."""
    port = sockets[0].getsockname()[1]
    # We run the lifespan instead of uvicorn, which would print a traceback for its errors.
    async with app.router.lifespan_context(app):
        server = _Server(server_config(app, settings))
        banner = await read_banner(app, settings, port)
        serving = asyncio.create_task(server.serve(sockets))
        try:
            await asyncio.wait(
                [serving, asyncio.ensure_future(server.listening.wait())],
                return_when=asyncio.FIRST_COMPLETED,
            )
            if server.started:
                keep_collections_short()
                ready(banner)
            await asyncio.shield(serving)
        except OSError as error:
            # Two servers started together can both bind, but only one of them can listen.
            raise explained(error, settings.host, port) from error
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start and set `listening`."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: the command that runs this server handles them."""
        yield
