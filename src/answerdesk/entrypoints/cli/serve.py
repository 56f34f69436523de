"""`answerdesk serve`."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from functools import partial

import uvicorn
import uvloop
from fastapi import FastAPI

from answerdesk.bootstrap import import_ahead, read_files
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.asgi import create_app
from answerdesk.entrypoints.cli.banner import Banner, read_banner, write_banner
from answerdesk.entrypoints.cli.child import Parent
from answerdesk.entrypoints.cli.listening import explained, open_sockets
from answerdesk.entrypoints.cli.runner import (
    DONE,
    configure_logs,
    run_program,
    run_until_signalled,
)
from answerdesk.entrypoints.cli.supervisor import Supervisor
from answerdesk.entrypoints.garbage import keep_collections_short
from answerdesk.entrypoints.http_protocol import server_config


def run_serve(host: str | None, port: int | None, processes: int | None, *, as_json: bool) -> None:
    """Serve until a signal comes; arguments go before the settings of the same name."""
    given = {"host": host, "port": port, "processes": processes}
    changed = {name: value for name, value in given.items() if value is not None}

    def run(settings: Settings) -> int:
        settings = settings.model_copy(update=changed)
        # First of all: a port that is taken should be told before anything is started.
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
    """Serve in several processes, whose parent is this one."""
    files = read_files(settings)
    import_ahead(settings)
    app = create_app(settings, files=files)

    def run(parent: Parent) -> None:
        configure_logs(settings, long_running=True, process=parent.place)
        # One does due work: more would take each other's cores, and the memory to read documents.
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
    # The lifespan is ours and not uvicorn's, which would turn its errors into a printed traceback.
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
            # Two that were started at once can both bind, and only one of them can listen.
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
        """Start, and say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: the command that runs this server handles them."""
        yield
