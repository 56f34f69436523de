"""The native API of what conversations tell and teach: overview, drafts, open questions."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers
from answerdesk.insights.drafts import endpoints as drafts
from answerdesk.insights.open_questions import endpoints as open_questions
from answerdesk.insights.overview import endpoints as overview


def make_router(settings: Settings) -> APIRouter:
    """Return the routes; the settings limit the size of bodies."""
    router = APIRouter()
    parts = (overview, drafts, open_questions)
    add_routers(router, *(one.make_router(settings.max_json_bytes) for one in parts))
    return router
