"""A person's reply in two round trips, and what makes it take the longer way."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from answerdesk.conversations import replying, service
from answerdesk.conversations.handoff import Claimed
from answerdesk.conversations.repository.replies import Standing
from answerdesk.conversations.types import OfTheAccount
from answerdesk.core.errors import Conflict, InvalidInput, NotFound
from answerdesk.core.tenancy import ConversationId, MessageId, UserId
from tests.inbox.place import Place, placed
from tests.waiting import PATIENCE


async def send(
    place: Place,
    before: Standing,
    by: UserId | None,
    *,
    seen: MessageId | None = None,
    go_ahead: bool = False,
) -> MessageId:
    message = await replying.send(
        place.application.database,
        place.account_id,
        before,
        "I'm looking.",
        by=by,
        seen=seen,
        go_ahead=go_ahead,
    )
    return message.id


async def standing(place: Place, conversation_id: ConversationId) -> Standing:
    return await replying.standing(place.application.database, place.account_id, conversation_id)


def said(place: Place, conversation_id: ConversationId) -> list[MessageId]:
    found = place.rows(
        "select id from message where conversation_id = %s and author = 'human'", conversation_id
    )
    return [MessageId(one) for (one,) in found]


async def test_what_changed_meanwhile_is_decided_anew() -> None:
    async with placed() as place:
        ana, ben = place.join(), place.join()
        conversation_id = place.converse()
        before = await standing(place, conversation_id)
        async with place.application.database.transaction(place.account_id) as session:
            await service.act(session, conversation_id, OfTheAccount(), Claimed(ben))
        with pytest.raises(Conflict) as refused:
            await send(place, before, ana)
        assert refused.value.code == "held_by_another"
        assert said(place, conversation_id) == []
        # Told to go ahead, it is sent all the same.
        sent = await send(place, before, ana, go_ahead=True)
        assert said(place, conversation_id) == [sent]


async def test_what_the_writer_has_not_seen_refuses_it() -> None:
    async with placed() as place:
        ana = place.join()
        conversation_id = place.converse()
        seen = place.say(conversation_id, "visitor", "Hello?")
        newer = place.say(conversation_id, "visitor", "Are you there?")
        before = await standing(place, conversation_id)
        with pytest.raises(Conflict) as refused:
            await send(place, before, ana, seen=seen)
        assert refused.value.code == "conversation_changed"
        elsewhere = place.say(place.converse(), "visitor", "Somewhere else.")
        with pytest.raises(NotFound):
            await send(place, before, ana, seen=elsewhere)
        assert said(place, conversation_id) == []
        sent = await send(place, before, ana, seen=newer)
        assert said(place, conversation_id) == [sent]


async def test_who_may_not_reply_is_refused() -> None:
    async with placed() as place:
        reader = place.join("viewer")
        conversation_id = place.converse()
        with pytest.raises(InvalidInput) as refused:
            await send(place, await standing(place, conversation_id), reader)
        assert refused.value.code == "member_cannot_reply"
        assert said(place, conversation_id) == []


async def test_a_usual_reply_opens_no_transaction() -> None:
    async with placed() as place, asyncio.timeout(PATIENCE):
        ana, ben = place.join(), place.join()
        database = place.application.database
        waiting = place.converse()
        await place.move(waiting, "waiting")
        async with AsyncExitStack() as taken:
            # Until all places of the pool are: whoever needs one waits then.
            while not database._places.locked():
                await taken.enter_async_context(database.transaction(place.account_id))
            for by in (ana, ana, ben, None):
                await send(place, await standing(place, waiting), by, go_ahead=True)
        assert len(said(place, waiting)) == 4
        assert place.rows("select state, assignee_id from conversation where id = %s", waiting) == [
            ("human", ben)
        ]
