"""`answerdesk serve`."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
import uvloop

from answerdesk.core.settings import Settings
from answerdesk.entrypoints.asgi import create_app
from answerdesk.entrypoints.cli.banner import read_banner
from answerdesk.entrypoints.cli.listening import explained, open_sockets
from answerdesk.entrypoints.cli.runner import DONE, run_command
from answerdesk.entrypoints.http_protocol import server_config


def run_serve(host: str | None, port: int | None, *, as_json: bool) -> None:
    """Serve until a signal comes; arguments go before the settings of the same name."""

    async def command(settings: Settings) -> int:
        given = {"host": host, "port": port}
        changed = {name: value for name, value in given.items() if value is not None}
        await _serve(settings.model_copy(update=changed), as_json=as_json)
        return DONE

    run_command(command, as_json=as_json, long_running=True, loop_factory=uvloop.new_event_loop)


async def _serve(settings: Settings, *, as_json: bool) -> None:
    # First of all: a port that is taken should be told before anything is started.
    sockets = open_sockets(settings.host, settings.port)
    port = sockets[0].getsockname()[1]
    app = create_app(settings)
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
                banner.write(as_json=as_json)
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
