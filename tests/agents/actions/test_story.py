"""What visitors get from actions: refusals and failures first, then answers, over every tier."""

import time

import jwt
import pytest

from tests.agents.actions.conftest import Shop, in_json
from tests.conftest import Rows
from tests.conversations.visitors.site import Guest
from tests.dialects.keys import key_of
from tests.dialects.orac.chat import Chat, ask, parse_frames
from tests.webhooks.receiver import answer, silence

ASKED = "Where is my order A-1234?"
SHIPPED = "Your order is shipped; it arrives in 2 days."
FALLBACK = "I can't see your order at the moment."


def said(guest: Guest, message: str, conversation: str | None = None) -> tuple[str, str]:
    """Send a message; return what is said, and the conversation."""
    fields = {} if conversation is None else {"conversation_id": conversation}
    chat = guest.ask(message, **fields)
    done = chat.first("done")
    assert done["decision"] == "act", chat.frames
    begun = str(chat.first("accepted")["conversation_id"])
    return guest.messages(begun)[-1]["content"], begun


def decision(guest: Guest, message: str, **fields: str) -> str | None:
    found: str | None = guest.ask(message, **fields).first("done")["decision"]
    return found


def test_what_goes_wrong_is_told_with_the_fallback_and_logged(shop: Shop) -> None:
    action = shop.add()
    guest = shop.site.guest()
    faults = {
        "A-1001": (answer(500), "answered 500"),
        "A-1002": (silence, "in time"),
        "A-1003": (in_json({"state": "shipped"}), "no field status"),
    }
    for order, (response, _) in faults.items():
        shop.ships(order, response)
        assert said(guest, f"Where is my order {order}?")[0] == FALLBACK
    for call, (order, (_, error)) in zip(reversed(shop.calls(action)), faults.items(), strict=True):
        assert call["parameters"] == {"order": order}
        assert error in call["error"]


def test_without_a_fallback_the_visitor_is_told_in_their_language(shop: Shop) -> None:
    shop.add(fallback=None, triggers=["wo ist meine bestellung"])
    shop.ships("A-1234", answer(404))
    told, _ = said(shop.site.guest(), "Hallo, wo ist meine Bestellung A-1234 gerade?")
    assert told.startswith("Das hat gerade leider nicht geklappt.")


def test_a_disabled_deleted_or_untriggered_action_is_not_called(shop: Shop) -> None:
    path = shop.ships()
    begin = shop.site.guest
    action = shop.add()
    one = f"/v1/actions/{action['id']}"
    assert said(begin(), ASKED)[0] == SHIPPED
    for patch in ({"enabled": False}, {"enabled": True, "triggers": []}):
        assert shop.site.owner.patch(one, json=patch).status_code == 200
        assert decision(begin(), ASKED) == "abstain"
    assert shop.site.owner.patch(one, json={"triggers": ["order status"]}).status_code == 200
    assert decision(begin(), "My border status A-1234?") == "abstain"
    assert said(begin(), "Order status A-1234?")[0] == SHIPPED
    assert shop.site.owner.delete(one).status_code == 204
    assert decision(begin(), "Order status A-1234?") == "abstain"
    assert len(shop.called(path)) == 2


def test_a_person_who_has_the_conversation_is_not_spoken_over(shop: Shop) -> None:
    shop.add()
    path = shop.ships()
    guest = shop.site.guest()
    _, conversation = said(guest, ASKED)
    reply = {"content": "I'll look into it."}
    replied = shop.site.owner.post(f"/v1/conversations/{conversation}/messages", json=reply)
    assert replied.status_code == 201, replied.text
    assert "notice" in guest.ask(ASKED, conversation_id=conversation).names
    assert len(shop.called(path)) == 1


def test_a_request_for_a_person_comes_before_any_action(shop: Shop) -> None:
    shop.add(triggers=["human", "order"])
    guest = shop.site.guest()
    assert decision(guest, "I want to talk to a human about order A-1234, please.") == "hand_off"
    assert shop.receiver.received == []


