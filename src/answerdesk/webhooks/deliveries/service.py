"""Deliveries as other modules use them: sending, cancelling, looking, and sending again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal
from answerdesk.accounts.secrets import delete_secret, delete_secrets, get_secret, put_secret
from answerdesk.core.crypto import Sealer
from answerdesk.core.errors import Conflict, InvalidInput, NotFound
from answerdesk.core.events import Event
from answerdesk.core.tenancy import ProjectId, new_id, public_id
from answerdesk.webhooks.deliveries.repository import log as repository
from answerdesk.webhooks.deliveries.repository import sending
from answerdesk.webhooks.deliveries.run import Engine
from answerdesk.webhooks.deliveries.sending import Target
from answerdesk.webhooks.deliveries.types import (
    BODY,
    DELIVERY_PREFIX,
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryState,
)
from answerdesk.webhooks.encoding import written
from answerdesk.webhooks.secrets import secrets_of
from answerdesk.webhooks.service import get_endpoint, schedule_run
from answerdesk.webhooks.types import Endpoint

MOST_REPLAYED: Final = 10_000
"""Maximum deliveries that one call sends again."""

_EXAMPLE_PROJECT: Final = ProjectId(UUID("5f0c6e9b-8a7d-4e21-b3c4-d5e6f7a8b9c0"))


async def send(
    session: AsyncSession,
    sealer: Sealer,
    endpoint: Endpoint,
    *,
    type: str,  # noqa: A002  # As everywhere else.
    body: bytes,
    private: bool = False,
    about: Sequence[UUID] = (),
) -> UUID:
    """Send a body that is written already, once the transaction commits; return the delivery's id.

    Of a `private` one nothing that the body or an answer says is kept after its end. `about` are
    the ids of what it tells of, for `cancel_about`. Call it last in a transaction.
    """
    delivery_id = new_id()
    await repository.add(session, endpoint, delivery_id, type=type, private=private, about=about)
    await put_secret(session, sealer, delivery_id, BODY, body)
    await schedule_run(session, endpoint.account_id, endpoint.id)
    return delivery_id


async def cancel(session: AsyncSession, delivery_id: UUID) -> bool:
    """Cancel a delivery and forget its body; tell whether it was still pending.

    An attempt that is under way may still arrive.
    """
    if not await sending.cancel(session, [delivery_id], None):
        return False
    await delete_secret(session, delivery_id, BODY)
    return True


async def cancel_about(session: AsyncSession, *subjects: UUID) -> int:
    """Cancel what is pending about things that are erased, and forget all bodies and answers.

    Returns how many deliveries were cancelled. A body that is being built meanwhile may be stored
    later: `forget_cancelled` finds it.
    """
    found = await repository.about(session, subjects)
    if not found:
        return 0
    cancelled = await sending.cancel(session, found, None)
    await delete_secrets(session, found, BODY)
    await repository.forget_answers(session, found)
    return cancelled


async def forget_cancelled(session: AsyncSession) -> None:
    """Forget the bodies of cancelled deliveries: nobody sends them any more."""
    await delete_secrets(session, await repository.cancelled_with(session, BODY), BODY)


async def states_of(
    session: AsyncSession, delivery_ids: Sequence[UUID]
) -> Mapping[UUID, DeliveryState]:
    """Return the states of those of the tenant's deliveries that are still there."""
    return await repository.states(session, delivery_ids)


async def list_deliveries(
    session: AsyncSession, endpoint: Endpoint, wanted: DeliveryFilter, limit: int
) -> Sequence[Delivery]:
    """Return at most `limit` of an endpoint's deliveries, newest first."""
    return await repository.list_before(session, endpoint.id, wanted, limit)


async def get_delivery(
    session: AsyncSession, endpoint: Endpoint, delivery_id: UUID
) -> tuple[Delivery, Sequence[Attempt]]:
    """Return a delivery of the endpoint with its attempts, oldest first. Raises NotFound."""
    found = await _found(session, endpoint, delivery_id)
    return found, await repository.attempts(session, delivery_id)


