"""Carries out what `handoff.transition` decides, in one transaction.

That is the row, the events, the timer, and what the visitor is told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.members.service import member_not_found, member_of
from answerdesk.accounts.principal import ROLE_SCOPES
from answerdesk.accounts.service import register_public_id
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.agents.service import get_desk
from answerdesk.agents.types import Desk
from answerdesk.conversations import repository
from answerdesk.conversations.access import require_access
from answerdesk.conversations.claim_timer import start_claim_timer, text_for
from answerdesk.conversations.errors import (
    conversation_closed,
    conversation_not_found,
    held_by_another,
    member_cannot_reply,
)
from answerdesk.conversations.events import (
    CONVERSATION_UPDATED,
    MESSAGE_SENT,
    ConversationChange,
    change_types,
    message_change,
)
from answerdesk.conversations.handoff import (
    Assigned,
    Effect,
    Hand,
    Happening,
    PersonReplied,
    PersonWanted,
    Refused,
    Tell,
    transition,
    with_answer_taken,
)
from answerdesk.conversations.repository import LockedConversation, hands
from answerdesk.conversations.tasks import cancel_finish, cancel_unclaimed
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    Access,
    Message,
)
from answerdesk.core.errors import Conflict
from answerdesk.core.events import NewEvents, record
from answerdesk.core.tenancy import ConversationId, UserId, public_id

__all__ = ["LockedConversation", "announce", "apply", "events_of_change", "locked"]

MAY_REPLY: Final = frozenset(
    role for role, scopes in ROLE_SCOPES.items() if "conversations:write" in scopes
)
"""The roles of members who may have a conversation."""


async def locked(
    session: AsyncSession, conversation_id: ConversationId, access: Access
) -> LockedConversation:
    """Return a conversation, locked until the transaction ends; raises NotFound."""
    conversation = await repository.lock_conversation(session, conversation_id)
    if conversation is None:
        raise conversation_not_found()
    await require_access(session, conversation, access)
    return conversation


async def apply(
    session: AsyncSession,
    conversation: LockedConversation,
    happening: Happening,
    *,
    tells: bool = True,
    desk: Desk | None = None,
) -> Hand:
    """Carry out what happened to a locked conversation; return who has it then.

    Without `tells` the caller tells the visitor. `desk` is the project's, if it has been read.
    Raises Conflict if it is refused.
    """
    moved = transition(conversation.hand, happening)
    if isinstance(moved, Refused):
        raise await _refusal(session, moved)
    hand = moved.hand
    if hand.person is not None and hand.person != conversation.assignee_id:
        await _require_writer(session, hand.person)
    if "take_answers_away" in moved.effects:
        taken = await hands.take_away(session, conversation.id)
        for question_id in taken:
            await cancel_finish(session, question_id)
        if taken and not isinstance(happening, PersonReplied):
            hand = with_answer_taken(hand)
    told = [one for one in moved.effects if isinstance(one, Tell)] if tells else []
    if told or "start_claim_timer" in moved.effects:
        # First: readers of the account's events wait from the first event until the commit.
        desk = desk or await get_desk(session, conversation.project_id)
    escalated_at = None
    if hand != conversation.hand or isinstance(happening, PersonReplied):
        events = events_of_change(conversation.id, conversation.hand, hand, happening)
        escalated_at = await hands.move(session, conversation, hand, events)
    if desk is not None:
        for one in told:
            await _tell(session, desk, conversation, one)
    # Last, since a keyed job holds others with the same key up until the end.
    await _set_timer(session, desk, conversation, moved.effects, escalated_at)
    return hand


async def _set_timer(
    session: AsyncSession,
    desk: Desk | None,
    conversation: LockedConversation,
    effects: Sequence[Effect],
    waits_since: datetime | None,
) -> None:
    if "stop_claim_timer" in effects:
        await cancel_unclaimed(session, conversation.id)
    if "start_claim_timer" in effects:
        assert desk is not None  # noqa: S101  # It has been read for this.
        assert waits_since is not None  # noqa: S101  # It has just begun to wait.
        await start_claim_timer(session, desk, conversation, waits_since)


async def _refusal(session: AsyncSession, refused: Refused) -> Conflict:
    if refused.holder is None:
        return conversation_closed()
    holder = await member_of(session, refused.holder)
    return held_by_another(None if holder is None else holder.id)


async def _require_writer(session: AsyncSession, person: UserId) -> None:
    """Raise unless the person is a member who may reply; they stay one until the end.

    Whoever is removed meanwhile loses the conversation, see `release`.
    """
    member = await member_of(session, person, lock=True)
    if member is None:
        raise member_not_found()
    if member.role not in MAY_REPLY:
        raise member_cannot_reply()


def events_of_change(
    conversation_id: ConversationId, before: Hand, after: Hand, happening: Happening
) -> NewEvents:
    """Return the events that tell of a change of who has a conversation."""
    payload = ConversationChange(
        conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
        state=after.state,
        before=before.state,
        reason=happening.reason if isinstance(happening, PersonWanted) else None,
        assigned_to=_given_to(happening),
    )
    types = change_types(before.state, after.state)
    if not types and after.person != before.person:
        types = [CONVERSATION_UPDATED]
    return NewEvents.of(*((one, payload) for one in types))


def _given_to(happening: Happening) -> str | None:
    """Return to which user somebody else gave the conversation."""
    match happening:
        case Assigned(by, to) if to is not None and to != by:
            return public_id(USER_PREFIX, to)
        case _:
            return None


async def _tell(
    session: AsyncSession, desk: Desk, conversation: LockedConversation, told: Tell
) -> None:
    """Tell the visitor something about who has the conversation, as a message of its own."""
    text = await text_for(session, desk, conversation, told.text)
    message = await repository.add_message(session, conversation, "assistant", text)
    await announce(session, conversation, message)


async def announce(
    session: AsyncSession, conversation: LockedConversation, message: Message
) -> None:
    """Make a stored message known, which answers no question."""
    await register_public_id(session, conversation.account_id, message.id)
    payload = message_change(conversation.id, message.id, message.author)
    await record(session, conversation.account_id, conversation.project_id, MESSAGE_SENT, payload)