def test_a_missing_parameter_is_asked_for_once_and_the_next_message_supplies_it(
    shop: Shop,
) -> None:
    shop.add()
    path = shop.ships()
    guest = shop.site.guest()
    asked, conversation = said(guest, "Where is my order?")
    assert asked == "For that I need one more thing: your order number (A-1234)."
    assert said(guest, "It's #A-1234, thanks.", conversation) == (SHIPPED, conversation)
    assert len(shop.called(path)) == 1
    # It is done: the number alone asks for nothing now.
    assert decision(guest, "A-1234", conversation_id=conversation) == "abstain"


@pytest.mark.parametrize(
    ("message", "decided"),
    [
        ("Do you ship to Norway?", "abstain"),
        ("Where is my order?", "abstain"),
        ("Let me talk to a human, please.", "hand_off"),
    ],
)
def test_another_message_ends_the_asking(shop: Shop, message: str, decided: str) -> None:
    shop.add()
    shop.ships()
    guest = shop.site.guest()
    _, conversation = said(guest, "Where is my order?")
    assert decision(guest, message, conversation_id=conversation) == decided
    assert decision(guest, "A-1234", conversation_id=conversation) == "abstain"
    assert shop.receiver.received == []


def test_a_free_text_is_taken_as_it_is_said(shop: Shop) -> None:
    shop.add(
        url=f"{shop.receiver.url}/notes",
        method="POST",
        parameters=[{"name": "note"}, {"name": "gift", "type": "boolean"}],
        triggers=["leave a note"],
        answer="Noted.",
    )
    shop.receiver.at("/notes", answer(200, b""))
    guest = shop.site.guest()
    _, conversation = said(guest, "I'd like to leave a note.")
    asked, _ = said(guest, 'Please ring "twice" <b>\nand wait', conversation)
    assert asked == "For that I need one more thing: gift."
    assert said(guest, "No, thank you", conversation)[0] == "Noted."
    (request,) = shop.called("/notes")
    assert request.method == "POST"
    assert request.json == {"note": 'Please ring "twice" <b>\nand wait', "gift": False}


def test_a_visitor_cannot_have_it_called_over_and_over(shop: Shop) -> None:
    action = shop.add()
    path = shop.ships()
    guest = shop.site.guest()
    told = [said(guest, f"{ASKED} {'?' * number}")[0] for number in range(12)]
    assert told[:10] == [SHIPPED] * 10
    assert all("wait a minute" in one for one in told[10:])
    assert len(shop.called(path)) == len(shop.calls(action)) == 10
    # Another visitor is not held up.
    assert said(shop.site.guest(), ASKED)[0] == SHIPPED


def test_markup_in_a_response_stays_text(shop: Shop) -> None:
    shop.add(answer="Status: {status}")
    shop.ships("A-1234", in_json({"status": "<img src=x onerror=alert(1)> **now** [a](http://x)"}))
    chat = ask(shop.site.visitor, shop.site.project_id, ASKED)
    assert "\\<img" in chat.text
    assert "\\*\\*now\\*\\*" in chat.text
    blocks = shop.site.guest().ask(ASKED).first("blocks")["blocks"]
    assert [one["type"] for one in blocks] == ["paragraph"]


def test_a_program_gets_the_answer_whole(shop: Shop) -> None:
    shop.add()
    shop.ships()
    key = key_of(shop.site.owner, "sk_", project_ids=[shop.site.project_id])
    body = {
        "widget_key": shop.site.project_id.replace("proj_", "widget_"),
        "message": ASKED,
        "user_code": "user_1",
    }
    answered = shop.site.visitor.post("/api/chat", json=body, headers=key)
    assert answered.json()["message"] == SHIPPED


def test_oracs_clients_are_streamed_the_answer(shop: Shop) -> None:
    shop.add()
    shop.ships()
    chat = ask(shop.site.visitor, shop.site.project_id, ASKED)
    assert chat.names == ["conversation_id", "token", "sources", "confidence", "done"]
    assert chat.text == SHIPPED
    assert chat.sources == []
    assert chat.first("confidence")["confidence"] == 1


# Identity


