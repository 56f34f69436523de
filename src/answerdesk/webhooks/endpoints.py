"""The native API of endpoints and of events."""

from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from answerdesk.accounts.users.service import People
from answerdesk.core.events import events_after
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import MOST, PagingOf
from answerdesk.webhooks import service
from answerdesk.webhooks.dependencies import EndpointsOf, Reader, WebhookIdOf, Writer
from answerdesk.webhooks.schemas import (
    EventList,
    EventOut,
    EventTypeList,
    EventTypeOut,
    PasswordAgain,
    RotationIn,
    WebhookIn,
    WebhookList,
    WebhookMade,
    WebhookOut,
    WebhookPatch,
    WebhookSecret,
    project_id_of,
)

_Body = TypeVar("_Body")


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["webhooks"], route_class=bounded_route(settings.max_json_bytes))
    every = "/v1/webhooks"
    one = f"{every}/{{webhook_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    post = ["POST"]
    router.add_api_route(every, list_webhooks, responses=problems(404))
    router.add_api_route(
        every, create_webhook, methods=post, status_code=created, responses=problems(404)
    )
    router.add_api_route(one, get_webhook)
    router.add_api_route(one, change_webhook, methods=["PATCH"])
    router.add_api_route(one, delete_webhook, methods=["DELETE"], status_code=gone)
    router.add_api_route(f"{one}/enable", enable_webhook, methods=post)
    router.add_api_route(f"{one}/rotate-secret", rotate_webhook_secret, methods=post)
    router.add_api_route(f"{one}/secret", show_webhook_secret, methods=post)
    router.add_api_route("/v1/events", list_events)
    router.add_api_route("/v1/event-types", list_event_types)
    return router


async def list_webhooks(
    caller: Reader,
    page: PagingOf,
    database: DatabaseOf,
    project_id: Annotated[
        str | None, Query(max_length=100, description="Only webhooks of this project alone.")
    ] = None,
) -> WebhookList:
    """List the account's webhooks, oldest first; a project's key gets its projects' only."""
    only = project_id_of(project_id)
    of = f"webhooks:{only}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_endpoints(
            session, caller, project_id=only, after=after, limit=page.fetch
        )
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return WebhookList(items=[WebhookOut.of(one) for one in shown], next_cursor=cursor)


async def create_webhook(
    body: WebhookIn,
    caller: Writer,
    database: DatabaseOf,
    endpoints: EndpointsOf,
    response: Response,
) -> WebhookMade:
    """Create a webhook; only this response contains its secret. An account has at most 100."""
    draft = body.draft()
    await endpoints.require_url(draft.url)
    async with database.transaction(caller.account_id) as session:
        endpoint, secret = await endpoints.create(session, caller, draft)
    return _shown_once(response, WebhookMade.made(endpoint, secret))


async def get_webhook(webhook_id: WebhookIdOf, caller: Reader, database: DatabaseOf) -> WebhookOut:
    """Show one webhook."""
    async with database.transaction(caller.account_id) as session:
        return WebhookOut.of(await service.get_endpoint(session, caller, webhook_id))


async def change_webhook(
    webhook_id: WebhookIdOf,
    body: WebhookPatch,
    caller: Writer,
    database: DatabaseOf,
    endpoints: EndpointsOf,
) -> WebhookOut:
    """Change a webhook's address, events or description, or disable or enable it."""
    changes = body.model_dump(exclude_unset=True)
    async with database.transaction(caller.account_id) as session:
        # First, since looking up a host tells something about our network.
        await service.get_endpoint(session, caller, webhook_id)
    if "url" in changes:
        await endpoints.require_url(body.url)
    return await _changed(webhook_id, changes, caller, database, endpoints)


async def enable_webhook(
    webhook_id: WebhookIdOf, caller: Writer, database: DatabaseOf, endpoints: EndpointsOf
) -> WebhookOut:
    """Enable a webhook that was disabled. Events that happened meanwhile are not sent."""
    return await _changed(webhook_id, {"enabled": True}, caller, database, endpoints)


async def _changed(
    webhook_id: UUID,
    changes: dict[str, Any],
    caller: Writer,
    database: DatabaseOf,
    endpoints: EndpointsOf,
) -> WebhookOut:
    async with database.transaction(caller.account_id) as session:
        return WebhookOut.of(await endpoints.change(session, caller, webhook_id, changes))


async def delete_webhook(
    webhook_id: WebhookIdOf, caller: Writer, database: DatabaseOf, endpoints: EndpointsOf
) -> None:
    """Delete a webhook with its deliveries. What still waits to be sent to it is not sent."""
    async with database.transaction(caller.account_id) as session:
        await endpoints.delete(session, caller, webhook_id)


async def rotate_webhook_secret(
    webhook_id: WebhookIdOf,
    body: RotationIn,
    caller: Writer,
    database: DatabaseOf,
    endpoints: EndpointsOf,
    response: Response,
) -> WebhookMade:
    """Give a webhook a new secret; only this response contains it.

    For `overlap_hours`, deliveries have two signatures, so that the receiver can change over.
    """
    async with database.transaction(caller.account_id) as session:
        endpoint, secret = await endpoints.rotate_secret(
            session,
            caller,
            webhook_id,
            secret=body.secret,
            overlap_hours=body.overlap_hours,
        )
    return _shown_once(response, WebhookMade.made(endpoint, secret))


async def show_webhook_secret(
    webhook_id: WebhookIdOf,
    body: PasswordAgain,
    request: Request,
    caller: Writer,
    database: DatabaseOf,
    endpoints: EndpointsOf,
    response: Response,
) -> WebhookSecret:
    """Show the secret of a webhook of the format `orac` again, to a person with the password."""
    async with database.transaction(caller.account_id) as session:
        service.require_shown_again(await service.get_endpoint(session, caller, webhook_id))
    people: People = request.app.state.application.people
    await people.require_password(caller, body.password)
    async with database.transaction(caller.account_id) as session:
        secret = await endpoints.secret_again(session, caller, webhook_id)
    return _shown_once(response, WebhookSecret(secret=secret))


def _shown_once(response: Response, body: _Body) -> _Body:
    response.headers["Cache-Control"] = "no-store"
    return body


async def list_events(
    caller: Reader,
    database: DatabaseOf,
    endpoints: EndpointsOf,
    after: Annotated[
        int, Query(ge=0, lt=2**63, description="`after` of the previous response; 0 to begin.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Maximum items to return.")] = 50,
) -> EventList:
    """List what happened in the account, oldest first, for programs that ask instead of listening.

    Nothing is ever skipped: an event appears only when no earlier one can come any more.
    """
    projects = None if caller.projects is None else list(caller.projects)
    async with database.transaction(caller.account_id) as session:
        events, cursor = await events_after(session, after, projects=projects, limit=limit)
    public = frozenset(endpoints.event_types.public)
    items = [EventOut.of(one) for one in events if one.type in public]
    return EventList(items=items, after=cursor)


async def list_event_types(_: Reader, endpoints: EndpointsOf) -> EventTypeList:
    """List the types of events, with their names in each format of webhooks."""
    return EventTypeList(
        items=[
            EventTypeOut(
                name=one.name,
                summary=one.summary,
                example=one.example.model_dump(mode="json", exclude_none=True),
                formats={
                    encoder.format: encoder.names[one.name]
                    for encoder in endpoints.encoders.values()
                    if one.name in encoder.names
                },
            )
            for one in endpoints.event_types
            if one.public
        ]
    )
