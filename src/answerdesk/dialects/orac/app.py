"""Orac's sub-application."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.visitors.address_limits import AddressLimits
from answerdesk.conversations.visitors.service import Visitors
from answerdesk.core.database import Database
from answerdesk.core.settings import Settings
from answerdesk.dialects.orac.endpoints import make_router
from answerdesk.dialects.orac.errors import answer_with_envelopes


def create_orac_app(settings: Settings) -> FastAPI:
    """Return the dialect's app; `connect` gives it the running parts before the first request."""
    app = FastAPI(
        title="Answerdesk: Orac's API",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    answer_with_envelopes(app)
    app.include_router(make_router(settings.max_json_bytes))
    # Safe to call from any page: no cookie or other ambient credential is ever read here.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["retry-after", "x-request-id"],
        max_age=600,
    )
    return app


def connect(
    app: FastAPI,
    database: Database,
    reply: Reply,
    visitors: Visitors,
    address_limits: AddressLimits,
    public_url: str | None,
) -> None:
    """Give the app the running parts."""
    app.state.database = database
    app.state.reply = reply
    app.state.visitors = visitors
    app.state.address_limits = address_limits
    app.state.public_url = public_url.rstrip("/") if public_url else None
