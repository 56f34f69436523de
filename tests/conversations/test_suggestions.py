"""A suggested reply: refusals; what is asked, what is withheld, and that nothing stays."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.conftest import Rows
from tests.conversations.test_owner_reads import UNKNOWN, key_with
from tests.conversations.visitors.site import Guest, Site, assert_problem

PRICE = "Express shipping costs twelve euros."
DELIVERY = "Delivery to Germany takes three days."
RETURNS = "Returned goods are refunded within fourteen days of their arrival."
EXPRESS = "What does express shipping cost?"
REFUND = "When are returned goods refunded?"
UNKNOWABLE = "Do you paint bicycles in gold?"
PERSON = "I want to talk to a human, please."
KEPT = (
    *("conversation", "visitor", "message", "turn", "event", "action_call", "lead", "note"),
    *("draft", "answer_source", "question_decision", "audit_entry", "idempotent_request"),
)


@pytest.fixture
def shop(site: Site) -> Site:
    site.add_text("Shipping", PRICE, url="https://shop.example/shipping")
    site.add_text("Delivery", DELIVERY)
    site.add_text("Returns", RETURNS)
    return site


class Asked:
    """A conversation that a person has taken, so that the assistant says nothing more."""

    def __init__(self, site: Site, first: str = UNKNOWABLE, *, taken: bool = True) -> None:
        self.site = site
        self.guest: Guest = site.guest()
        self.id = self.guest.start(first)
        if taken:
            self.do("claim")

    def do(self, what: str, **body: Any) -> None:
        done = self.site.owner.post(f"/v1/conversations/{self.id}/{what}", json=body or None)
        assert done.is_success, done.text

    def write(self, text: str) -> str:
        """Have the visitor write; return the message's id."""
        chat = self.guest.ask(text, conversation_id=self.id)
        return str(chat.first("accepted")["message_id"])

    def post(self, **headers: str) -> httpx.Response:
        return self.site.owner.post(f"/v1/conversations/{self.id}/suggestion", headers=headers)

    def suggested(self) -> dict[str, Any]:
        response = self.post()
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found


def counts(rows: Rows, tables: Sequence[str]) -> dict[str, int]:
    return {one: rows(f"select count(*) from {one}")[0][0] for one in tables}  # Constants.


def test_only_those_who_may_reply_ask(shop: Site) -> None:
    path = f"/v1/conversations/{Asked(shop).id}/suggestion"
    assert shop.visitor.post(path).status_code == 401
    reader = key_with(shop.owner, scopes=["read", "agents:write"])
    assert_problem(shop.visitor.post(path, headers=reader), 403, "scope_missing")
    writer = key_with(shop.owner, scopes=["conversations:write"])
    assert shop.visitor.post(path, headers=writer).status_code == 200


def test_what_is_not_there_is_not_found(shop: Site, visitor: httpx.Client) -> None:
    asked = Asked(shop)
    for conversation in (UNKNOWN, "x"):
        refused = shop.owner.post(f"/v1/conversations/{conversation}/suggestion")
        assert_problem(refused, 404, "conversation_not_found")
    other = Site(shop.owner, visitor)
    elsewhere = key_with(shop.owner, scopes=["conversations:write"], project_ids=[other.project_id])
    assert_problem(asked.post(**elsewhere), 404, "conversation_not_found")
    assert shop.owner.delete(shop.path).is_success
    assert_problem(asked.post(), 404, "conversation_not_found")


def test_a_closed_one_is_refused(shop: Site) -> None:
    asked = Asked(shop)
    asked.do("close")
    assert_problem(asked.post(), 409, "conversation_closed")


def test_what_is_answered_is_not_suggested_again(shop: Site) -> None:
    """Story 15: the assistant's last text is never what it suggests."""
    asked = Asked(shop, EXPRESS)
    problem = assert_problem(asked.post(), 409, "nothing_to_answer")
    assert "is answered" in problem["detail"]
    # Asked once more, the same answer is not offered a second time.
    asked.write(EXPRESS)
    again = asked.suggested()
    assert (again["decision"], again["text"], again["withheld"]) == ("answer", None, "said_before")
    # What a person has replied to is closed, and small talk with the assistant, too.
    asked.write(REFUND)
    asked.do("messages", content="Within two weeks.")
    assert_problem(asked.post(), 409, "nothing_to_answer")
    greeted = Asked(shop, "Hello!", taken=False)
    assert_problem(greeted.post(), 409, "nothing_to_answer")


