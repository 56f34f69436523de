"""The same as in `test_interleavings`, on the database, with several doing something at once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest

from answerdesk.conversations import replying, service
from answerdesk.conversations.handoff import (
    Assigned,
    Claimed,
    Closed,
    HandedBack,
    Opened,
    PersonsAct,
    PersonWanted,
)
from answerdesk.conversations.types import OfTheAccount
from answerdesk.conversations.waits import tell_unclaimed
from answerdesk.core.due import RetryLater
from answerdesk.core.errors import Conflict
from answerdesk.core.tenancy import ConversationId, UserId
from answerdesk.providers.chat_model import ChatRequest, ModelEvent
from answerdesk.providers.fake_chat_model import FakeChatModel
from tests.accounts.people import Person, join
from tests.conftest import Rows, Server
from tests.conversations.program import Program
from tests.conversations.test_unclaimed import bare, let_time_pass

SEEDS: Final = range(8)
SAMPLE: Final = 2
"""Seeds that `make test` plays; `make soak` plays the others."""
CONVERSATIONS: Final = 25
STEPS: Final = 12
QUESTIONS: Final = (
    "What does the small plan cost?",
    "What about the moon?",
    "I want to talk to a human, please.",
)


class SlowModel(FakeChatModel):
    """A model whose answers land when other things have happened."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent, None]:
        await asyncio.sleep(self._random.random() * 0.05)
        async for event in super().stream(request):
            yield event


class Play:
    """One conversation in which people, its visitor and its timer do what they like."""

    def __init__(
        self, program: Program, rows: Rows, people: Sequence[UserId], random: Random, user: str
    ) -> None:
        self._program = program
        self._rows = rows
        self._people = people
        self._random = random
        self._user = user
        self.id = ConversationId(UUID(int=0))

    async def run(self) -> None:
        self.id = bare(await self._program.tell(self._user, QUESTIONS[0]))
        for _ in range(STEPS):
            if self._random.random() < 0.2:
                await self._claim_at_once()
            # Two things at once are as likely as one.
            steps = [self._step() for _ in range(self._random.choice((1, 2)))]
            await asyncio.gather(*steps)

    async def _step(self) -> bool:
        by = self._random.choice((None, *self._people))
        to = self._random.choice((None, *self._people))
        match self._random.randrange(10):
            case 0 | 1 | 2:
                await self._program.say(self._user, self._random.choice(QUESTIONS))
                return True
            case 3:
                return await self._reply(by, go_ahead=self._random.random() < 0.3)
            case 4:
                return await self._unclaimed()
            case 5:
                return await self._act(Claimed(by, force=self._random.random() < 0.3))
            case 6:
                return await self._act(Assigned(by, to))
            case 7:
                return await self._act(self._random.choice((Closed(by), Opened(by))))
            case 8:
                return await self._act(PersonWanted("by_person"))
            case _:
                return await self._act(HandedBack(by))

    async def _claim_at_once(self) -> None:
        claims = [self._act(Claimed(one)) for one in self._people]
        assert sum(await asyncio.gather(*claims)) <= 1

    async def _act(self, happening: PersonsAct) -> bool:
        application = self._program.application
        try:
            async with application.database.transaction(application.account_id) as session:
                await service.act(session, self.id, OfTheAccount(), happening)
        except Conflict as refused:
            return not expected(refused)
        return True

    async def _reply(self, by: UserId | None, *, go_ahead: bool) -> bool:
        application = self._program.application
        database, account_id = application.database, application.account_id
        try:
            if self._random.random() < 0.5:
                before = await replying.standing(database, account_id, self.id)
                # As long as a person writes, others do something.
                await asyncio.sleep(self._random.choice((0, 0.02)))
                await replying.send(
                    database, account_id, before, "A person.", by=by, seen=None, go_ahead=go_ahead
                )
                return True
            async with database.transaction(account_id) as session:
                await service.reply(
                    session, self.id, OfTheAccount(), "A person.", by=by, go_ahead=go_ahead
                )
        except Conflict as refused:
            return not expected(refused)
        return True

    async def _unclaimed(self) -> bool:
        application = self._program.application
        let_time_pass(self._rows, f"conv_{self.id.hex}", self._random.choice((0, 6)))
        try:
            await tell_unclaimed(application.database, application.account_id, self.id)
        except RetryLater:
            return False
        return True


def expected(refused: Conflict) -> bool:
    assert refused.code in ("held_by_another", "conversation_closed")
    return True


@pytest.fixture(scope="module")
def people(server: Server) -> list[UserId]:
    with server.client(owner=True) as owner:
        joined = [join(server, Person("", {}, owner), "agent") for _ in range(2)]
    for one in joined:
        one.client.close()
    return [UserId(UUID(one.user_id.removeprefix("user_"))) for one in joined]


@pytest.mark.parametrize(
    "seed",
    [one if one < SAMPLE else pytest.param(one, marks=pytest.mark.soak) for one in SEEDS],
)
async def test_nothing_is_left_alone(
    program: Program, rows: Rows, people: list[UserId], seed: int
) -> None:
    random = Random(seed)
    program.desk.add_text("Prices", "The small plan costs nine euros a month.")
    asking = program.of(model=SlowModel(random))
    plays = [
        Play(asking, rows, people, Random(f"{seed}/{number}"), f"user-{number}")
        for number in range(CONVERSATIONS)
    ]
    await asyncio.gather(*(play.run() for play in plays))
    await asking.reply.close(20)
    for play in plays:
        expect_order(rows, play.id)
    expect_no_timer_lost(rows, [play.id for play in plays])


def expect_order(rows: Rows, conversation_id: ConversationId) -> None:
    """Check that nobody talked over a person and every message was seen to."""
    events = rows(
        "select type, payload from event where payload->>'conversation_id' = %s order by id",
        f"conv_{conversation_id.hex}",
    )
    state = "ai"
    answered: dict[str, int] = {}
    for kind, payload in events:
        state = payload.get("state", state)
        question = payload.get("question_id")
        if kind == "message.sent" and question is not None:
            assert state != "human", (events, "the assistant talked over a person")
            answered[question] = answered.get(question, 0) + 1
    assert max(answered.values(), default=0) <= 1
    turns = rows(
        "select m.id, t.state, t.error_code from message m left join turn t"
        " on t.account_id = m.account_id and t.question_id = m.id"
        " where m.conversation_id = %s and m.author = 'visitor'",
        conversation_id,
    )
    for message_id, turn, code in turns:
        seen_to: Any = turn is None or f"msg_{message_id.hex}" in answered or code == "taken_over"
        assert seen_to, (message_id, turn, code)


def expect_no_timer_lost(rows: Rows, conversations: Sequence[ConversationId]) -> None:
    found = rows(
        "select c.state, c.assignee_id, c.waiting_since is not null, c.wait_told_at is not null,"
        "  (select count(*) from due_job j where j.name = 'conversations.tell_unclaimed'"
        "   and j.payload->>'conversation_id' = cast(c.id as text)"
        "   and j.state in ('waiting', 'ready', 'running'))"
        " from conversation c where c.id = any(%s)",
        list(conversations),
    )
    assert len(found) == len(conversations)
    for state, assignee, waits, told, jobs in found:
        assert assignee is None or state == "human"
        assert waits == (state == "waiting") or state == "human"
        # The test fires the timer by itself, so a job may be left that finds nothing to tell.
        assert (jobs > 0 or told) if state == "waiting" else jobs == 0


def test_these_were_hundreds() -> None:
    assert len(SEEDS) * CONVERSATIONS >= 200
