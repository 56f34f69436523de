"""Nova Chat's endpoints."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
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
        router.include_router(part.make_router(settings))
    return router
