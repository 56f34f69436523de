"""What is stored and forgotten, run by run."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from answerdesk.core.errors import Conflict
from answerdesk.core.tenancy import parse_public_id
from answerdesk.leads.events import LEAD_CREATED
from tests.webhooks.deliveries.place import CANARY, Place, placed
from tests.webhooks.receiver import Receiver, Request, answer, receiving


@pytest.fixture
async def place(receiver: Receiver) -> AsyncIterator[Place]:
    async with placed(receiver.at("/", answer())) as place:
        yield place


async def test_fanning_out_twice_delivers_once(place: Place, receiver: Receiver) -> None:
    """As after a crash of the worker."""
    events = await place.happen(3)
    for _ in range(2):
        await place.fan_out(events)
        await place.deliver()
    assert sorted(one.json["event"] for one in receiver.of("/")) == events
    assert [one.event_id for one in await place.deliveries()] == events


async def test_jobs_that_come_together_share_a_transaction(place: Place) -> None:
    """Each has its events' deliveries added when it ends."""
    events = await place.happen(20)
    fan_out = place.fanning_out()
    for begun in asyncio.as_completed([fan_out([one]) for one in events]):
        await begun
    assert sorted(one.event_id or 0 for one in await place.deliveries()) == events
    (transactions,) = place.rows("select count(distinct xmin::text) from webhook_delivery")[0]
    assert transactions < 10


async def test_a_body_that_cannot_be_built_holds_up_no_other(
    place: Place, receiver: Receiver
) -> None:
    events = await place.happen(5)
    place.encoder.broken = [events[2]]
    await place.fan_out(events)
    await place.deliver()
    states = [one.state for one in await place.deliveries()]
    assert states == ["delivered", "delivered", "pending", "delivered", "delivered"]
    delivery, (attempt,) = await place.one((await place.deliveries())[2].id)
    assert "could not be built" in (attempt.error or "")
    assert (attempt.status, delivery.error) == (None, attempt.error)
    # It is tried again like any other, and is no fault of the receiver's.
    assert place.rows("select failing_since from webhook_endpoint") == [(None,)]
    place.encoder.broken = []
    place.now_due()
    await place.deliver()
    assert receiver.of("/")[-1].json["event"] == events[2]


async def test_an_attempt_that_cannot_be_made_holds_up_no_other(
    place: Place, receiver: Receiver
) -> None:
    place.encoder.unsendable = [b"two"]
    ids = [await place.send(body) for body in (b"one", b"two", b"three")]
    await place.deliver()
    assert {one.body for one in receiver.of("/")} == {b"one", b"three"}
    states = await place.states(ids)
    assert [states[one] for one in ids] == ["delivered", "pending", "delivered"]
    _, (attempt,) = await place.one(ids[1])
    assert "could not be sent" in (attempt.error or "")


async def test_what_is_gone_is_cancelled(place: Place, receiver: Receiver) -> None:
    events = await place.happen(2)
    place.encoder.gone = events[:1]
    await place.fan_out(events)
    await place.deliver()
    assert [one.state for one in await place.deliveries()] == ["cancelled", "delivered"]
    assert len(receiver.of("/")) == 1


async def test_bodies_are_sealed_and_kept_for_sending_again(
    place: Place, receiver: Receiver
) -> None:
    await place.fan_out(await place.happen())
    await place.deliver()
    (delivery,) = await place.deliveries()
    assert place.bodies() == {delivery.id}
    assert (
        place.rows("select 1 from stored_secret where position(%s in sealed) > 0", _bytes()) == []
    )
    assert receiver.of("/")[0].json["said"] == CANARY


def _bytes() -> bytes:
    return CANARY.encode()


@pytest.mark.parametrize(
    ("statuses", "state"), [([200], "delivered"), ([500, 500, 500], "failed"), ([410], "failed")]
)
async def test_of_a_private_one_nothing_is_kept(
    statuses: list[int], state: str, place: Place, receiver: Receiver
) -> None:
    echo = [answer(one, _bytes(), x_echo=CANARY) for one in statuses]
    receiver.at("/", *echo)
    delivery_id = await place.send(private=True)
    for _ in statuses:
        assert place.bodies() == {delivery_id}
        place.now_due()
        await place.deliver()
    assert {one.body for one in receiver.of("/")} == {_bytes()}
    assert place.bodies() == set()
    delivery, attempts = await place.one(delivery_id)
    assert (delivery.state, delivery.private) == (state, True)
    assert [one.status for one in attempts] == statuses
    assert {(one.headers, one.answer) for one in attempts} == {(None, None)}
    for table in ("webhook_delivery", "webhook_attempt", "due_job"):
        found = place.rows(f"select 1 from {table} as t where t::text like %s", f"%{CANARY}%")
        assert found == []
    with pytest.raises(Conflict, match="not kept"):
        await place.replay(delivery_id)


async def test_what_waits_for_a_disabled_webhook_fails(place: Place, receiver: Receiver) -> None:
    await place.fan_out(await place.happen(2))
    private = await place.send(private=True)
    place.rows("update webhook_endpoint set enabled = false returning 1")
    await place.deliver()
    deliveries = await place.deliveries()
    assert {(one.state, one.error) for one in deliveries} == {("failed", "The webhook is disabled")}
    assert private not in place.bodies()
    assert receiver.received == []
    # Its events can still be told once it is enabled.
    place.rows("update webhook_endpoint set enabled = true returning 1")
    for one in deliveries[:2]:
        await place.replay(one.id)
    await place.deliver()
    assert len(receiver.of("/")) == 2


