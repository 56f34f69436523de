"""The native API of the conversations: what visitors call, and what their owner reads."""

from fastapi import APIRouter

from answerdesk.conversations.endpoints import answer_sources, owner, visitor
from answerdesk.core.settings import Settings


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; bodies are bounded by the settings."""
    router = APIRouter()
    router.include_router(visitor.make_router(settings.max_json_bytes))
    router.include_router(owner.router)
    router.include_router(answer_sources.router)
    return router
