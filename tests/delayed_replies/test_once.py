"""However often and however badly a request is answered, one answer is handed over, or none."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from answerdesk.accounts.principal import Principal, owner_principal
from answerdesk.agents.service import active_agent, begin_project
from answerdesk.agents.types import Agent
from answerdesk.answering.stateless import Said
from answerdesk.bootstrap import Application, running
from answerdesk.conversations.types import IncomingMessage, OfTheAccount, RequestOrigin
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ConversationId
from answerdesk.delayed_replies import service
from answerdesk.delayed_replies.timing import draw_delay
from answerdesk.delayed_replies.types import DelayedReply, ReplyDraft
from answerdesk.webhooks.types import Endpoint, EndpointDraft
from tests.conversations.program import accepted_in
from tests.ready_database import lay_ready_database
from tests.webhooks.hooks import NOWHERE

LATENCY = 0.5


@dataclass(frozen=True)
class Desk:
    """An application in this process, without a worker, so that nothing happens by itself."""

    application: Application
    agent: Agent
    endpoint: Endpoint
    caller: Principal

    async def requested(self, conversation_id: ConversationId | None = None) -> DelayedReply:
        draft = ReplyDraft(
            self.agent,
            self.endpoint,
            [Said("user", "When does the ferry leave?")],
            conversation_id=conversation_id,
        )
        async with self.transaction() as session:
            return await self.application.delayed_replies.request(session, draft)

    async def answer(self, reply: DelayedReply) -> None:
        await self.application.delayed_replies.answer(reply.account_id, reply.id)

    async def found(self, reply: DelayedReply) -> DelayedReply:
        async with self.transaction() as session:
            return await service.get_delayed_reply(session, self.caller, reply.id)

    async def count(self, statement: str) -> int:
        async with self.transaction() as session:
            parameters = {"account_id": self.caller.account_id}
            return int(await session.scalar(text(statement), parameters))

    async def deliveries(self) -> int:
        return await self.count(
            "select count(*) from webhook_delivery where account_id = :account_id"
        )

    async def kept(self) -> int:
        """Count the sealed texts of requests and answers."""
        return await self.count(
            "select count(*) from stored_secret where account_id = :account_id"
            " and name in ('delayed_reply', 'webhook_body')"
        )

    def transaction(self) -> Any:
        return self.application.database.transaction(self.caller.account_id)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder:
        data_dir = lay_ready_database(Path(folder))
        settings = Settings(data_dir=data_dir, embedder="fake", demo=False, fake_latency=LATENCY)
        async with running(settings) as application:
            caller = owner_principal(application.account_id)
            async with application.database.transaction(caller.account_id) as session:
                project = await begin_project(session, caller.account_id, "Ferries")
                agent = await active_agent(session, project.id)
                endpoint, _ = await application.webhooks.create(
                    session, caller, EndpointDraft(NOWHERE)
                )
            assert agent is not None
            yield Desk(application, agent, endpoint, caller)


async def test_a_request_that_is_answered_many_times_at_once_is_delivered_once(desk: Desk) -> None:
    reply = await desk.requested()
    assert await desk.kept() == 1
    await asyncio.gather(*(desk.answer(reply) for _ in range(4)))
    assert (await desk.found(reply)).state == "delivering"
    await desk.answer(reply)
    assert await desk.deliveries() == 1
    assert await desk.kept() == 1  # The answer's body.


async def test_a_request_that_is_cancelled_while_it_is_answered_is_not_delivered(
    desk: Desk,
) -> None:
    reply = await desk.requested()
    answering = asyncio.create_task(desk.answer(reply))
    await asyncio.sleep(LATENCY / 4)
    async with desk.transaction() as session:
        await service.cancel_delayed_reply(session, desk.caller, reply.id)
    await answering
    assert (await desk.found(reply)).state == "cancelled"
    assert (await desk.deliveries(), await desk.kept()) == (0, 0)


async def test_a_request_that_cannot_be_answered_ends_and_is_forgotten(desk: Desk) -> None:
    reply = await desk.requested()
    for _ in range(2):
        await desk.application.delayed_replies.give_up(reply.account_id, reply.id)
    found = await desk.found(reply)
    assert (found.state, found.reason) == ("failed", "answer_failed")
    await desk.answer(reply)
    assert (await desk.deliveries(), await desk.kept()) == (0, 0)


async def test_giving_up_does_not_touch_what_is_on_its_way(desk: Desk) -> None:
    reply = await desk.requested()
    await desk.answer(reply)
    await desk.application.delayed_replies.give_up(reply.account_id, reply.id)
    assert (await desk.found(reply)).state == "delivering"
    assert await desk.kept() == 1


async def test_a_suspended_account_answers_nothing(desk: Desk) -> None:
    reply = await desk.requested()
    async with desk.transaction() as session:
        await session.execute(
            text("update account set suspended_at = now() where account_id = :account_id"),
            {"account_id": desk.caller.account_id},
        )
    await desk.answer(reply)
    found = await desk.found(reply)
    assert (found.state, found.reason) == ("failed", "account_suspended")
    assert (await desk.deliveries(), await desk.kept()) == (0, 0)


async def test_what_waits_about_an_erased_conversation_is_cancelled(desk: Desk) -> None:
    message = IncomingMessage(
        account_id=desk.caller.account_id,
        project_id=desk.agent.project_id,
        text="Hello?",
        access=OfTheAccount(),
        origin=RequestOrigin(None, "http://127.0.0.1"),
    )
    said = [one async for one in await desk.application.reply.chat(message)]
    conversation_id = accepted_in(said).conversation_id
    about, other = await desk.requested(conversation_id), await desk.requested()
    async with desk.transaction() as session:
        assert await service.cancel_about(session, conversation_id) == 1
        assert await service.cancel_about(session, conversation_id) == 0
    found = await desk.found(about)
    assert (found.state, found.reason) == ("cancelled", "conversation_deleted")
    assert (await desk.found(other)).state == "scheduled"
    assert await desk.kept() == 1


async def test_the_delay_counts_from_the_databases_time(desk: Desk) -> None:
    seeded = replace(desk.application.delayed_replies, random=Random(7))
    async with desk.transaction() as session:
        before: datetime = await session.scalar(text("select clock_timestamp()"))
        draft = ReplyDraft(desk.agent, desk.endpoint, [Said("user", "When does the ferry leave?")])
        reply = await seeded.request(session, draft)
        after: datetime = await session.scalar(text("select clock_timestamp()"))
    assert before < reply.created_at < after
    # To the microsecond, as the database keeps it.
    drawn = draw_delay(seeded.delays, Random(7))
    assert abs(reply.scheduled_for - reply.created_at - drawn) < timedelta(microseconds=2)
