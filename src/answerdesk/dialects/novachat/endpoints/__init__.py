"""Nova Chat's endpoints."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers
from answerdesk.dialects.novachat.endpoints import (
    accounts,
    analysis,
    conversations,
    desk,
    domains,
    knowledge,
    service_levels,
    widget,
)


def make_router(settings: Settings) -> APIRouter:
    """Make all routes."""
    router = APIRouter()
    for part in (
        *(accounts, domains, desk, knowledge, analysis),
        *(conversations, service_levels, widget),
    ):
        add_routers(router, part.make_router(settings))
    return router
