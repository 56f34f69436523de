"""The application with the logs and the garbage collection that it has in operation."""

from fastapi import FastAPI

from answerdesk.core.telemetry import configure_logging
from answerdesk.entrypoints import asgi
from answerdesk.entrypoints.cli.serve import keep_collections_short


def create_app() -> FastAPI:
    """Return the application, as `answerdesk serve` runs it."""
    configure_logging("info", "json")
    app = asgi.create_app()
    keep_collections_short()
    return app
