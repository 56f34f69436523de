"""The native API of what conversations teach: drafts, and questions to answer by hand."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers
from answerdesk.insights.drafts import endpoints as drafts
from answerdesk.insights.open_questions import endpoints as open_questions


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; the settings limit the size of bodies."""
    router = APIRouter()
    parts = (drafts, open_questions)
    add_routers(router, *(one.make_router(settings.max_json_bytes) for one in parts))
    return router
