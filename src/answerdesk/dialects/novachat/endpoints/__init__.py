"""Nova Chat's endpoints."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers
from answerdesk.dialects.novachat.endpoints import (
    accounts,
    conversations,
    desk,
    domains,
    knowledge,
    widget,
)


def make_router(settings: Settings) -> APIRouter:
    """Make all routes."""
    router = APIRouter()
    for part in (accounts, domains, desk, knowledge, conversations, widget):
        add_routers(router, part.make_router(settings))
    return router
