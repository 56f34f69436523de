"""A running server takes whatever is sent, in little time, and answers others meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import httpx
import psutil
import pytest

from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.knowledge.items.types import ANSWER_LENGTH, QUESTION_LENGTH
from tests.bounds.texts import WORST, every, storable
from tests.conftest import Desk, Server
from tests.dialects.orac.chat import parse_frames

SECONDS = 4.0
"""Processor time of a request, for what takes a tenth of that: a test is no measurement."""

TITLE_LENGTH = 500
AT_ONCE = 1.0
"""Seconds in which the server says that it is there, whatever it is doing."""

ATTEMPTS = 3
"""A machine that does something else is late once, a server that is held up each time."""

WORST_MESSAGES = (
    *("blanks", "every kind of blank", "one long word", "distinct words", "german compounds"),
    *("marks of many classes", "the same two words", "numbers", "chinese of many signs", "humps"),
    *("question marks", "and how", "closers", "scripts without blanks", "addresses"),
    *("greek", "hindi", "compare", "how long"),
)

PROJECT_FIELDS: dict[str, tuple[int, Callable[[str], dict[str, Any]]]] = {
    "name": (200, lambda text: {"name": text}),
    "welcome": (500, lambda text: {"settings": {"look": {"welcome": text}}}),
    "prompts": (200, lambda text: {"settings": {"look": {"quick_prompts": [text] * 10}}}),
    "css": (20_000, lambda text: {"settings": {"look": {"custom_css": text}}}),
    "avatar": (1980, lambda text: {"settings": {"look": {"avatar": f"https://a.example/{text}"}}}),
    "color": (20_000, lambda text: {"settings": {"look": {"color": f"#{text}"}}}),
    "origin": (300, lambda text: {"settings": {"allowed_origins": [text]}}),
    "host": (280, lambda text: {"settings": {"allowed_origins": [f"https://{text}"]}}),
    "zone": (20_000, lambda text: {"settings": {"office_hours": {"timezone": text}}}),
    "language": (20_000, lambda text: {"settings": {"languages": {"offered": [text]}}}),
    "unknown": (20_000, lambda text: {"settings": {text: text}}),
}
AGENT_FIELDS = {"name": 200, "persona": 2000, "instructions": 20_000, "greeting": 500, "model": 200}
HEADERS = (
    "Authorization",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "X-Request-Id",
    "Origin",
)


@contextmanager
def little_work(server: Server, what: str) -> Iterator[None]:
    """Fail when the server has taken much processor time meanwhile, for whatever it was."""
    assert server.pid is not None
    process = psutil.Process(server.pid)
    before = process.cpu_times()
    yield
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    assert spent < SECONDS, f"{what}: {spent:.1f} s of processor time"


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[Desk]:
    """A project with knowledge of the words that the worst messages are made of."""
    with server.client(owner=True) as owner, server.client() as visitor:
        desk = Desk(owner, visitor)
        _fill(desk)
        yield desk


def _fill(desk: Desk) -> None:
    for name in WORST_MESSAGES:
        text = storable(WORST[name](1500))
        desk.owner.post(f"{desk.path}/texts", json={"title": name, "content": f"About {text}"})
    desk.add_item("What does the order cost?", "The order costs five euros, and how long it takes.")


def _ask(desk: Desk, message: str) -> list[str]:
    """Ask, again where others have the machine and the database does not respond in time."""
    body = {"project_id": desk.project_id, "message": message}
    told = ""
    for _ in range(ATTEMPTS):
        response = desk.visitor.post("/api/chat", json=body)
        assert response.status_code == 200, response.text
        told = response.text
        if "database_unavailable" not in told:
            break
    return parse_frames(told).names


def _accepted(response: httpx.Response, what: str) -> None:
    """Check that a request was done or refused with a reason."""
    assert response.status_code < 500, f"{what}: {response.status_code} {response.text[:300]}"


@pytest.mark.parametrize(
    "step", [5, pytest.param(1, marks=pytest.mark.soak)], ids=["a fifth", "all"]
)
def test_every_message_is_answered_with_little_work(
    server: Server, filled: Desk, step: int
) -> None:
    # Each is work for the rules before the search, too, which test_questions does with all of them.
    for name, message in islice(every(MESSAGE_LENGTH, mixtures=20), 0, None, step):
        if not message.strip():
            continue
        with little_work(server, name):
            assert _ask(filled, message)[-1] == "done", name


def test_a_conversation_of_such_messages_goes_on(server: Server, filled: Desk) -> None:
    conversation: dict[str, str] = {}
    for name in WORST_MESSAGES:
        message = storable(WORST[name](MESSAGE_LENGTH))
        body = {"project_id": filled.project_id, "message": message, **conversation}
        with little_work(server, name):
            chat = parse_frames(filled.visitor.post("/api/chat", json=body).text)
            assert chat.names[-1] == "done", name
        conversation = {"conversation_id": chat.conversation_id}


@pytest.mark.parametrize("name", WORST_MESSAGES)
def test_the_server_says_that_it_is_there_beside_the_worst_messages(
    server: Server, filled: Desk, name: str
) -> None:
    message = storable(WORST[name](MESSAGE_LENGTH))
    waits = []
    for _ in range(ATTEMPTS):
        waits.append(_longest_wait_beside(server, filled, message))
        if waits[-1] < AT_ONCE:
            return
    pytest.fail(f"GET /healthz took {min(waits):.1f} s or more beside a message of {name}")


def _longest_wait_beside(server: Server, desk: Desk, message: str) -> float:
    """Return how long the server's word took at most while a message was answered."""
    ended: list[str] = []
    asking = threading.Thread(target=lambda: ended.extend(_ask(desk, message)))
    longest = 0.0
    with server.client() as client:
        client.get("/healthz")  # The connection is there.
        asking.start()
        while True:
            is_last = not asking.is_alive()
            began = time.monotonic()
            assert client.get("/healthz").status_code == 200
            longest = max(longest, time.monotonic() - began)
            if is_last:
                break
    asking.join()
    assert ended[-1:] == ["done"]
    return longest


