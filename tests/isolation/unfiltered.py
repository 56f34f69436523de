"""The application without our own tenant filter: the database alone keeps the tenants apart."""

from fastapi import FastAPI

from answerdesk.entrypoints.asgi import create_app
from tests.warm.prepared import cheap_passwords


def create_unfiltered_app() -> FastAPI:
    """Return the whole application, as uvicorn's factory."""
    return create_app(tenant_filter=False, make_passwords=cheap_passwords)
