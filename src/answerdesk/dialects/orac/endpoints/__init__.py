"""Orac's endpoints: the widget tier, which needs no key, and the programmatic tier."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.core.web.routing import add_routers
from answerdesk.dialects.orac.endpoints import actions, programmatic, widget


def make_router(settings: Settings) -> APIRouter:
    """Make the routes of both tiers; the settings limit the size of bodies."""
    router = APIRouter()
    add_routers(
        router,
        widget.make_router(settings.max_json_bytes),
        programmatic.make_router(settings),
        actions.make_router(settings),
    )
    return router
