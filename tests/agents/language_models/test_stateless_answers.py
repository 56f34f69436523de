"""A program's questions answered by a model of the catalogue; nothing of them is kept."""

import json
from typing import Any

import httpx
import pytest

from tests.agents.language_models.conftest import refuses, says
from tests.agents.language_models.test_answers import PRICES, QUESTION, SAID, Shop
from tests.conftest import Rows
from tests.conversations.visitors.site import Site
from tests.dialects.novaro.api import events_of
from tests.webhooks.receiver import Answer, Receiver, answer

PLAIN = "The small plan costs nine euros a month. It flies to the moon."
CUT: Answer = answer(
    200,
    b'data: {"choices": [{"delta": {"content": "The small plan costs "}}]}\n\n',
    content_type="text/event-stream",
)


class Program:
    """A server of the owner's that asks an agent over Novaro's API."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.agent = shop.agent.rpartition("/")[2]

    def ask(self, *, stream: bool = False, **fields: Any) -> httpx.Response:
        said = {"role": "user", "content": QUESTION}
        body = {"agentId": self.agent, "messages": [said], **fields}
        headers = {"Accept": "text/event-stream"} if stream else {}
        asked = self.shop.site.owner.post("/api/v1/messages", json=body, headers=headers)
        assert asked.status_code == 200, asked.text
        return asked

    def said(self) -> str:
        """Return the answer; without the marks of what answers in a passage."""
        [message] = self.ask().json()["messages"]
        text: str = message["content"]
        return text.replace("**", "")

    def streamed(self) -> tuple[str, str]:
        """Return what a stream said, and its last event."""
        events = events_of(self.ask(stream=True).text)
        return "".join(data.get("content", "") for _, data in events), events[-1][0]


@pytest.fixture
def shop(owner: httpx.Client, visitor: httpx.Client, receiver: Receiver) -> Shop:
    return Shop(Site(owner, visitor), receiver)


@pytest.fixture
def program(shop: Shop) -> Program:
    return Program(shop)


def test_the_model_answers_without_numbers_whose_sources_nobody_sees(
    shop: Shop, program: Program
) -> None:
    shop.use(persona="You are Ada.")
    shop.models.answers(says(*SAID, asked=50))
    assert program.said() == PLAIN
    assert program.streamed() == (PLAIN, "done")
    asked = shop.models.asked()
    assert len(asked) == 2
    assert asked[0].json["messages"][0]["content"].startswith("You are Ada.")
    assert PRICES in asked[0].json["messages"][0]["content"]


def test_nothing_is_kept_but_what_it_cost(shop: Shop, program: Program, rows: Rows) -> None:
    shop.models.answers(says(*SAID, asked=50))
    program.said()
    project = shop.site.project_id.removeprefix("proj_")
    for table in ("conversation", "visitor", "spending_reservation"):
        [[kept]] = rows(f"select count(*) from {table} where project_id = %s", project)
        assert kept == 0, table
    usage = shop.site.owner.get("/v1/language-models/usage").json()
    [used] = [one for one in usage["models"] if one["project_id"] == shop.site.project_id]
    assert (used["day"]["answers"], used["day"]["input_tokens"]) == (1, 50)


def test_what_is_not_supported_is_not_said_where_the_owner_wants_that(
    shop: Shop, program: Program
) -> None:
    shop.use(verification="remove")
    shop.models.answers(says(*SAID))
    assert program.said() == "The small plan costs nine euros a month."
    assert program.streamed()[0] == "The small plan costs nine euros a month."


def test_over_a_cap_no_model_is_asked_and_the_owner_is_told_once(
    shop: Shop, program: Program, rows: Rows
) -> None:
    shop.cap(per_day={"tokens": 10})
    shop.models.answers(says(*SAID))
    assert "nine euros" in program.said()
    assert "nine euros" in program.said()
    assert shop.models.asked() == []
    told = rows(
        "select payload from event where project_id = %s and type = 'limit.reached'",
        shop.site.project_id.removeprefix("proj_"),
    )
    [[payload]] = told
    assert payload == {"metric": "project_tokens", "limit": 10, "period": "day"}


def test_a_program_is_no_visitor(shop: Shop, program: Program) -> None:
    shop.cap(per_visitor_per_day={"tokens": 10})
    shop.models.answers(says(*SAID))
    assert program.said() == PLAIN


@pytest.mark.parametrize("status", [400, 401, 500])
def test_without_the_model_the_passages_answer(shop: Shop, program: Program, status: int) -> None:
    shop.models.answers(*[refuses(status)] * 9)
    assert program.said() == PRICES
    assert program.streamed()[1] == "done"


def test_an_answer_that_breaks_off_is_none(shop: Shop, program: Program) -> None:
    """Who has seen nothing of it gets the passages; who has is told."""
    shop.models.answers(CUT, CUT)
    assert program.said() == PRICES
    text, last = program.streamed()
    assert (text, last) == ("The small plan costs", "error")


def test_the_native_call_has_the_sources(shop: Shop) -> None:
    shop.models.answers(says(*SAID))
    said = {"role": "user", "content": QUESTION}
    asked = shop.site.owner.post(f"{shop.agent}/replies", json={"messages": [said]})
    assert asked.status_code == 200, asked.text
    body = asked.json()
    assert body["content"] == PLAIN
    assert [one["title"] for one in body["sources"]] == ["Prices"]
    assert "trace" not in json.dumps(body)


def test_the_longest_model_of_a_chain_has_to_fit_under_the_cap(
    shop: Shop, program: Program
) -> None:
    long = shop.models.add("Long", model="large", max_tokens=90_000)
    path = f"/v1/language-models/{shop.model['id']}"
    assert shop.site.owner.patch(path, json={"max_tokens": 50}).status_code == 200
    shop.models.answers(says(*SAID))
    shop.cap(per_day={"tokens": 20_000})
    assert program.said() == PLAIN
    assert shop.site.owner.patch(path, json={"fallback": long["id"]}).status_code == 200
    assert program.said() == PRICES
    shop.cap(per_day={"tokens": 200_000})
    shop.models.answers(refuses(401), says(*SAID))
    assert program.said() == PLAIN
    assert [one.json["max_tokens"] for one in shop.models.asked()] == [50, 50, 90_000]