async def body_of(session: AsyncSession, sealer: Sealer, delivery: Delivery) -> str | None:
    """Return what is sent; None if it is not written yet, not kept any more, or private."""
    if delivery.private:
        return None
    body = await get_secret(session, sealer, delivery.id, BODY)
    return None if body is None else body.decode("utf-8", "replace")


async def _found(session: AsyncSession, endpoint: Endpoint, delivery_id: UUID) -> Delivery:
    found = await repository.get(session, endpoint.id, delivery_id)
    if found is None:
        raise delivery_not_found()
    return found


def delivery_not_found() -> NotFound:
    return NotFound("Delivery not found", code="delivery_not_found")


async def replay(session: AsyncSession, endpoint: Endpoint, delivery_id: UUID) -> Delivery:
    """Send a delivery that has ended again: the same id, the same bytes, a new series of attempts.

    Raises NotFound and Conflict.
    """
    _require_enabled(endpoint)
    found = await _found(session, endpoint, delivery_id)
    if found.state == "pending":
        raise Conflict(
            "This delivery has not ended; it is tried again by itself", code="delivery_pending"
        )
    if found.private or found.state == "cancelled":
        raise Conflict(
            "The body of this delivery is not kept, so it cannot be sent again",
            code="delivery_not_kept",
        )
    again = await repository.replay(session, delivery_id)
    await schedule_run(session, endpoint.account_id, endpoint.id)
    return again


async def replay_failed(
    session: AsyncSession, endpoint: Endpoint, since: datetime, until: datetime
) -> int:
    """Send all failed deliveries again that were created from `since` to before `until`.

    The oldest come first, at most `MOST_REPLAYED`; returns how many. Raises Conflict.
    """
    _require_enabled(endpoint)
    if since >= until:
        raise InvalidInput("since has to be before until", code="range_empty")
    count = await repository.replay_failed(session, endpoint.id, since, until, MOST_REPLAYED)
    if count:
        await schedule_run(session, endpoint.account_id, endpoint.id)
    return count


def _require_enabled(endpoint: Endpoint) -> None:
    if not endpoint.enabled:
        raise Conflict(
            "This webhook is disabled; enable it before you send deliveries again",
            code="webhook_disabled",
        )


async def test(
    engine: Engine, caller: Principal, endpoint_id: UUID, event_type: str | None
) -> Attempt:
    """Send the example of an event now, and return what came back; nothing of it is kept.

    Without `event_type` it is the first that the endpoint is sent. Disabled endpoints can be
    tested, too. Raises NotFound and InvalidInput.
    """
    own = engine.endpoints
    async with engine.database.transaction(caller.account_id) as session:
        endpoint = await get_endpoint(session, caller, endpoint_id)
        secrets = await secrets_of(session, own.sealer, endpoint_id)
    told = own.told_by(endpoint.format)
    if not told:
        raise InvalidInput(
            f"The format {endpoint.format} tells no events, so there is no example to send",
            code="nothing_to_test",
        )
    if event_type is not None and event_type not in told:
        raise InvalidInput(
            f"type: the format {endpoint.format} can't tell {event_type!r}; it tells "
            f"{', '.join(told)}",
            code="event_not_in_format",
        )
    chosen = event_type or (endpoint.events or told)[0]
    encoder = own.encoders[endpoint.format]
    payload = own.event_types[chosen].example.model_dump(mode="json", exclude_none=True)
    project_id = endpoint.project_id or _EXAMPLE_PROJECT
    event = Event(0, project_id, chosen, payload, datetime.now(UTC))
    outcome = await engine.sender.send(
        Target(endpoint, secrets, encoder),
        public_id(DELIVERY_PREFIX, new_id()),
        written(encoder.example(event)),
    )
    return outcome.attempt
