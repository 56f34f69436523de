"""A visitor's first message that arrives twice: a retry, a double click, several at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Rows, Server
from tests.conversations.visitors.site import QUESTION, SHIPPING, Guest, Site
from tests.dialects.orac.chat import Chat, ask, parse_frames
from tests.waiting import PATIENCE

FOUR = 4


def _sent(guest: Guest, url: str, message: str, key: str | None = None) -> httpx.Response:
    headers = guest.headers if key is None else {**guest.headers, "Idempotency-Key": key}
    return httpx.post(
        f"{url}/v1/visitor/chat", json={"message": message}, headers=headers, timeout=PATIENCE
    )


def _at_once(
    guest: Guest, urls: list[str], messages: list[str], key: str | None = None
) -> list[Chat]:
    """Send messages on connections of their own at the same time."""
    with ThreadPoolExecutor(len(messages)) as threads:
        sent = threads.map(
            lambda one: _sent(guest, one[0], one[1], key), zip(urls, messages, strict=True)
        )
        answers = list(sent)
    assert [one.status_code for one in answers] == [200] * len(messages), answers[-1].text
    return [parse_frames(one.text) for one in answers]


def _begun(chats: list[Chat]) -> set[str]:
    return {str(one.first("accepted")["conversation_id"]) for one in chats}


def _asked(chats: list[Chat]) -> set[str]:
    return {str(one.first("accepted")["message_id"]) for one in chats}


def _told(chat: Chat) -> str:
    """Return the reply's text and the answer's id."""
    return f"{chat.first('blocks')} {chat.first('done')['message_id']}"


def _listed(guest: Guest) -> int:
    return len(guest.conversations())


@pytest.fixture
def guest(site: Site) -> Guest:
    site.add_text("Shipping", SHIPPING)
    return site.guest()


@pytest.fixture(scope="module")
def second(server: Server) -> Iterator[Server]:
    """Another process of the same installation."""
    running = Server(server.data_dir).start()
    yield running
    running.stop()


# What stays apart


def test_two_visitors_who_say_the_same_are_two(site: Site, server: Server) -> None:
    guests = [site.guest() for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda one: _sent(one, server.url, "Hello?"), guests))
    assert len(_begun([parse_frames(one.text) for one in answers])) == 2
    assert [_listed(one) for one in guests] == [1, 1]


def test_who_only_claims_to_be_somebody_finds_nothing(site: Site, visitor: httpx.Client) -> None:
    told = [ask(visitor, site.project_id, "Hello?", visitor_id="ada") for _ in range(2)]
    assert len({one.conversation_id for one in told}) == 2


def test_two_questions_at_once_may_be_two_conversations(guest: Guest, server: Server) -> None:
    texts = [QUESTION, "Is there parking?"]
    chats = _at_once(guest, [server.url] * 2, texts)
    assert len(_asked(chats)) == 2
    assert _listed(guest) == 2


def test_another_domain_is_another_conversation(site: Site, guest: Guest) -> None:
    first = guest.ask(QUESTION).first("accepted")
    made = site.owner.post(
        f"{site.path}/domains", json={"website_url": f"https://{uuid4().hex}.example"}
    )
    assert made.status_code == 201, made.text
    token = made.json()["website_token"]
    second = guest.ask(QUESTION, website_token=token).first("accepted")
    assert first["conversation_id"] != second["conversation_id"]


@pytest.mark.parametrize("seconds", [3, 61])
def test_one_that_was_read_is_another_one_later(guest: Guest, rows: Rows, seconds: int) -> None:
    first = guest.ask(QUESTION).first("accepted")
    _made_older(rows, first["message_id"], seconds)
    assert guest.ask(QUESTION).first("accepted")["message_id"] != first["message_id"]


def test_after_a_second_message_the_first_begins_anew(guest: Guest) -> None:
    first = guest.ask(QUESTION).first("accepted")
    guest.ask("Is there parking?", conversation_id=first["conversation_id"])
    again = guest.ask(QUESTION).first("accepted")
    assert again["conversation_id"] != first["conversation_id"]


def _made_older(rows: Rows, message_id: str, seconds: int) -> None:
    bare = message_id.removeprefix("msg_")
    older = "created_at = created_at - make_interval(secs => %s)"
    moved = rows(
        f"update message set {older} where id = %s returning conversation_id", seconds, bare
    )
    rows(f"update conversation set {older} where id = %s returning id", seconds, moved[0][0])


# What is one


def test_four_at_once_are_one(site: Site, guest: Guest, server: Server) -> None:
    site.change(message_caps={"per_visitor_per_day": 1})
    chats = _at_once(guest, [server.url] * FOUR, [QUESTION] * FOUR)
    assert len(_begun(chats)) == len(_asked(chats)) == 1
    assert len({_told(one) for one in chats}) == 1
    assert "12 euros" in _told(chats[0])
    (listed,) = site.owner.get(f"{site.path}/conversations").json()["items"]
    shown = site.owner.get(f"/v1/conversations/{listed['id']}").json()
    assert [one["author"] for one in shown["messages"]] == ["visitor", "assistant"]


def test_each_is_counted_once(site: Site, guest: Guest, server: Server, rows: Rows) -> None:
    _at_once(guest, [server.url] * FOUR, [QUESTION] * FOUR)
    project_id = site.project_id.removeprefix("proj_")
    counted = rows(
        "select type, count(*) from event where project_id = %s"
        " and type in ('conversation.started', 'message.received', 'message.sent')"
        " group by type order by type",
        project_id,
    )
    assert counted == [
        ("conversation.started", 1),
        ("message.received", 1),
        ("message.sent", 1),
    ]


def test_a_retry_gets_the_answer_that_was_not_read(guest: Guest, rows: Rows) -> None:
    with guest.client.stream(
        "POST", "/v1/visitor/chat", json={"message": QUESTION}, headers=guest.headers
    ) as cut:
        first = next(line for line in cut.iter_lines() if line.startswith("data:"))
    again = guest.ask(QUESTION)
    assert str(again.first("accepted")["message_id"]) in first
    _made_older(rows, str(again.first("accepted")["message_id"]), 3)
    assert _listed(guest) == 1


def test_a_second_click_after_the_answer_gets_it_again(guest: Guest) -> None:
    chats = [guest.ask(QUESTION) for _ in range(2)]
    assert len(_asked(chats)) == 1
    assert _told(chats[0]) == _told(chats[1])
    assert _listed(guest) == 1


def test_a_person_is_asked_for_once(site: Site, server: Server) -> None:
    guest = site.guest()
    chats = _at_once(guest, [server.url] * FOUR, ["I want to talk to a person"] * FOUR)
    assert len(_asked(chats)) == 1
    (listed,) = site.owner.get(f"{site.path}/conversations").json()["items"]
    assert listed["state"] == "waiting"


def test_two_processes_make_one_of_it(guest: Guest, server: Server, second: Server) -> None:
    for number in range(5):
        question = QUESTION + "?" * number
        chats = _at_once(guest, [server.url, second.url] * 2, [question] * FOUR)
        assert len(_asked(chats)) == 1
        assert len({_told(one) for one in chats}) == 1
        assert _listed(guest) == number + 1


# By a key


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
def test_what_is_no_key_is_refused(guest: Guest, server: Server, key: str) -> None:
    sent = _sent(guest, server.url, QUESTION, key)
    assert (sent.status_code, sent.json()["code"]) == (422, "idempotency_key_invalid")
    assert _listed(guest) == 0


def test_a_key_is_for_one_message(guest: Guest, server: Server) -> None:
    first = parse_frames(_sent(guest, server.url, QUESTION, "one").text)
    other = _sent(guest, server.url, "Is there parking?", "one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    headers = {**guest.headers, "Idempotency-Key": "one"}
    second = guest.start("Is there parking?")
    body = {"message": QUESTION, "conversation_id": second}
    elsewhere = guest.client.post("/v1/visitor/chat", json=body, headers=headers)
    assert elsewhere.json()["code"] == "idempotency_key_reused"
    assert first.first("accepted")["conversation_id"] != second


@pytest.mark.parametrize("message", [QUESTION, "I want to talk to a person."])
def test_a_key_is_for_one_of_two_conversations_at_once(
    guest: Guest, server: Server, message: str
) -> None:
    conversations = [guest.start("Hello?") for _ in range(FOUR)]
    for number in range(5):
        headers = {**guest.headers, "Idempotency-Key": f"key-{number}"}

        def send(conversation_id: str, headers: dict[str, str] = headers) -> int:
            body = {"message": message, "conversation_id": conversation_id}
            url = f"{server.url}/v1/visitor/chat"
            return httpx.post(url, json=body, headers=headers, timeout=PATIENCE).status_code

        with ThreadPoolExecutor(FOUR) as threads:
            assert sorted(threads.map(send, conversations)) == [200, 422, 422, 422]


def test_another_visitors_key_is_another_one(site: Site, server: Server) -> None:
    answers = [_sent(site.guest(), server.url, "Hello?", "one") for _ in range(2)]
    assert len(_begun([parse_frames(one.text) for one in answers])) == 2


def test_a_key_holds_when_the_repeat_window_is_over(
    guest: Guest, server: Server, rows: Rows
) -> None:
    first = parse_frames(_sent(guest, server.url, QUESTION, "one").text)
    _made_older(rows, str(first.first("accepted")["message_id"]), 600)
    again = parse_frames(_sent(guest, server.url, QUESTION, "one").text)
    assert again.first("accepted") == first.first("accepted")
    assert _told(again) == _told(first)
    other = parse_frames(_sent(guest, server.url, QUESTION, "two").text)
    assert other.first("accepted")["conversation_id"] != first.first("accepted")["conversation_id"]


def test_a_key_holds_within_a_conversation(guest: Guest, server: Server) -> None:
    conversation_id = guest.start("Hello?")
    headers = {**guest.headers, "Idempotency-Key": "yes-1"}
    body = {"message": "yes", "conversation_id": conversation_id}

    def send(_: int) -> Chat:
        return parse_frames(
            httpx.post(
                f"{server.url}/v1/visitor/chat", json=body, headers=headers, timeout=PATIENCE
            ).text
        )

    with ThreadPoolExecutor(FOUR) as threads:
        assert len(_asked(list(threads.map(send, range(FOUR))))) == 1
    assert len(_asked([send(0)])) == 1


def test_four_at_once_with_a_key_are_one(guest: Guest, server: Server) -> None:
    chats = _at_once(guest, [server.url] * FOUR, [QUESTION] * FOUR, key="one")
    assert len(_asked(chats)) == 1
    assert _listed(guest) == 1