def test_an_action_that_needs_an_identity_is_called_only_for_the_proved_one(shop: Shop) -> None:
    action = shop.add(needs_identity=True)
    path = shop.ships()
    site = shop.site
    told, _ = said(site.guest(), ASKED)
    assert "Please log in" in told
    claim = ask(site.visitor, site.project_id, ASKED, visitor_id="user-1")
    assert "Please log in" in claim.text
    assert shop.called(path) == []

    known = site.guest(identity_token=site.sign("user-1"))
    assert said(known, ASKED)[0] == SHIPPED
    (request,) = shop.called(path)
    token = request.headers["answerdesk-visitor"]
    statement = jwt.decode(token, site.secret, algorithms=["HS256"], audience=action["id"])
    assert (statement["sub"], statement["iss"]) == ("user-1", "answerdesk")
    assert statement["jti"] == request.headers["idempotency-key"]
    assert statement["exp"] - time.time() <= 60
    # Whoever gets it can't sign in with it.
    assert site.begin(identity_token=token).status_code == 401


def test_only_who_proves_it_in_this_message_acts_as_the_visitor(shop: Shop) -> None:
    action = shop.add(needs_identity=True)
    path = shop.ships()
    site = shop.site
    body = {"project_id": site.project_id, "message": ASKED}

    def chat(user: str, **fields: str) -> Chat:
        headers = {"X-Identity-Token": site.sign(user)}
        sent = site.visitor.post("/api/chat", json={**body, **fields}, headers=headers)
        return parse_frames(sent.text)

    assert chat("user-1").text == SHIPPED
    conversation = shop.calls(action)[0]["conversation_id"]
    # The id opens the conversation on this tier, and proves nothing.
    again = ask(site.visitor, site.project_id, ASKED, conversation_id=conversation)
    assert "Please log in" in again.text
    assert "Please log in" in chat("user-2", conversation_id=conversation).text
    assert len(shop.called(path)) == 1


def test_an_anonymous_visitors_call_names_nobody(shop: Shop) -> None:
    shop.add()
    path = shop.ships()
    ask(shop.site.visitor, shop.site.project_id, ASKED, visitor_id="user-1")
    (request,) = shop.called(path)
    assert "answerdesk-visitor" not in request.headers
    assert "user-1" not in str(request.headers)


# What is kept


def test_the_log_redacts_and_goes_with_the_conversation(shop: Shop) -> None:
    action = shop.add(
        url=f"{shop.receiver.url}/accounts",
        parameters=[{"name": "email", "format": "email", "description": "your e-mail address"}],
        triggers=["reset my password"],
        answer=None,
    )
    shop.receiver.at("/accounts?email=ann%40example.com", in_json({"sent_to": "ann@example.com"}))
    guest = shop.site.guest()
    told, conversation = said(guest, "Reset my password, I'm ann@example.com.")
    assert told == "sent to: ann@example.com"
    (call,) = shop.calls(action)
    assert call["conversation_id"] == conversation
    assert call["status"] == 200
    assert call["milliseconds"] >= 0
    assert "ann" not in str(call)
    assert call["parameters"] == {"email": "[e-mail]"}


def test_it_is_told_as_an_event(shop: Shop, rows: Rows) -> None:
    action = shop.add()
    shop.ships("A-1234", in_json({"status": "shipped", "days": 2}), answer(500))
    for _ in range(2):
        said(shop.site.guest(), ASKED)
    shop.test(action, order="A-1234")
    found = rows(
        "select type, payload from event where payload->>'action_id' = %s order by id", action["id"]
    )
    failed, called = [one for one in shop.calls(action) if one["conversation_id"]]
    assert found == [
        (name, {"action_id": action["id"], "call_id": call["id"], **of_conversation})
        for name, call in (("action.called", called), ("action.failed", failed))
        for of_conversation in [{"conversation_id": call["conversation_id"]}]
    ]


def test_calls_go_with_their_conversation_and_their_action(shop: Shop, rows: Rows) -> None:
    first, second = shop.add(), shop.add(triggers=["second"], headers={"X-Key": "secret value"})
    shop.ships()
    said(shop.site.guest(), ASKED)
    said(shop.site.guest(), "second A-1234")
    conversation = shop.calls(first)[0]["conversation_id"].removeprefix("conv_")
    rows("delete from conversation where id = %s returning 1", conversation)
    assert shop.calls(first) == []
    assert shop.site.owner.delete(f"/v1/actions/{second['id']}").status_code == 204
    kept = (
        "select (select count(*) from action_call where action_id = %s),"
        " (select count(*) from stored_secret where subject_id = %s)"
    )
    bare = second["id"].removeprefix("action_")
    assert rows(kept, bare, bare) == [(0, 0)]
