"""uvicorn's server as every process of ours runs it."""

import resource
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from answerdesk.core.settings import Settings
from answerdesk.entrypoints.http_protocol.bounds import Bounds
from answerdesk.entrypoints.http_protocol.protocol import BoundedHttpProtocol

_GRACE_SECONDS: Final = 10
"""How long answers in progress may go on after a signal."""

_OWN_FILES: Final = 256
"""Open files that are no clients': the database's, the log's, those that are read."""

_RESERVED: Final = 20
"""One in so many connections is kept free for who comes new."""

_log = structlog.get_logger(__name__)


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return how `app` is served; the application's lifespan is the caller's."""

    class Protocol(BoundedHttpProtocol):
        bounds = _bounds(
            settings.max_connections, asked_for="max_connections" in settings.model_fields_set
        )

    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _bounds(connections: int, *, asked_for: bool) -> Bounds:
    """Return the bounds with so many connections, or as many as there may be open files for."""
    besides = Bounds().surplus + _OWN_FILES
    files = _raise_open_files(connections + besides)
    if files < connections + besides:
        connections = max(files - besides, files // 4)
        if asked_for:
            _log.warning(
                "connections_limited_by_open_files", open_files=files, connections=connections
            )
    return Bounds(connections=connections, reserve=connections // _RESERVED)


def _raise_open_files(needed: int) -> int:
    """Let this process open `needed` files if the system does; return how many it may open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return needed
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
