"""The application with the logs that it has in operation, whose cost is measured with it."""

from fastapi import FastAPI

from answerdesk.core.telemetry import configure_logging
from answerdesk.entrypoints import asgi


def create_app() -> FastAPI:
    """Return the application, as `answerdesk serve` runs it."""
    configure_logging("info", "json")
    return asgi.create_app()
