"""The native API of conversations, for visitors and for owners."""

from fastapi import APIRouter

from answerdesk.conversations.endpoints import answer_sources, owner, replies, visitor
from answerdesk.core.settings import Settings


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; the settings limit the size of bodies."""
    router = APIRouter()
    router.include_router(visitor.make_router(settings.max_json_bytes))
    router.include_router(owner.router)
    router.include_router(replies.make_router(settings.max_json_bytes))
    router.include_router(answer_sources.router)
    return router