async def test_what_waits_when_its_owner_disables_a_webhook_ends_soon(
    place: Place, receiver: Receiver
) -> None:
    receiver.at("/", answer(500))
    private = await place.send(private=True)
    place.rows("delete from due_job where name = 'webhooks.deliver' returning 1")
    await place.deliver()
    assert place.bodies() == {private}
    due_now = "select run_at <= now() from due_job where name = 'webhooks.deliver'"
    assert place.rows(due_now) == [(False,)]
    await place.disable()
    assert place.rows(due_now) == [(True,)]
    await place.deliver()
    assert await place.states([private]) == {private: "failed"}
    assert place.bodies() == set()
    assert len(receiver.received) == 1


async def test_what_is_cancelled_is_not_sent(place: Place, receiver: Receiver) -> None:
    delivery_id = await place.send(private=True)
    assert await place.cancel(delivery_id)
    assert not await place.cancel(delivery_id)
    assert place.bodies() == set()
    await place.deliver()
    assert receiver.received == []
    assert await place.states([delivery_id]) == {delivery_id: "cancelled"}
    sent = await place.send()
    await place.deliver()
    assert not await place.cancel(sent)
    assert await place.states([sent, delivery_id]) == {sent: "delivered", delivery_id: "cancelled"}


async def test_erasing_somebody_forgets_what_was_told_of_them(
    place: Place, receiver: Receiver
) -> None:
    """What waits is cancelled; of what has ended, no body and no answer is left."""
    subject = parse_public_id("lead", LEAD_CREATED.example.lead_id)
    assert subject is not None
    await place.fan_out(await place.happen())
    await place.deliver()
    receiver.at("/", answer(500, _bytes()))
    await place.fan_out(await place.happen())
    await place.deliver()
    other = await place.send()
    about = await place.send(about=[subject])
    assert await place.cancel_about(subject) == 2
    assert await place.cancel_about(UUID(int=1)) == 0
    assert place.bodies() == {other}
    deliveries = await place.deliveries()
    assert [one.state for one in deliveries] == ["delivered", "cancelled", "pending", "cancelled"]
    assert deliveries[3].id == about
    for one in deliveries[:2]:
        _, (attempt,) = await place.one(one.id)
        assert (attempt.headers, attempt.answer) == (None, None)


async def test_what_has_ended_is_forgotten_after_its_days(place: Place, receiver: Receiver) -> None:
    receiver.at("/", answer(), answer(500))
    await place.fan_out(await place.happen(2))
    await place.deliver()
    # Both are sent at once, so either may be the one that is refused.
    old, pending = sorted(await place.deliveries(), key=lambda one: one.state == "pending")
    later = await place.send()
    receiver.at("/", answer())
    await place.deliver()
    place.rows(
        "update webhook_delivery set created_at = now() - %s, ended_at = case when state <>"
        " 'pending' then now() - %s end where id <> %s returning 1",
        timedelta(days=30.1),
        timedelta(days=30.1),
        later,
    )
    await place.forget()
    assert {one.id for one in await place.deliveries()} == {pending.id, later}
    assert place.bodies() == {pending.id, later}
    assert place.rows("select 1 from webhook_attempt where delivery_id = %s", old.id) == []
    # And again tomorrow.
    assert place.rows("select 1 from due_job where key = %s", "webhooks.forget_deliveries")


@pytest.mark.parametrize(
    ("meanwhile", "told", "state"),
    [
        ("cancelled", 200, "cancelled"),
        ("cancelled", 500, "cancelled"),
        ("failed", 500, "failed"),
        # It has arrived after all.
        ("failed", 200, "delivered"),
    ],
)
async def test_an_attempt_that_ends_after_its_delivery(
    meanwhile: str, told: int, state: str, place: Place, receiver: Receiver
) -> None:
    def end_first(request: Request) -> None:
        place.rows(
            "update webhook_delivery set state = %s, ended_at = now() returning 1", meanwhile
        )
        answer(told)(request)

    receiver.at("/", end_first)
    delivery_id = await place.send()
    await place.deliver()
    delivery, _ = await place.one(delivery_id)
    assert delivery.state == state


async def test_a_failing_receiver_is_sent_one_at_a_time_and_rests(
    place: Place, receiver: Receiver
) -> None:
    receiver.at("/", answer(500))
    await place.fan_out(await place.happen(30))
    place.rows("update webhook_endpoint set failing_since = now() - interval '1 hour' returning 1")
    for attempt in range(3):
        await place.deliver()
        assert len(receiver.of("/")) == attempt + 1
        (rest,) = place.rows("select resting_until - now() from webhook_endpoint")[0]
        assert timedelta(seconds=30) < rest <= timedelta(seconds=60)
        await place.deliver()
        assert len(receiver.of("/")) == attempt + 1
        place.rows("update webhook_endpoint set resting_until = null returning 1")
    # As soon as one is accepted, everything else is.
    receiver.at("/", answer())
    await place.deliver()
    assert len([one for one in await place.deliveries() if one.state == "delivered"]) == 27


async def test_a_run_ends_so_that_others_have_their_turn(place: Place) -> None:
    """It schedules the next one, which goes on."""
    with receiving() as slow:

        def wait(request: Request) -> None:
            slow.closing.wait(0.5)
            answer()(request)

        place.rows("update webhook_endpoint set url = %s returning 1", slow.at("/", wait))
        await place.fan_out(await place.happen(90))
        place.rows("delete from due_job returning 1")
        await place.deliver()
        sent = len(slow.of("/"))
        assert 8 <= sent < 90
        assert place.rows("select state from due_job where name = 'webhooks.deliver'") == [
            ("ready",)
        ]
        states = [one.state for one in await place.deliveries()]
        assert states.count("delivered") == sent
