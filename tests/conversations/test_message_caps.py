"""Caps on visitors' messages: at a cap nothing is generated, the visitor is told, and the owner."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from answerdesk.accounts.plans import install_plans, parse_plans
from answerdesk.answering.blocks import plain_text
from answerdesk.answering.service import Answering
from answerdesk.bootstrap import Application, running
from answerdesk.conversations.reply.caps import _TEXTS
from answerdesk.conversations.reply.service import Reply
from answerdesk.conversations.reply.stream import (
    Accepted,
    ChatEvent,
    Concluded,
    Notice,
    Token,
    Told,
)
from answerdesk.conversations.types import ByItsId, IncomingMessage, RequestOrigin
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.kit.language import detect_language
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.conftest import Desk, Rows, Server
from tests.conversations.writing import writers_of

QUESTION = "What does the small plan cost?"
PERSON = "I want to talk to a human, please."


@dataclass
class Chats:
    """A project whose answers a fake model writes, which counts what it is asked."""

    application: Application
    desk: Desk
    model: FakeChatModel = field(default_factory=FakeChatModel)

    def __post_init__(self) -> None:
        answering = Answering(self.application.search, self.model)
        self.reply = Reply(
            self.application.database,
            answering,
            self.application.address_limits,
            self.application.actions,
            writers_of(self.application),
            lease=timedelta(seconds=5),
        )

    def allow(self, **limits: int) -> None:
        """Put the account on a plan with these limits."""
        lines = "".join(f"{name} = {limit}\n" for name, limit in limits.items())
        plans = parse_plans(f'[unlimited]\ntitle = "All"\nfeatures = "all"\n{lines}', "a test's")
        install_plans(self.application.database, plans)

    async def ask(
        self,
        text: str = QUESTION,
        *,
        visitor: str | None = None,
        conversation: ConversationId | None = None,
        desk: Desk | None = None,
    ) -> list[ChatEvent]:
        """Send a message; return all that its visitor is told."""
        project_id = ProjectId(UUID((desk or self.desk).project_id.removeprefix("proj_")))
        incoming = IncomingMessage(
            account_id=self.application.account_id,
            project_id=project_id,
            text=text,
            access=ByItsId(),
            origin=RequestOrigin(None, "http://127.0.0.1"),
            conversation_id=conversation,
            visitor=visitor,
        )
        return [event async for event in await self.reply.chat(incoming)]


def _told(events: list[ChatEvent]) -> str:
    """Return the notice of a chat that got one, and nothing else."""
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert [event for event in events if isinstance(event, Token | Told | Concluded)] == []
    return notice.text


def _answer(events: list[ChatEvent]) -> str:
    assert [event for event in events if isinstance(event, Notice)] == []
    told = "".join(plain_text(event.blocks) for event in events if isinstance(event, Told))
    return "".join(event.text for event in events if isinstance(event, Token)) + told


@pytest.fixture
async def chats(server: Server, desk: Desk) -> AsyncIterator[Chats]:
    desk.add_text("Prices", "The small plan costs nine euros a month.")
    settings = Settings(data_dir=server.data_dir, embedder="fake", demo=False, worker=False)
    async with running(settings) as application:
        yield Chats(application, desk)


@pytest.fixture(autouse=True)
def fresh_counts(rows: Rows) -> None:
    """Begin each test with nothing counted: the account is shared by all."""
    rows("delete from message_count returning 1")


def _events(rows: Rows, desk: Desk) -> list[dict[str, Any]]:
    project_id = UUID(desk.project_id.removeprefix("proj_"))
    found = rows(
        "select payload from event where project_id = %s and type = 'limit.reached' order by id",
        project_id,
    )
    return [payload for (payload,) in found]


async def test_at_a_cap_the_model_is_not_called(chats: Chats, rows: Rows) -> None:
    chats.allow(daily_messages=2)
    for _ in range(2):
        assert "nine euros" in _answer(await chats.ask())
    assert len(chats.model.calls) == 2
    for _ in range(3):
        assert _told(await chats.ask()) == _TEXTS["en"].day
    assert len(chats.model.calls) == 2
    # The owner is told once, and what was said is kept.
    (told,) = _events(rows, chats.desk)
    assert (told["metric"], told["limit"], told["period"]) == ("daily_messages", 2, "day")
    listed = chats.desk.owner.get(f"{chats.desk.path}/conversations")
    assert len(listed.json()["items"]) == 5


async def test_no_two_at_once_pass_the_last_place(chats: Chats) -> None:
    chats.allow(daily_messages=5, daily_messages_per_project=7)
    told = await asyncio.gather(*(chats.ask(visitor=f"v{number}") for number in range(20)))
    answered = [events for events in told if not any(isinstance(one, Notice) for one in events)]
    assert len(answered) == 5
    assert len(chats.model.calls) == 5


async def test_what_is_refused_by_one_cap_is_not_counted_by_the_others(
    chats: Chats, rows: Rows
) -> None:
    chats.allow(daily_messages_per_visitor=1, monthly_messages=3)
    for visitor in ("a", "a", "a", "b", "b", "c"):
        await chats.ask(visitor=visitor)
    assert len(chats.model.calls) == 3
    assert _told(await chats.ask(visitor="d")) == _TEXTS["en"].month
    counted = rows("select count from message_count where scope = 'monthly_messages'")
    assert counted == [(3,)]


async def test_a_visitor_has_one_cap_over_all_conversations(chats: Chats) -> None:
    chats.allow(daily_messages_per_visitor=2)
    first = await chats.ask("What does the small plan cost a month?", visitor="ann")
    conversation: ConversationId = first[0].conversation_id  # type: ignore[union-attr]
    _answer(await chats.ask("And the small plan a year?", conversation=conversation))
    _told(await chats.ask("And for two of them?", conversation=conversation))
    _told(await chats.ask(visitor="ann"))
    _answer(await chats.ask(visitor="bob"))


async def test_a_projects_own_cap_is_the_projects_own(
    chats: Chats, owner: Any, visitor: Any
) -> None:
    chats.allow()
    changed = owner.patch(
        chats.desk.path,
        json={"settings": {"message_caps": {"per_day": 1}}},
        headers={"If-Match": owner.get(chats.desk.path).headers["etag"]},
    )
    assert changed.status_code == 200, changed.text
    _answer(await chats.ask())
    _told(await chats.ask())
    other = Desk(owner, visitor)
    other.add_text("Prices", "The small plan costs nine euros a month.")
    _answer(await chats.ask(desk=other))


async def test_the_same_message_again_is_told_the_same_and_answered_when_there_is_room(
    chats: Chats,
) -> None:
    chats.allow(daily_messages=0)
    first = await chats.ask()
    conversation: ConversationId = first[0].conversation_id  # type: ignore[union-attr]
    assert _told(first) == _told(await chats.ask(conversation=conversation))
    chats.allow(daily_messages=1)
    assert "nine euros" in _answer(await chats.ask(conversation=conversation))


async def test_whoever_wants_a_person_gets_one_at_the_cap_as_well(chats: Chats) -> None:
    chats.allow(daily_messages=0)
    assert "team" in _answer(await chats.ask(PERSON))
    assert chats.model.calls == []


async def test_without_a_cap_nothing_is_counted(chats: Chats, rows: Rows) -> None:
    chats.allow()
    _answer(await chats.ask())
    assert rows("select 1 from message_count") == []


async def test_the_model_is_given_the_passages_and_its_answer_is_kept(chats: Chats) -> None:
    chats.allow()
    events = await chats.ask()
    assert _answer(events).startswith("The model says: The small plan costs nine euros")
    concluded = events[-1]
    assert isinstance(concluded, Concluded)
    assert [citation.title for citation in concluded.citations] == ["Prices"]
    (asked,) = chats.model.calls
    assert "nine euros" in asked.turns[0].text
    assert asked.turns[-1].text == QUESTION


async def test_what_the_knowledge_does_not_hold_is_not_asked_of_the_model(chats: Chats) -> None:
    chats.allow()
    _answer(await chats.ask("Who composed Parsifal?"))
    assert chats.model.calls == []


async def test_a_model_that_fails_first_leaves_it_to_the_knowledges_own_words(
    server: Server, chats: Chats
) -> None:
    chats.allow()
    broken = Chats(chats.application, chats.desk, FakeChatModel(fails_after=0))
    assert _answer(await broken.ask()) == "The small plan costs nine euros a month."


async def test_an_answer_that_breaks_off_is_void_and_given_once_in_the_knowledges_own_words(
    server: Server, chats: Chats
) -> None:
    chats.allow()
    model = FakeChatModel(fails_after=2)
    halfway = Chats(chats.application, chats.desk, model)
    told = await halfway.ask()
    assert getattr(told[-1], "code", None) == "answer_cut"
    assert [type(event).__name__ for event in told[1:]] == ["Token", "Token", "Failed"]
    # Whoever sends it again, as the error says, gets the answer that is stored.
    [begun] = [event for event in told if isinstance(event, Accepted)]
    again = await halfway.ask(conversation=begun.conversation_id)
    assert _answer(again) == "The small plan costs nine euros a month."
    assert len(model.calls) == 1


@pytest.mark.parametrize("language", sorted(_TEXTS))
def test_the_sentence_is_in_the_language_that_it_says(language: str) -> None:
    assert detect_language(_TEXTS[language].day) == language
    assert detect_language(_TEXTS[language].month) == language


async def test_a_question_in_german_is_told_in_german(chats: Chats) -> None:
    chats.allow(daily_messages=0)
    assert _told(await chats.ask("Was kostet der kleine Tarif im Monat?")) == _TEXTS["de"].day