def test_every_item_is_taken_or_refused_with_little_work(server: Server, desk: Desk) -> None:
    for name, answer in islice(every(ANSWER_LENGTH, mixtures=10), 0, None, 4):
        body = {"question": answer[:QUESTION_LENGTH], "answer": answer, "tags": [answer[:50]]}
        with little_work(server, name):
            _accepted(desk.owner.post(f"{desk.path}/items", json=body), name)
    with little_work(server, "a question to all of them"):
        assert _ask(desk, "What is the order? The order, and how much is it? " * 100)[-1] == "done"


def test_every_title_is_taken_or_refused_with_little_work(server: Server, desk: Desk) -> None:
    taken = []
    for name, title in islice(every(TITLE_LENGTH, mixtures=10), 0, None, 4):
        body = {"title": title, "content": f"# {title}\n\n{title * 10}", "format": "markdown"}
        with little_work(server, name):
            response = desk.owner.post(f"{desk.path}/texts", json=body)
            _accepted(response, name)
        if response.status_code == 201:
            taken.append(response.json()["id"])
    statuses = {desk.wait_for(one)["status"] for one in taken}
    assert "ready" in statuses
    assert _ask(desk, "What is the order?")[-1] == "done"


@pytest.mark.parametrize("field", PROJECT_FIELDS)
def test_every_setting_is_taken_or_refused_with_little_work(
    server: Server, desk: Desk, field: str
) -> None:
    length, body = PROJECT_FIELDS[field]
    for name, text in islice(every(length, mixtures=10), 0, None, 5):
        with little_work(server, name):
            _accepted(desk.owner.patch(desk.path, json=body(text)), name)
    shown = desk.owner.get(desk.path)
    assert shown.status_code == 200, shown.text


@pytest.mark.parametrize("field", AGENT_FIELDS)
def test_every_setting_of_an_agent_is_taken_or_refused_with_little_work(
    server: Server, desk: Desk, field: str
) -> None:
    for name, text in islice(every(AGENT_FIELDS[field], mixtures=10), 0, None, 10):
        with little_work(server, name):
            body = {"name": "Ann", field: text}
            _accepted(desk.owner.post(f"{desk.path}/agents", json=body), name)


@pytest.mark.parametrize("header", HEADERS)
def test_every_header_is_read_or_refused_with_little_work(
    server: Server, desk: Desk, header: str
) -> None:
    for name, text in islice(every(8000, mixtures=10), 0, None, 5):
        value = " ".join(text.encode("latin-1", "replace").decode("latin-1").split())
        sent = value.encode("latin-1").translate(None, bytes((*range(32), 127)))
        with little_work(server, name):
            _accepted(desk.owner.get(desk.path, headers={header.encode(): sent}), name)
            posted = desk.owner.post(
                f"{desk.path}/widget-keys", json={"name": "Key"}, headers={header.encode(): sent}
            )
            _accepted(posted, name)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/sources", "cursor"),
        ("/items", "cursor"),
        ("/items", "q"),
        ("/items", "tag"),
        ("/items", "category"),
        ("/conversations", "limit"),
    ],
)
def test_every_parameter_is_read_or_refused_with_little_work(
    server: Server, desk: Desk, path: str, parameter: str
) -> None:
    for name, text in islice(every(2000, mixtures=10), 0, None, 5):
        with little_work(server, name):
            _accepted(desk.owner.get(f"{desk.path}{path}", params={parameter: text}), name)
