"""Orac's sub-application."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from answerdesk.core.settings import Settings
from answerdesk.dialects.orac.endpoints import make_router
from answerdesk.dialects.orac.errors import answer_with_envelopes


def create_orac_app(settings: Settings) -> FastAPI:
    """Return the dialect's app; set `state.application` before the first request."""
    app = FastAPI(
        title="Answerdesk: Orac's API",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    answer_with_envelopes(app)
    app.include_router(make_router(settings.max_json_bytes))
    # Safe to call from any page, since no cookie or other ambient credential is read here.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["retry-after", "x-request-id"],
        max_age=600,
    )
    return app
