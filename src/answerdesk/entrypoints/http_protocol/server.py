"""The configuration of uvicorn for all our processes."""

import resource
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from answerdesk.core.settings import Settings
from answerdesk.entrypoints.http_protocol.bounds import Bounds
from answerdesk.entrypoints.http_protocol.protocol import BoundedHttpProtocol

_GRACE_SECONDS: Final = 10
"""Time that responses in progress have after a signal."""

_OWN_FILES: Final = 256
"""Open files other than clients' connections: for the database, the log, files being read."""

_RESERVED: Final = 20
"""One in this many connections is kept free for new clients."""

_log = structlog.get_logger(__name__)


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return the configuration for serving `app`; the caller runs the lifespan."""

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
    """Return the bounds with this many connections, or fewer if the limit of open files is lower.

    Logs a warning about fewer if the number was `asked_for`.
    """
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
    """Raise the limit of open files to `needed` if possible; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return needed
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
