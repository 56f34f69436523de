"""Whatever is killed, what was acknowledged is answered, and its events arrive."""

import random

import pytest

from tests.waiting import PATIENCE, attempts
from tests.webhooks.chaos import (
    CLIENTS,
    Client,
    Installation,
    Sink,
    chaos,
    make_trouble,
    wait_until_drained,
)
from tests.webhooks.hooks import created

TOLD = ["conversation.started", "message.received", "message.sent", "question.unanswered"]


def _nothing_is_lost(*, kills: int, database_kills: int, pause: float) -> None:
    with chaos() as (installation, desk, receiver):
        desk.add_text("Numbers", "Number seven is lucky. Number three is holy.")
        sink = Sink(random.Random(14))
        url = receiver.at("/sink", sink)
        created(desk.owner, url=url, events=TOLD, project_id=desk.project_id)
        clients = [
            Client(installation.server, desk.project_id, number) for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        make_trouble(installation, kills, database_kills, pause)
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join(timeout=PATIENCE)
        acknowledged = {one for client in clients for one in client.acknowledged}
        to_answer = acknowledged - {one for client in clients for one in client.sent_back}
        _wait_for_answers(installation, to_answer)
        drained = wait_until_drained(installation, TOLD, PATIENCE)
        told = sink.told.values()
        received = {one["data"]["message_id"] for one in told if one["type"] == "message.received"}
        answered = [one["data"]["question_id"] for one in told if one["type"] == "message.sent"]
        after = {number for number, (name, _) in installation.events().items() if name in TOLD}
        assert len(acknowledged) > 20
        assert acknowledged - received == set()
        assert to_answer - set(answered) == set()
        assert len(answered) == len(set(answered))
        assert after - sink.told.keys() == set()
        assert all(len(bodies) == 1 for bodies in sink.bodies.values())
        assert sink.repeated <= 0.05
        assert drained <= 60


def _wait_for_answers(installation: Installation, acknowledged: set[str]) -> None:
    answered: set[str] = set()
    for _ in attempts(PATIENCE):
        answered = {
            payload["question_id"]
            for name, payload in installation.events().values()
            if name == "message.sent"
        }
        if acknowledged <= answered:
            return
    left = {one: installation.turn(one) for one in acknowledged - answered}
    raise AssertionError(f"never answered: {left}")


def test_kills_lose_no_message_and_no_delivery() -> None:
    _nothing_is_lost(kills=9, database_kills=1, pause=2.0)


@pytest.mark.soak
def test_many_kills_lose_no_message_and_no_delivery() -> None:
    _nothing_is_lost(kills=44, database_kills=4, pause=3.0)
