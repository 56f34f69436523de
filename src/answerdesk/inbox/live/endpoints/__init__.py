"""The native API of the inbox's reading side: lists, and live views for people and visitors."""

from fastapi import APIRouter

from answerdesk.core.web.routing import add_routers
from answerdesk.inbox.live.endpoints import lists, streams


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter()
    add_routers(router, lists.make_router(), streams.make_router(max_json_bytes))
    return router
