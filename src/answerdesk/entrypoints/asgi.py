"""The HTTP server's application: the native API, the dialects, the pages."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from answerdesk import __version__
from answerdesk.accounts.dependencies import admitting
from answerdesk.accounts.endpoints import (
    account,
    api_keys,
    audit_log,
    auth,
    email_changes,
    installation,
    invitations,
    members,
)
from answerdesk.accounts.passwords import Passwords
from answerdesk.agents import endpoints as agents
from answerdesk.agents.actions import endpoints as actions
from answerdesk.agents.contexts import endpoints as contexts
from answerdesk.agents.language_models import endpoints as language_models
from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application, Files, running, share_keys, working
from answerdesk.conversations import endpoints as conversations
from answerdesk.core.dialects import Dialect
from answerdesk.core.environment import load_settings
from answerdesk.core.outbound import Outbound
from answerdesk.core.settings import Settings
from answerdesk.core.web.client_address import TrustedProxies
from answerdesk.core.web.dependencies import Patience
from answerdesk.core.web.dialect import DialectApp
from answerdesk.core.web.idempotency import accept_idempotency_keys
from answerdesk.core.web.openapi import describe_api, operation_ids
from answerdesk.core.web.origins import CrossOrigin
from answerdesk.core.web.problems import answer_with_problems
from answerdesk.core.web.rate_headers import RateHeaders
from answerdesk.core.web.request_id import RequestId
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.wire import DialectWrapper
from answerdesk.delayed_replies import endpoints as delayed_replies
from answerdesk.dialects import DIALECTS
from answerdesk.dialects.dispatch import DialectDispatch
from answerdesk.entrypoints.api_description import DESCRIPTION, OPERATION_PREFIXES
from answerdesk.entrypoints.demo import make_demo
from answerdesk.entrypoints.pages.endpoints import add_pages
from answerdesk.entrypoints.pages.errors import answer_people_with_pages
from answerdesk.inbox import endpoints as inbox
from answerdesk.insights import endpoints as insights
from answerdesk.knowledge import endpoints as knowledge
from answerdesk.knowledge.items import endpoints as items
from answerdesk.knowledge.rereading import endpoints as rereading
from answerdesk.knowledge.spaces import endpoints as spaces
from answerdesk.knowledge.sync import endpoints as websites
from answerdesk.knowledge.synonyms import endpoints as synonyms
from answerdesk.leads import endpoints as leads
from answerdesk.privacy import endpoints as privacy
from answerdesk.projects import endpoints as projects
from answerdesk.webhooks import endpoints as webhooks
from answerdesk.webhooks.deliveries import endpoints as deliveries

_FOR_PROGRAMS = ("/v1", "/openapi.json")
"""Paths that pages of any origin may call, with a credential of their own."""

_FOR_PEOPLE = (
    "/v1/account",
    "/v1/api-keys",
    "/v1/audit-log",
    "/v1/auth",
    "/v1/invitations",
    "/v1/me",
    "/v1/members",
)
"""Paths for people only (`PEOPLE_ONLY`), so only our own pages may call them."""


_DESCRIBED_WITH_OURS: Final[tuple[Dialect, ...]] = ("novaro",)
"""Dialects whose clients look for their description at `/openapi.json` and `/scalar`."""


def create_app(
    settings: Settings | None = None,
    *,
    files: Files | None = None,
    tenant_filter: bool = True,
    make_outbound: Callable[[Settings], Outbound] | None = None,
    make_passwords: Callable[[], Passwords] = Passwords,
) -> FastAPI:
    """Return the whole application; its parts run during its lifespan.

    `files` are those shared with other processes, only one of which does due work: then set
    `app.state.does_due_work` before the application starts. `tenant_filter`, `make_outbound`
    and `make_passwords` are for tests, see `bootstrap.running`.
    """
    settings = settings or load_settings()
    dialects = {one.name: one.create(settings) for one in DIALECTS}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            parts = await stack.enter_async_context(
                running(
                    settings,
                    files=files,
                    tenant_filter=tenant_filter,
                    make_outbound=make_outbound,
                    make_passwords=make_passwords,
                )
            )
            for one in (app, *dialects.values()):
                one.state.application = parts
            await _begin(parts)
            if getattr(app.state, "does_due_work", settings.worker):
                await stack.enter_async_context(working(parts))
            yield

    app = FastAPI(
        title="Answerdesk",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=operation_ids(OPERATION_PREFIXES),
    )
    described_here = {one.title(): dialects[one] for one in _DESCRIBED_WITH_OURS}
    describe_api(app, DESCRIPTION, described_here)
    answer_with_problems(app)
    _add_native_api(app, settings)
    add_pages(app, settings)
    app.add_api_route("/healthz", health, include_in_schema=False)
    app.add_api_route("/readyz", ready, include_in_schema=False)
    accept_idempotency_keys(app)
    answer_people_with_pages(app)
    app.add_middleware(RateHeaders)
    app.add_middleware(CrossOrigin, open_to_all=_FOR_PROGRAMS, own_origin=_FOR_PEOPLE)
    app.add_middleware(
        DialectDispatch,
        dialects=DIALECTS,
        mounted={one.name: _mounted(one, dialects[one.name]) for one in DIALECTS},
        hosts=settings.dialect_hosts,
        most_bytes=settings.max_json_bytes,
    )
    app.add_middleware(Patience)
    app.add_middleware(RequestId)
    app.add_middleware(TrustedProxies, trusted=settings.trusted_proxies)
    return app


def _mounted(dialect: DialectApp, app: FastAPI) -> DialectWrapper:
    return DialectWrapper(
        app,
        wire=dialect.wire,
        admit=admitting(dialect.name),
        needs_no_key=dialect.needs_no_key,
    )


def _add_native_api(app: FastAPI, settings: Settings) -> None:
    add_routers(
        app,
        projects.make_router(settings, begin_project),
        agents.make_router(settings),
        contexts.make_router(settings),
        actions.make_router(settings),
        language_models.make_router(settings),
        knowledge.make_router(settings),
        knowledge.make_upload_router(settings),
        spaces.make_router(settings),
        rereading.make_router(settings),
        items.make_router(settings),
        synonyms.make_router(settings),
        websites.make_router(settings),
        conversations.make_router(settings),
        inbox.make_router(settings),
        insights.make_router(settings),
        delayed_replies.make_router(settings),
        leads.router,
        privacy.make_router(settings),
        webhooks.make_router(settings),
        deliveries.make_router(settings),
        installation.router,
        auth.make_router(settings),
        account.make_router(settings),
        email_changes.make_router(settings),
        members.make_router(settings),
        invitations.make_router(settings),
        api_keys.router,
        audit_log.router,
        account.usage_router,
    )


async def _begin(parts: Application) -> None:
    """Join the installation as a node, then make the demo project, before the first request."""
    await share_keys(parts, with_owner_key=True)
    await make_demo(parts)


async def health() -> JSONResponse:
    """Report that the process responds."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> JSONResponse:
    """Report that requests can be served; fails if the database doesn't respond."""
    await request.app.state.application.database.ping()
    return JSONResponse({"status": "ready"})
