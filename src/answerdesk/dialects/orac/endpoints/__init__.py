"""Orac's endpoints: the widget tier, which needs no key, and the programmatic tier."""

from fastapi import APIRouter

from answerdesk.core.settings import Settings
from answerdesk.dialects.orac.endpoints import programmatic, widget


def make_router(settings: Settings) -> APIRouter:
    """Make the routes of both tiers; the settings limit the size of bodies."""
    router = APIRouter()
    router.include_router(widget.make_router(settings.max_json_bytes))
    router.include_router(programmatic.make_router(settings))
    return router
