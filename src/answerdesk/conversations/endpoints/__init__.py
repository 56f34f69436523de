"""The native API of conversations, for visitors and for owners."""

from fastapi import APIRouter

from answerdesk.conversations.endpoints import (
    answer_sources,
    owner,
    playground,
    replies,
    suggestions,
    visitor,
)
from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; the settings limit the size of bodies."""
    router = APIRouter()
    add_routers(
        router,
        visitor.make_router(settings.max_json_bytes),
        owner.router,
        replies.make_router(settings.max_json_bytes),
        suggestions.router,
        answer_sources.router,
        playground.make_router(settings.max_json_bytes),
    )
    return router