def test_where_no_visitor_wrote_nothing_is_suggested(shop: Site, rows: Rows) -> None:
    asked = Asked(shop)
    rows("delete from message where conversation_id = %s returning 1", asked.id[5:])
    problem = assert_problem(asked.post(), 409, "nothing_to_answer")
    assert "has not written" in problem["detail"]


def test_while_the_assistant_answers_nothing_is_suggested(shop: Site, rows: Rows) -> None:
    asked = Asked(shop, taken=False)
    state = "update turn set state = %s where conversation_id = %s returning 1"
    rows(state, "answering", asked.id[5:])
    assert_problem(asked.post(), 409, "answer_in_progress")
    rows(state, "failed", asked.id[5:])
    assert asked.suggested()["withheld"] == "no_answer"


def test_a_reached_cap_is_told(shop: Site) -> None:
    asked = Asked(shop)
    asked.write(REFUND)
    shop.change(message_caps={"per_visitor_per_day": 1})
    asked.suggested()
    assert_problem(asked.post(), 403, "message_cap_reached")


def test_a_reply_is_suggested_and_nothing_is_kept(shop: Site, rows: Rows) -> None:
    asked = Asked(shop)
    asked.do("messages", content="I'll find out.")
    message = asked.write(EXPRESS)
    before = counts(rows, KEPT)
    found = asked.suggested()
    assert found["text"] is not None
    assert "twelve euros" in found["text"]
    assert (
        found
        | {
            "withheld": None,
            "decision": "answer",
            "message_id": message,
            "topics": [],
            "actions": [],
            "model": None,
        }
        == found
    )
    [source] = found["sources"]
    assert source["title"] == "Shipping"
    assert "twelve euros" in source["quote"]
    assert source["url"].startswith("https://shop.example/shipping")
    assert found["confidence"] > 0.25
    assert found["certainty"]["text"]
    assert counts(rows, KEPT) == before
    assert [one["author"] for one in asked.guest.messages(asked.id)][-1] == "visitor"


def test_an_abstention_is_never_a_reply(shop: Site) -> None:
    asked = Asked(shop, "Who founded the express shipping department?")
    found = asked.suggested()
    assert (found["decision"], found["text"], found["withheld"]) == ("abstain", None, "no_answer")
    assert found["sources"] == []
    assert "Shipping" in found["topics"]


def test_all_that_is_open_is_asked(shop: Site) -> None:
    asked = Asked(shop, EXPRESS)
    asked.write(REFUND)
    asked.write("And how long does delivery to Germany take?")
    last = asked.write(PERSON)
    found = asked.suggested()
    assert "fourteen days" in found["text"]
    assert "three days" in found["text"]
    assert "twelve euros" not in found["text"]
    assert found["message_id"] == last


def test_what_was_said_before_counts(shop: Site) -> None:
    shop.add_text("Prices", "Delivery to Germany costs five euros.")
    asked = Asked(shop, "How long does delivery to Germany take?")
    asked.write("And how much does it cost?")
    assert "five euros" in asked.suggested()["text"]


@pytest.mark.parametrize("text", [PERSON, "Are you a robot?"])
def test_what_is_for_a_person_is_left_to_them(shop: Site, text: str) -> None:
    asked = Asked(shop, REFUND)
    asked.write(text)
    found = asked.suggested()
    assert (found["text"], found["withheld"]) == (None, "for_a_person")


def test_thanks_get_a_reply(shop: Site) -> None:
    asked = Asked(shop, REFUND)
    asked.write("Thank you!")
    found = asked.suggested()
    assert found["decision"] == "small_talk"
    assert found["text"].startswith("You're welcome")


def test_rules_for_people_do_not_count_where_one_replies(shop: Site) -> None:
    shop.change(handoff={"rules": [{"keywords": ["refunded"]}]})
    asked = Asked(shop, EXPRESS)
    asked.write(REFUND)
    assert "fourteen days" in asked.suggested()["text"]
