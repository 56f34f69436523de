"""Reads and writes who has a conversation, and what decides about it."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.handoff import Hand
from answerdesk.conversations.repository import LockedConversation
from answerdesk.conversations.types import ConversationState
from answerdesk.core.database import tenant_of
from answerdesk.core.events import RECORD_ALL, NewEvents
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, UserId

SET_HAND: Final = (
    "update conversation set updated_at = clock_timestamp(), state = cast(:state as text),"
    " assignee_id = cast(:person as uuid),"
    " waiting_since = case when :waits then coalesce(waiting_since, clock_timestamp()) end,"
    " wait_told_at = case when :told then coalesce(wait_told_at, clock_timestamp()) end,"
    " escalated_at = case when :begins_to_wait then clock_timestamp() else escalated_at end,"
    " snoozed_until = case when :snoozed then snoozed_until end"
)
"""A part of a statement that notes who has a conversation; its parameters are `hand_parameters`."""

# In one statement, since readers of the account's events wait for whoever has recorded one.
_MOVE: Final = text(
    f"with moved as ({SET_HAND} where account_id = :account_id and id = :id returning escalated_at"
    f"), noted as ({RECORD_ALL.format(source='moved')}) select escalated_at from moved"
)


def hand_parameters(before: ConversationState, hand: Hand) -> dict[str, Any]:
    """Return the parameters of `SET_HAND` for a conversation that was in the state `before`."""
    return {
        "state": hand.state,
        "person": hand.person,
        "waits": hand.waits,
        "told": hand.told,
        "begins_to_wait": hand.state == "waiting" != before,
        "snoozed": hand.snoozed,
    }


async def move(
    session: AsyncSession, conversation: LockedConversation, hand: Hand, events: NewEvents
) -> datetime | None:
    """Note who has a locked conversation now, and record the events that tell of it.

    Returns when it last began to wait for a person.
    """
    parameters = {
        "account_id": conversation.account_id,
        "project_id": conversation.project_id,
        "id": conversation.id,
        **hand_parameters(conversation.state, hand),
        **events.parameters,
    }
    escalated_at: datetime | None = await session.scalar(_MOVE, parameters)
    return escalated_at


# The answer that is in progress is not stored then, see `reply/repository/messages`.
_TAKE_AWAY = text(
    "update turn set state = 'failed', error_code = 'taken_over',"
    " finished_at = clock_timestamp()"
    " where account_id = :account_id and state = 'answering' and question_id in"
    "  (select id from message where account_id = :account_id"
    "   and conversation_id = :conversation_id and author = 'visitor')"
    " returning question_id"
)


async def take_away(session: AsyncSession, conversation_id: ConversationId) -> Sequence[MessageId]:
    """End the turns in progress of a locked conversation, which a person has taken over.

    Returns their questions.
    """
    parameters = {"account_id": tenant_of(session), "conversation_id": conversation_id}
    rows = await session.execute(_TAKE_AWAY, parameters)
    return [MessageId(row.question_id) for row in rows]


_NEWER: Final = text(
    "select m.id from message m join message seen on seen.account_id = m.account_id"
    "  and seen.conversation_id = m.conversation_id and seen.id = :seen"
    " where m.account_id = :account_id and m.conversation_id = :conversation_id"
    "  and (m.created_at, m.id) > (seen.created_at, seen.id)"
    "  and not (m.author = 'human' and m.sender_id is not distinct from cast(:own as uuid))"
    " order by m.created_at, m.id limit :limit"
)


async def newer_messages(
    session: AsyncSession,
    conversation_id: ConversationId,
    seen: MessageId,
    own: UserId | None,
    limit: int,
) -> Sequence[MessageId]:
    """Return the oldest messages after `seen` in a conversation that `own` has not sent."""
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "seen": seen,
        "own": own,
        "limit": limit,
    }
    return [MessageId(row.id) for row in await session.execute(_NEWER, parameters)]


_SAID_LAST: Final = text(
    "select content from message where account_id = :account_id"
    " and conversation_id = :conversation_id and author = 'visitor'"
    " order by created_at desc, id desc limit :limit"
)


async def last_said(
    session: AsyncSession, conversation_id: ConversationId, limit: int
) -> Sequence[str]:
    """Return the visitor's latest messages, newest last."""
    parameters = {
        "account_id": tenant_of(session),
        "conversation_id": conversation_id,
        "limit": limit,
    }
    rows = (await session.execute(_SAID_LAST, parameters)).all()
    return [row.content for row in reversed(rows)]


_ASSIGNED: Final = text(
    "select id from conversation where account_id = :account_id and assignee_id = :person limit 1"
)


async def assigned_to(session: AsyncSession, person: UserId) -> ConversationId | None:
    """Return a conversation that a person has; None if there is none."""
    parameters = {"account_id": tenant_of(session), "person": person}
    found = await session.scalar(_ASSIGNED, parameters)
    return None if found is None else ConversationId(found)


_IDLE: Final = text("select account_id, id from idle_conversations(:seconds, :limit)")
# `updated_at` stays, so that lists show when somebody wrote last. A message that arrives meanwhile
# finds another state than it has read.
_END_IDLE: Final = text(
    "with idle as materialized ("
    "  select id from conversation where account_id = :account_id and id = any(:ids)"
    "   and state = cast(:state as text)"
    "   and snoozed_until is null"
    "   and updated_at < clock_timestamp() - make_interval(secs => cast(:seconds as float8))"
    "  order by id for update"
    "), ended as ("
    "  update conversation set state = :ended from idle"
    "   where conversation.account_id = :account_id and conversation.id = idle.id"
    "  returning conversation.id, conversation.project_id"
    "), noted as ("
    "  insert into event (account_id, project_id, type, payload)"
    "  select :account_id, project_id, type,"
    "   jsonb_build_object('conversation_id', 'conv_' || replace(cast(id as text), '-', ''),"
    "    'state', cast(:ended as text), 'before', cast(:state as text))"
    "   from ended, unnest(cast(:events as text[])) as type"
    ") select count(*) from ended"
)


@dataclass(frozen=True, slots=True)
class IdleEnd:
    """How conversations end that were idle so long: their state before, and then.

    `events` are the types of the events to record.
    """

    idle: timedelta
    state: ConversationState
    ended: ConversationState
    events: Sequence[str]


async def idle_conversations(
    session: AsyncSession, idle: timedelta, limit: int
) -> Sequence[tuple[AccountId, ConversationId]]:
    """Return conversations of all accounts that the assistant has and that are idle so long.

    Those that were idle longest come first. It needs no tenant.
    """
    parameters = {"seconds": idle.total_seconds(), "limit": limit}
    rows = await session.execute(_IDLE, parameters)
    return [(AccountId(row.account_id), ConversationId(row.id)) for row in rows]


async def end_idle(
    session: AsyncSession, conversations: Sequence[ConversationId], end: IdleEnd
) -> int:
    """End those of the account's conversations that are still idle; return how many."""
    parameters = {
        "account_id": tenant_of(session),
        "ids": [*conversations],
        "state": end.state,
        "seconds": end.idle.total_seconds(),
        "ended": end.ended,
        "events": [*end.events],
    }
    return int(await session.scalar(_END_IDLE, parameters))
