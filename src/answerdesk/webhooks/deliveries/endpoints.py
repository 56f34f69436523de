"""The native API of deliveries: the log, sending again, and test calls."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import CleanText
from answerdesk.projects.dependencies import SealerOf
from answerdesk.projects.types import PROJECT_PREFIX
from answerdesk.webhooks.deliveries import service
from answerdesk.webhooks.deliveries.run import Engine
from answerdesk.webhooks.deliveries.types import (
    DELIVERY_PREFIX,
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryState,
)
from answerdesk.webhooks.dependencies import Reader, WebhookIdOf, Writer
from answerdesk.webhooks.service import get_endpoint


class DeliveryOut(BaseModel):
    """A delivery. Its id is the `webhook-id` of every attempt; `error` is the last attempt's."""

    id: str
    type: str = Field(description="The event's type.")
    event_id: int | None = Field(description="Null if no event caused it.")
    project_id: str | None
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None = Field(description="Null once it has ended.")
    error: str | None
    private: bool = Field(
        description="Nothing that was sent or answered is kept, and it cannot be sent again."
    )
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        return cls(**_fields(delivery))


def _fields(delivery: Delivery) -> dict[str, object]:
    project = delivery.project_id
    return {
        "id": delivery.public_id,
        "type": delivery.type,
        "event_id": delivery.event_id,
        "project_id": None if project is None else public_id(PROJECT_PREFIX, project),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.due_at,
        "error": delivery.error,
        "private": delivery.private,
        "created_at": delivery.created_at,
        "ended_at": delivery.ended_at,
    }


class ResponseOut(BaseModel):
    """What came back. Without a status no response came, and `error` says why."""

    status: int | None
    error: str | None = Field(description="Null if the receiver accepted it.")
    milliseconds: int
    headers: dict[str, str] | None = Field(description="The first headers of the response.")
    answer: str | None = Field(description="The first kilobyte of the response's body.")


def _response(attempt: Attempt) -> dict[str, object]:
    return {
        "status": attempt.status,
        "error": attempt.error,
        "milliseconds": attempt.milliseconds,
        "headers": None if attempt.headers is None else dict(attempt.headers),
        "answer": attempt.answer,
    }


class AttemptOut(ResponseOut):
    """An attempt, and what came back."""

    number: int
    begun_at: datetime

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptOut":
        return cls(number=attempt.number, begun_at=attempt.begun_at, **_response(attempt))


class DeliveryDetail(DeliveryOut):
    """A delivery with its attempts, oldest first."""

    log: list[AttemptOut]
    body: str | None = Field(
        description="What is sent. Null for callers without `webhooks:write`, before the first "
        "attempt, and once it is no longer kept."
    )


class DeliveryList(Listing[DeliveryOut]):
    """A webhook's deliveries, newest first."""


class TestIn(BaseModel):
    """Which event's example to send; by default the first that the webhook is sent."""

    model_config = ConfigDict(extra="forbid")

    type: CleanText | None = Field(default=None, max_length=100, examples=["lead.created"])


class ReplayIn(BaseModel):
    """From and until when the failed deliveries were created; `until` is now by default."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime
    until: AwareDatetime | None = None


class ReplayedOut(BaseModel):
    """How many failed deliveries are sent again."""

    replayed: int = Field(
        description=f"At most {service.MOST_REPLAYED:,}, the oldest; call again for the rest."
    )


async def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.application.deliveries
    return engine


EngineOf = Annotated[Engine, Depends(_engine)]


async def _delivery_id(delivery_id: str) -> UUID:
    value = parse_public_id(DELIVERY_PREFIX, delivery_id)
    if value is None:
        raise service.delivery_not_found()
    return value


DeliveryIdOf = Annotated[UUID, Depends(_delivery_id)]


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["webhooks"], route_class=bounded_route(settings.max_json_bytes))
    webhook = "/v1/webhooks/{webhook_id}"
    one = f"{webhook}/deliveries/{{delivery_id}}"
    accepted = status.HTTP_202_ACCEPTED
    router.add_api_route(f"{webhook}/test", test_webhook, methods=["POST"])
    router.add_api_route(f"{webhook}/deliveries", list_deliveries)
    router.add_api_route(one, get_delivery)
    router.add_api_route(f"{one}/replay", replay_delivery, methods=["POST"], status_code=accepted)
    router.add_api_route(f"{webhook}/replay", replay_failed, methods=["POST"], status_code=accepted)
    return router


async def test_webhook(
    webhook_id: WebhookIdOf, body: TestIn, caller: Writer, engine: EngineOf
) -> ResponseOut:
    """Send the example of an event now, signed like every delivery, and show what came back.

    It is made once, whether or not the webhook is enabled, and is not in the log.
    """
    attempt = await service.test(engine, caller, webhook_id, body.type)
    return ResponseOut.model_validate(_response(attempt))


async def list_deliveries(
    webhook_id: WebhookIdOf,
    caller: Reader,
    page: PagingOf,
    database: DatabaseOf,
    state: Annotated[DeliveryState | None, Query(description="Only those in this state.")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Only those created then on.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Only those created before.")] = None,
) -> DeliveryList:
    """List a webhook's deliveries, newest first."""
    of = f"deliveries:{webhook_id}:{state}:{since}:{until}"
    wanted = DeliveryFilter(state, since, until, page.after(of, datetime, UUID))
    async with database.transaction(caller.account_id) as session:
        endpoint = await get_endpoint(session, caller, webhook_id)
        found = await service.list_deliveries(session, endpoint, wanted, page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    return DeliveryList(items=[DeliveryOut.of(one) for one in shown], next_cursor=cursor)


async def get_delivery(
    webhook_id: WebhookIdOf,
    delivery_id: DeliveryIdOf,
    caller: Reader,
    database: DatabaseOf,
    sealer: SealerOf,
) -> DeliveryDetail:
    """Show a delivery with every attempt, and, to callers who may change webhooks, its body."""
    async with database.transaction(caller.account_id) as session:
        endpoint = await get_endpoint(session, caller, webhook_id)
        delivery, attempts = await service.get_delivery(session, endpoint, delivery_id)
        # Whoever may change webhooks could have the same sent to a receiver of their own.
        may_see = caller.may("webhooks:write")
        body = await service.body_of(session, sealer, delivery) if may_see else None
    log = [AttemptOut.of(one) for one in attempts]
    return DeliveryDetail.model_validate({**_fields(delivery), "log": log, "body": body})


async def replay_delivery(
    webhook_id: WebhookIdOf, delivery_id: DeliveryIdOf, caller: Writer, database: DatabaseOf
) -> DeliveryOut:
    """Send a delivery that has ended again, with the same id and the same body."""
    async with database.transaction(caller.account_id) as session:
        endpoint = await get_endpoint(session, caller, webhook_id)
        return DeliveryOut.of(await service.replay(session, endpoint, delivery_id))


async def replay_failed(
    webhook_id: WebhookIdOf, body: ReplayIn, caller: Writer, database: DatabaseOf
) -> ReplayedOut:
    """Send all deliveries again that have failed, of those that were created in a time range."""
    async with database.transaction(caller.account_id) as session:
        endpoint = await get_endpoint(session, caller, webhook_id)
        until = body.until or datetime.now(UTC)
        count = await service.replay_failed(session, endpoint, body.since, until)
    return ReplayedOut(replayed=count)
