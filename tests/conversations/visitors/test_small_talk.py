"""Small talk with a visitor: replied to politely, and counted as nothing."""

import httpx
import pytest

from tests.conversations.visitors.site import QUESTION, Guest, Site
from tests.dialects.orac.chat import ask


def reply_to(guest: Guest, message: str, conversation_id: str | None = None) -> str:
    """Say something that has to be small talk; return the stored reply."""
    fields = {} if conversation_id is None else {"conversation_id": conversation_id}
    chat = guest.ask(message, **fields)
    assert chat.first("done")["decision"] == "small_talk", chat
    begun = str(chat.first("accepted")["conversation_id"])
    stored = guest.messages(begun)[-1]
    assert stored["author"] == "assistant"
    assert stored["sources"] == []
    return str(stored["content"])


def turn_of(site: Site, conversation_id: str) -> dict[str, object]:
    """Return how the latest question was handled, as the owner sees it."""
    shown = site.owner.get(f"/v1/conversations/{conversation_id}")
    assert shown.status_code == 200, shown.text
    turns = [one["turn"] for one in shown.json()["messages"] if one.get("turn")]
    return dict(turns[-1])


@pytest.mark.parametrize("message", ["Where are my invoices? Thanks!", "thank you card", "hi-fi?"])
def test_a_question_with_manners_is_no_small_talk(site: Site, message: str) -> None:
    assert site.guest().ask(message).first("done")["decision"] == "abstain"


def test_a_greeting_is_returned_in_its_language(site: Site) -> None:
    guest = site.guest()
    assert reply_to(guest, "Guten Tag!").startswith("Hallo!")
    assert reply_to(guest, "hello").startswith("Hello!")


def test_ok_is_answered_in_the_language_spoken_so_far(site: Site) -> None:
    guest = site.guest()
    begun = guest.start("Wo finde ich meine Rechnungen?")
    assert reply_to(guest, "ok", begun).startswith("Alles klar.")
    assert reply_to(site.guest(), "ok").startswith("All right.")
    site.change(languages={"default": "nl"})
    assert reply_to(site.guest(), "ok").startswith("Prima.")


def test_it_says_whose_assistant_it_is(site: Site) -> None:
    name = site.owner.get(site.path).json()["name"]
    reply = reply_to(site.guest(), "Who are you?")
    assert name in reply
    assert "talk to a person" in reply


def test_the_owner_sees_the_decision_and_no_open_question(site: Site) -> None:
    guest = site.guest()
    begun = guest.start("hello")
    assert turn_of(site, begun)["decision"] == "small_talk"
    listed = site.owner.get(f"{site.path}/open-questions").json()["items"]
    assert listed == []
    guest.ask("Do you repair zeppelins?", conversation_id=begun)
    (one,) = site.owner.get(f"{site.path}/open-questions").json()["items"]
    assert one["question"] == "Do you repair zeppelins?"


def test_it_is_no_failure_that_brings_a_person_in(site: Site) -> None:
    site.change(handoff={"after_failures": 2, "below_confidence": 0.9})
    guest = site.guest()
    begun = guest.start("hello")
    for message in ("how are you?", "ok", "thanks"):
        reply_to(guest, message, begun)
    listed = site.owner.get(f"{site.path}/conversations").json()["items"]
    assert [one["state"] for one in listed] == ["ai"]


def test_it_counts_against_no_cap(shop: Site) -> None:
    shop.change(message_caps={"per_visitor_per_day": 1})
    guest = shop.guest()
    begun = guest.start("hello")
    reply_to(guest, "how are you?", begun)
    assert guest.ask(conversation_id=begun).first("done")["decision"] == "answer"
    assert "notice" in guest.ask(conversation_id=begun).names
    assert reply_to(guest, "ok, thanks", begun)


def test_a_follow_up_after_thanks_refers_to_the_question(shop: Site) -> None:
    guest = shop.guest()
    begun = guest.start("How long does shipping to Germany take?")
    reply_to(guest, "Thanks a lot!", begun)
    chat = guest.ask("And express?", conversation_id=begun)
    assert chat.first("done")["decision"] == "answer"
    assert "12 euros" in guest.messages(begun)[-1]["content"]


def test_a_person_who_has_the_conversation_is_not_spoken_over(site: Site) -> None:
    guest = site.guest()
    begun = guest.start("hello")
    reply = {"content": "Ana here."}
    replied = site.owner.post(f"/v1/conversations/{begun}/messages", json=reply)
    assert replied.status_code == 201, replied.text
    assert "notice" in guest.ask("thanks", conversation_id=begun).names


def test_a_rule_of_the_owners_comes_first(site: Site) -> None:
    site.change(handoff={"rules": [{"keywords": ["hello"]}]})
    assert site.guest().ask("hello").first("done")["decision"] == "hand_off"


def test_orac_gets_it_as_an_answer_without_sources(shop: Site, visitor: httpx.Client) -> None:
    chat = ask(visitor, shop.project_id, "Hello!")
    assert chat.names == ["conversation_id", "token", "sources", "confidence", "done"]
    assert chat.text.startswith("Hello!")
    assert (chat.sources, chat.first("confidence")["confidence"]) == ([], 1.0)
    again = ask(visitor, shop.project_id, QUESTION, conversation_id=chat.conversation_id)
    assert "12 euros" in again.text
