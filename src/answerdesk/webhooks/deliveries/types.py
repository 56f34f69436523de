"""What a delivery is, for all higher modules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID

from answerdesk.core.tenancy import AccountId, ProjectId, public_id

DELIVERY_PREFIX: Final = "dlv"

DeliveryState = Literal["pending", "delivered", "failed", "cancelled"]
"""`pending` until the receiver has accepted it, or until no attempt is left."""

DELIVERY_STATES: Final[tuple[DeliveryState, ...]] = get_args(DeliveryState)

BODY: Final = "webhook_body"
"""Name of the sealed secret that holds a delivery's body."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One body for one endpoint, sent until it is accepted or no attempt is left.

    Its public id is the `webhook-id` of every attempt. `type` is the name of the event's type. Of a
    `private` one neither the body nor any answer is kept after its end. `due_at` is the time of the
    next attempt, None when it has ended; `error` is the last attempt's.
    """

    account_id: AccountId
    id: UUID
    endpoint_id: UUID
    project_id: ProjectId | None
    event_id: int | None
    type: str
    private: bool
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    error: str | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def public_id(self) -> str:
        return public_id(DELIVERY_PREFIX, self.id)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to the receiver, and what came back.

    `number` counts from 1. Without a `status` no response came; `error` says why, or what is wrong
    with the response, and is None if it was accepted. `headers` and `answer` are the beginning of
    the response; None if they are not kept.
    """

    number: int
    begun_at: datetime
    milliseconds: int
    status: int | None
    error: str | None
    headers: Mapping[str, str] | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries of an endpoint to list: of which state, and created when.

    `before` is the delivery behind which a part of the list begins: its creation time and id.
    """

    state: DeliveryState | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, UUID] | None = None
