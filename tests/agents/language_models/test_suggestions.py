"""A reply that a model suggests: what it is given of a conversation, and what it is not."""

import json
from typing import Any

import httpx
import pytest

from tests.agents.actions.conftest import order_status
from tests.agents.language_models.calls import calls
from tests.agents.language_models.conftest import says
from tests.agents.language_models.test_playground import (
    ASKED,
    QUESTION,
    Shop,
    counts,
    server,
)
from tests.conftest import Rows
from tests.conversations.visitors.site import Site
from tests.waiting import attempts
from tests.webhooks.receiver import Receiver, silence

__all__ = ["server"]

KEPT_SECRET = "She owes us ninety euros."
ANSWER = "The small plan costs nine euros a month [1]."


@pytest.fixture
def shop(owner: httpx.Client, visitor: httpx.Client, receiver: Receiver) -> Shop:
    return Shop(Site(owner, visitor), receiver)


def taken(shop: Shop, *wrote: str) -> str:
    """Return a conversation that a person has taken before the visitor wrote all but the first."""
    guest = shop.site.guest()
    conversation = guest.start("Hello!")
    path = f"/v1/conversations/{conversation}"
    shop.site.owner.post(f"{path}/claim").raise_for_status()
    shop.site.owner.post(f"{path}/notes", json={"content": KEPT_SECRET}).raise_for_status()
    for text in wrote:
        guest.ask(text, conversation_id=conversation)
    return conversation


def suggested(shop: Shop, conversation: str) -> dict[str, Any]:
    response = shop.site.owner.post(f"/v1/conversations/{conversation}/suggestion")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_the_model_of_the_conversations_agent_writes_it(shop: Shop) -> None:
    conversation = taken(shop, QUESTION)
    shop.models.answers(says(ANSWER))
    found = suggested(shop, conversation)
    assert found["text"] == "The small plan costs nine euros a month."
    assert (found["model"], found["withheld"]) == ("tiny", None)
    assert [one["title"] for one in found["sources"]] == ["Prices"]


def test_what_the_model_said_is_not_suggested_again(shop: Shop) -> None:
    shop.models.answers(says(ANSWER))
    guest = shop.site.guest()
    conversation = guest.start(QUESTION)
    shop.site.owner.post(f"/v1/conversations/{conversation}/claim").raise_for_status()
    guest.ask(QUESTION, conversation_id=conversation)
    found = suggested(shop, conversation)
    assert (found["text"], found["withheld"]) == (None, "said_before")


def test_what_the_model_says_of_nothing_is_withheld(shop: Shop) -> None:
    conversation = taken(shop, QUESTION)
    shop.models.answers(says("Sorry, I can't help you with that today."))
    found = suggested(shop, conversation)
    assert (found["decision"], found["text"], found["withheld"]) == ("abstain", None, "no_answer")


def test_notes_and_addresses_stay_here(shop: Shop) -> None:
    """A note is for colleagues: no model is given it, nor what the owner has redacted."""
    conversation = taken(shop, f"{QUESTION} Write to ada@example.com, card 4111 1111 1111 1111.")
    shop.models.answers(says(ANSWER))
    suggested(shop, conversation)
    sent = json.dumps([json.loads(one.body) for one in shop.models.asked()])
    assert "small plan" in sent
    for secret in (KEPT_SECRET, "ada@example.com", "4111"):
        assert secret not in sent


def test_actions_are_named_and_not_called(shop: Shop, rows: Rows) -> None:
    add = f"{shop.site.path}/actions"
    order = order_status(shop.receiver.url)
    action = shop.site.owner.post(add, json={**order, "triggers": []}).json()
    shop.use(actions=[action["id"]])
    conversation = taken(shop, ASKED)
    before = counts(rows)
    shop.models.answers(calls(("order_status", {"order": "A-1234"})), says("NO_ANSWER"))
    found = suggested(shop, conversation)
    assert [one["values"] for one in found["actions"]] == [{"order": "A-1234"}]
    by_rule = shop.site.owner.post(add, json={**order, "name": "Order by rule"}).json()
    found = suggested(shop, conversation)
    assert (found["decision"], found["text"], found["withheld"]) == ("act", None, "action")
    assert [one["id"] for one in found["actions"]] == [by_rule["id"]]
    assert counts(rows) == before
    assert not [one for one in shop.receiver.received if one.path.startswith("/orders")]


def test_a_client_that_hangs_up_ends_the_work(shop: Shop, rows: Rows) -> None:
    conversation = taken(shop, QUESTION)
    shop.models.answers(silence)
    with pytest.raises(httpx.ReadTimeout):
        shop.site.owner.post(f"/v1/conversations/{conversation}/suggestion", timeout=1.5)
    for _ in attempts(10):  # A model that is waited for has 25 seconds.
        if rows("select count(*) from spending_reservation")[0][0] == 0:
            break
    assert rows("select count(*) from spending_reservation")[0][0] == 0
