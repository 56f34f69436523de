"""The playground: refusals first; then what is answered, what is named, and that nothing stays."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.agents.actions.conftest import order_status
from tests.agents.language_models.calls import calls
from tests.agents.language_models.conftest import KEY, NETWORKS, Models, path, says
from tests.conftest import Rows, Server, rows_of, serving
from tests.conversations.test_owner_reads import key_with
from tests.conversations.visitors.site import Site, assert_problem
from tests.waiting import attempts
from tests.webhooks.receiver import Receiver, silence

PRICES = "The small plan costs nine euros a month. Delivery takes three days."
QUESTION = "What does the small plan cost?"
ASKED = "Where is my order A-1234?"
KEPT = ("conversation", "visitor", "message", "turn", "event", "action_call", "lead")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that may call models and actions on this machine."""
    with serving(**NETWORKS, ANSWERDESK_ACTION_NETWORKS="127.0.0.0/8") as running:
        yield running


@pytest.fixture(scope="session")
def rows(server: Server) -> Iterator[Rows]:
    yield from rows_of(server)


class Shop:
    """A project whose agent answers with a model."""

    def __init__(self, site: Site, receiver: Receiver) -> None:
        self.site = site
        self.receiver = receiver
        self.models = Models(site, receiver)
        self.model = self.models.add("Fast", key=KEY)
        [self.agent] = site.owner.get(f"{site.path}/agents").json()["items"]
        self.use(model="Fast")
        site.add_text("Prices", PRICES)

    @property
    def path(self) -> str:
        return f"{self.site.path}/playground"

    def use(self, **settings: Any) -> None:
        changed = self.site.owner.patch(
            f"{self.site.path}/agents/{self.agent['id']}", json=settings
        )
        assert changed.status_code == 200, changed.text

    def post(self, question: Any = QUESTION, **fields: Any) -> httpx.Response:
        return self.site.owner.post(self.path, json={"question": question, **fields})

    def ask(self, question: str = QUESTION, **fields: Any) -> dict[str, Any]:
        answered = self.post(question, **fields)
        assert answered.status_code == 200, answered.text
        body: dict[str, Any] = answered.json()
        return body

    def stored_trace(self) -> dict[str, Any]:
        """Return the trace of the same question of a visitor's."""
        conversation = self.site.guest().start(QUESTION)
        listed = self.site.owner.get(f"/v1/conversations/{conversation}").json()["messages"]
        trace: dict[str, Any] = listed[0]["turn"]["trace"]
        return trace


@pytest.fixture
def shop(owner: httpx.Client, visitor: httpx.Client, receiver: Receiver) -> Shop:
    return Shop(Site(owner, visitor), receiver)


def counts(rows: Rows) -> list[Any]:
    return [rows(f"select count(*) from {table}")[0] for table in KEPT]  # Constants.


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": " "},
        {"question": "x" * 8001},
        {"question": QUESTION, "threshold": 1.1},
        {"question": QUESTION, "threshold": "high"},
        {"question": QUESTION, "history": [{"question": "Hm?", "answer": "So."}] * 21},
        {"question": QUESTION, "history": [{"question": "Hm?"}]},
        {"question": QUESTION, "stream": True},
    ],
)
def test_what_is_no_question_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    assert_problem(shop.site.owner.post(shop.path, json=body), 422, "invalid_input")


def test_only_those_who_may_change_agents_ask(shop: Shop) -> None:
    body = {"question": QUESTION}
    assert shop.site.visitor.post(shop.path, json=body).status_code == 401
    reader = key_with(shop.site.owner, scopes=["read", "knowledge:write"])
    refused = shop.site.visitor.post(shop.path, json=body, headers=reader)
    assert_problem(refused, 403, "scope_missing")


def test_agents_and_models_of_others_are_not_found(shop: Shop) -> None:
    other = Shop(Site(shop.site.owner, shop.site.visitor), shop.receiver)
    for agent in (other.agent["id"], f"agent_{'0' * 32}", "x"):
        assert_problem(shop.post(agent_id=agent), 404, "agent_not_found")
    for model in (other.model["id"], f"model_{'0' * 32}", "x"):
        assert_problem(shop.post(model_id=model), 404, "language_model_not_found")
    assert shop.models.asked() == []


def test_a_reached_cap_is_told(shop: Shop) -> None:
    shop.site.change(message_caps={"per_visitor_per_day": 1})
    shop.ask(model_id=None)
    assert shop.ask("Hello!")["decision"] == "small_talk"
    assert_problem(shop.post(model_id=None), 403, "message_cap_reached")


