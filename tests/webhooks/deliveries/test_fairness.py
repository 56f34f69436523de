"""A receiver that answers nothing delays nobody else, however much waits for it."""

from collections.abc import Iterator

import pytest

from tests.accounts.people import sign_up
from tests.conftest import Desk, Server, serving
from tests.waiting import PATIENCE, attempts
from tests.webhooks.deliveries.conftest import NETWORKS, Hooks
from tests.webhooks.receiver import Receiver, answer, silence

EVENTS = 40
_PLACES = 32
"""Webhooks of an account to which a worker sends at a time (`deliveries/tasks`)."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that waits a minute for an answer, longer than anything here takes."""
    with serving(ANSWERDESK_WEBHOOK_NETWORKS=NETWORKS, ANSWERDESK_WEBHOOK_SECONDS="60") as running:
        yield running
        running.kill()  # Not stopped, which waits: deliveries are under way.


def test_another_webhook_of_the_project_is_not_delayed(hooks: Hooks) -> None:
    dead = hooks.webhook(silence)
    hooks.lead()
    dead.received()
    alive = hooks.webhook(answer())
    for _ in range(EVENTS):
        hooks.lead()
    assert len({one.id for one in alive.received(EVENTS)}) == EVENTS
    waiting = dead.deliveries(state="pending", limit="200")
    assert len(waiting) == EVENTS + 1
    assert {one["attempts"] for one in waiting} == {0}
    # So many requests at most are under way to one receiver.
    assert len(dead.received()) <= 8


def test_another_account_is_not_delayed(hooks: Hooks, server: Server, receiver: Receiver) -> None:
    """Nor by more silent receivers than a worker sends to at a time."""
    dead = [hooks.webhook(silence) for _ in range(_PLACES + 8)]
    hooks.lead()
    for _ in attempts(PATIENCE):
        if len(receiver.received) == _PLACES:
            break
    assert len(receiver.received) == _PLACES
    person = sign_up(server)
    with server.client() as visitor:
        other = Hooks(Desk(person.client, visitor), receiver)
        alive = [other.webhook(answer()) for _ in range(2)]
        other.lead()
        for webhook in alive:
            webhook.received()
    assert all(one["attempts"] == 0 for webhook in dead for one in webhook.deliveries())
