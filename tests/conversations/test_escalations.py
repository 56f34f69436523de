"""Conversations that are passed on without being asked for: by a rule, by failure, by doubt."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest

from answerdesk.conversations.reply.rules import is_for_a_person
from answerdesk.conversations.reply.stream import Concluded, Failed, Told
from answerdesk.projects.types import Handoff, HandoffRule, OfficeHours, ProjectSettings
from answerdesk.providers.chat_model import ChatRequest, ModelEvent
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.conftest import Desk, Rows
from tests.conversations.program import Program, answer_in
from tests.conversations.test_people import text_of
from tests.conversations.visitors.site import Site

MONDAY, SUNDAY = datetime(2026, 8, 3, 10, tzinfo=UTC), datetime(2026, 8, 2, 10, tzinfo=UTC)
HOURS = OfficeHours.model_validate({"days": {"mon": [{"start": "09:00", "end": "17:00"}]}})
PASSED_ON = "I have passed this conversation on"


def settings(*rules: dict[str, Any]) -> ProjectSettings:
    made = tuple(HandoffRule.model_validate(one) for one in rules)
    return ProjectSettings(office_hours=HOURS, handoff=Handoff(rules=made))


@pytest.mark.parametrize(
    ("rule", "text", "page", "moment", "expected"),
    [
        ({"keywords": ["refund"]}, "I want a REFUND!", None, MONDAY, True),
        ({"keywords": ["refund"]}, "What are refunds?", None, MONDAY, False),
        ({"keywords": ["money  back"]}, "My Money\nback, please", None, MONDAY, True),
        ({"keywords": ["STRASSE"]}, "Die Straße?", None, MONDAY, True),
        ({"keywords": ["café"]}, "The cafe\u0301 there", None, MONDAY, True),
        ({"keywords": ["解約"]}, "すぐに解約したい", None, MONDAY, True),
        ({"keywords": ["C++"]}, "Do you teach c++?", None, MONDAY, True),
        ({"keywords": ["!!!"]}, "Help!!!", None, MONDAY, True),
        ({"keywords": ["refund"]}, "", None, MONDAY, False),
        ({"pages": ["/pricing"]}, "Hi", "https://shop.example/pricing?x=1", MONDAY, True),
        ({"pages": ["/pricing"]}, "Hi", "https://shop.example/pricing/", MONDAY, True),
        ({"pages": ["/pricing"]}, "Hi", "https://shop.example/pricing/big", MONDAY, False),
        ({"pages": ["/pricing*"]}, "Hi", "https://shop.example/pricing/big", MONDAY, True),
        ({"pages": ["/"]}, "Hi", "https://shop.example", MONDAY, True),
        ({"pages": ["/pricing"]}, "Hi", None, MONDAY, False),
        ({"pages": ["/pricing"]}, "Hi", "https://[", MONDAY, False),
        ({"during": "closed"}, "Hi", None, SUNDAY, True),
        ({"during": "closed"}, "Hi", None, MONDAY, False),
        ({"during": "office_hours"}, "Hi", None, MONDAY, True),
        ({"keywords": ["hi"], "during": "closed"}, "Hi", None, MONDAY, False),
        ({"keywords": ["hi"], "pages": ["/a"]}, "Hi", "https://x.example/b", MONDAY, False),
    ],
)
def test_a_rule(
    rule: dict[str, Any], text: str, page: str | None, moment: datetime, expected: bool
) -> None:
    found = is_for_a_person(settings(rule), text, page, moment, was_passed_on=False)
    assert found is expected


def test_a_rule_of_every_message_counts_until_it_was_passed_on() -> None:
    both = settings({"pages": ["/a"]}, {"keywords": ["refund"]})
    page = "https://x.example/a"
    assert is_for_a_person(both, "Hi", page, MONDAY, was_passed_on=False)
    assert not is_for_a_person(both, "Hi", page, MONDAY, was_passed_on=True)
    assert is_for_a_person(both, "A refund!", page, MONDAY, was_passed_on=True)


def test_many_rules_and_a_long_message_take_little_time() -> None:
    rules = [
        {"keywords": [f"word{rule} number{one} here" for one in range(50)]} for rule in range(20)
    ]
    full = settings(*rules)
    assert not is_for_a_person(full, "word number " * 660, None, MONDAY, was_passed_on=False)


def reasons(rows: Rows, conversation_id: str) -> list[str]:
    found = rows(
        "select payload->>'reason' from event where type = 'conversation.escalated'"
        " and payload->>'conversation_id' = %s order by id",
        conversation_id,
    )
    return [one for (one,) in found]


def leads(rows: Rows, project_id: str) -> int:
    return int(
        rows(
            "select count(*) from lead where project_id = cast(replace(%s, 'proj_', '') as uuid)",
            project_id,
        )[0][0]
    )


def test_a_keyword_passes_it_on(site: Site, rows: Rows) -> None:
    site.change(handoff={"rules": [{"keywords": ["refund"]}]})
    ada = site.guest()
    chat = ada.ask("I want a refund!")
    assert chat.first("done")["decision"] == "hand_off"
    assert PASSED_ON in text_of(chat)
    conversation_id = chat.first("accepted")["conversation_id"]
    assert reasons(rows, conversation_id) == ["rule"]
    assert leads(rows, site.project_id) == 0
    # While it waits, the assistant goes on with other questions.
    chat = ada.ask("A refund, I said.", conversation_id=conversation_id)
    assert chat.first("done")["decision"] == "abstain"
    assert reasons(rows, conversation_id) == ["rule"]


def test_a_page_passes_it_on_once(site: Site) -> None:
    site.change(handoff={"rules": [{"pages": ["/pricing*"]}]})
    ada = site.guest()
    chat = ada.ask("Hi", page_url="https://shop.example/pricing/big")
    assert PASSED_ON in text_of(chat)
    conversation_id = chat.first("accepted")["conversation_id"]
    site.owner.post(f"/v1/conversations/{conversation_id}/hand-back")
    # Its first page counts for later messages, and doesn't pass it on again.
    chat = ada.ask("Do you ship?", conversation_id=conversation_id)
    assert chat.first("done")["decision"] == "abstain"


def test_the_third_question_without_an_answer_passes_it_on(site: Site, rows: Rows) -> None:
    ada = site.guest()
    first = ada.ask("What about the moon?")
    conversation_id = first.first("accepted")["conversation_id"]
    second = ada.ask("And what about mars?", conversation_id=conversation_id)
    assert PASSED_ON not in text_of(first) + text_of(second)
    third = ada.ask("Then what about venus?", conversation_id=conversation_id)
    assert third.first("done")["decision"] == "abstain"
    assert PASSED_ON in text_of(third)
    assert text_of(third).index("I don't have that") < text_of(third).index(PASSED_ON)
    stored = ada.messages(conversation_id)[-1]
    assert PASSED_ON in stored["content"]
    assert stored["id"] == third.first("done")["message_id"]
    assert third.first("blocks")["blocks"] == stored["blocks"]
    assert reasons(rows, conversation_id) == ["failures"]
    # Handed back, it begins to count anew: no loop.
    site.owner.post(f"/v1/conversations/{conversation_id}/hand-back")
    for planet, passed in (("jupiter", False), ("saturn", False), ("uranus", True)):
        chat = ada.ask(f"What about {planet}?", conversation_id=conversation_id)
        assert (PASSED_ON in text_of(chat)) is passed, planet
    assert reasons(rows, conversation_id) == ["failures", "failures"]


def test_an_answer_in_between_begins_the_count_anew(site: Site) -> None:
    site.add_text("Shipping", "Express shipping costs 12 euros.")
    site.change(handoff={"after_failures": 2})
    ada = site.guest()
    conversation_id = ada.start("What about the moon?")
    for question, passed in (
        ("What does express shipping cost?", False),
        ("Who discovered the planet Neptune?", False),
        ("When did Beethoven compose his ninth symphony?", True),
    ):
        chat = ada.ask(question, conversation_id=conversation_id)
        assert (PASSED_ON in text_of(chat)) is passed, question


def test_zero_means_never(site: Site) -> None:
    site.change(handoff={"after_failures": 0})
    ada = site.guest()
    conversation_id = ada.start("What about the moon?")
    for planet in ("mars", "venus", "jupiter", "saturn"):
        chat = ada.ask(f"And what about {planet}?", conversation_id=conversation_id)
        assert PASSED_ON not in text_of(chat)
    assert site.owner.get(f"/v1/conversations/{conversation_id}").json()["state"] == "ai"


class BrokenModel(FakeChatModel):
    """A model with a fault of ours, so that the turn fails."""

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        async for event in super().stream(request):
            yield event
            await asyncio.sleep(0)
            msg = "a fault of ours"
            raise RuntimeError(msg)


async def test_failed_turns_count_and_the_visitor_is_told(program: Program, rows: Rows) -> None:
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    change(program.desk, after_failures=2)
    broken = program.of(model=BrokenModel())
    for _ in range(2):
        said = await broken.say("ada", f"What does the small plan cost{'?' * (_ + 1)}")
        assert isinstance(said[-1], Failed), said
    course = program.course(await told_in(broken, "ada"))
    assert [author for author, _ in course][:3] == ["visitor", "visitor", "assistant"]
    assert PASSED_ON in course[2][1]


async def told_in(program: Program, user: str) -> str:
    return await program.of(model=None).tell(user, "Hello there, what about mars?")


def change(desk: Desk, **handoff: Any) -> None:
    changed = desk.owner.patch(desk.path, json={"settings": {"handoff": handoff}})
    assert changed.status_code == 200, changed.text


async def test_an_answer_of_low_confidence_passes_it_on(program: Program, rows: Rows) -> None:
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    change(program.desk, below_confidence=0.999999)
    said = await program.say("ada")
    told = [one for one in said if isinstance(one, Told)]
    concluded = said[-1]
    assert isinstance(concluded, Concluded)
    assert concluded.decision == "answer"
    assert "nine euros" in answer_in(said)
    assert PASSED_ON in answer_in(said)
    assert told[0].blocks == concluded.blocks
    conversation_id = await program.tell("ada", "Thanks, what about mars?")
    assert reasons(rows, conversation_id) == ["low_confidence"]
    assert program.state(conversation_id) == "waiting"


async def test_a_models_answer_of_low_confidence_says_it_at_its_end(program: Program) -> None:
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    change(program.desk, below_confidence=0.999999)
    said = await program.of(model=FakeChatModel()).say("ada")
    tokens = "".join(getattr(one, "text", "") for one in said)
    assert PASSED_ON in tokens
    assert PASSED_ON in answer_in(said)