def test_a_spending_cap_leaves_the_passages(shop: Shop) -> None:
    shop.site.change(spending_caps={"per_day": {"tokens": 1}})
    answered = shop.ask()
    assert answered["trace"]["generation"] == {"failed": "spending_cap"}
    assert "nine euros" in answered["content"]


def test_the_record_is_that_of_a_stored_answer(shop: Shop) -> None:
    shop.models.answers(says("The small plan costs nine euros a month [1]."))
    tried, stored = shop.ask(), shop.stored_trace()
    assert tried["decision"] == "answer"
    assert tried["agent_id"] == shop.agent["id"]
    assert [one["title"] for one in tried["sources"]] == ["Prices"]
    assert tried["certainty"]["level"] == "sure"
    assert tried["trace"].keys() == stored.keys()
    assert tried["trace"]["generation"].keys() == stored["generation"].keys()
    assert tried["trace"]["candidates"] == stored["candidates"]
    assert tried["trace"]["generation"]["prompt"] == stored["generation"]["prompt"]
    assert tried["trace"]["generation"]["verdicts"] == stored["generation"]["verdicts"]


def test_a_model_is_chosen_and_left_out(shop: Shop) -> None:
    large = shop.models.add("Large", model="large")
    assert shop.ask(model_id=large["id"])["trace"]["generation"]["model"] == "large"
    asked = len(shop.models.asked())
    plain = shop.ask(model_id=None)
    assert "generation" not in plain["trace"]
    assert "nine euros" in plain["content"]
    assert len(shop.models.asked()) == asked
    shop.site.owner.delete(path(large))


def test_the_threshold_decides(shop: Shop) -> None:
    found = shop.ask(model_id=None)
    assert (found["decision"], found["threshold"]) == ("answer", 0.25)
    strict = shop.ask(model_id=None, threshold=1)
    assert (strict["decision"], strict["threshold"]) == ("abstain", 1)
    assert strict["confidence"] == found["confidence"]


def test_the_chat_so_far_counts(shop: Shop) -> None:
    history = [{"question": QUESTION, "answer": PRICES}]
    tried = shop.ask("And how long does delivery take?", history=history, model_id=None)
    assert "three days" in tried["content"]
    assert len(tried["trace"]["queries"]) > 1


def test_a_request_for_a_person_is_decided_as_in_a_conversation(shop: Shop) -> None:
    tried = shop.ask("I want to talk to a human.")
    assert (tried["decision"], tried["trace"], tried["confidence"]) == ("hand_off", {}, None)
    assert tried["content"]


def test_actions_are_named_and_nothing_is_kept(shop: Shop, rows: Rows) -> None:
    order = order_status(shop.receiver.url)
    add = f"{shop.site.path}/actions"
    by_model = shop.site.owner.post(add, json={**order, "triggers": []}).json()
    shop.use(actions=[by_model["id"]])
    before = counts(rows)
    shop.models.answers(calls(("order_status", {"order": "A-1234"})), says("NO_ANSWER"))
    tried = shop.ask(ASKED)
    named = {"id": by_model["id"], "name": by_model["name"], "step": "call", "wanted": ""}
    assert tried["actions"] == [{**named, "values": {"order": "A-1234"}}]
    [call] = tried["trace"]["generation"]["calls"]
    assert (call["verdict"], call["arguments"]) == ("would_call", {"order": "A-1234"})
    by_rule = shop.site.owner.post(add, json={**order, "name": "Order by rule"}).json()
    tried = shop.ask(ASKED)
    assert (tried["decision"], tried["content"]) == ("act", "")
    assert tried["trace"] == {"action": by_rule["id"], "step": "call"}
    assert [one["name"] for one in tried["actions"]] == ["Order by rule"]
    assert counts(rows) == before
    assert not [one for one in shop.receiver.received if one.path.startswith("/orders")]


def test_a_client_that_hangs_up_ends_the_work(shop: Shop, rows: Rows) -> None:
    shop.models.answers(silence)
    with pytest.raises(httpx.ReadTimeout):
        shop.site.owner.post(shop.path, json={"question": QUESTION}, timeout=1.5)
    assert shop.models.asked()
    for _ in attempts(10):  # A model that is waited for has 25 seconds.
        if rows("select count(*) from spending_reservation")[0][0] == 0:
            break
    assert rows("select count(*) from spending_reservation")[0][0] == 0
