"""Sends what a person writes to a visitor, usually in two round trips.

The conversation is read as it stands, the reply is decided, and it is stored if nothing has changed
meanwhile. Whatever is less usual (an answer in progress, a refusal, somebody else who writes at the
same moment) is done under the conversation's lock by `service.reply`, which says what is wrong.
"""

from answerdesk.answering.blocks import paragraphs
from answerdesk.conversations import service
from answerdesk.conversations.changing import MAY_REPLY, events_of_change
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.events import MESSAGE_SENT, message_change
from answerdesk.conversations.handoff import Moved, PersonReplied, transition
from answerdesk.conversations.repository import replies
from answerdesk.conversations.repository.replies import NewReply, Standing
from answerdesk.conversations.tasks import unclaimed_key
from answerdesk.conversations.types import Message, OfTheAccount
from answerdesk.core.database import Database
from answerdesk.core.events import NewEvents
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, UserId, new_id


async def standing(
    database: Database, account_id: AccountId, conversation_id: ConversationId
) -> Standing:
    """Return a conversation of the account as it stands, in one round trip; raises NotFound."""
    found = await replies.standing(database.single(account_id), conversation_id)
    if found is None:
        raise conversation_not_found()
    return found


async def send(
    database: Database,
    account_id: AccountId,
    before: Standing,
    content: str,
    *,
    by: UserId | None,
    seen: MessageId | None,
    go_ahead: bool,
) -> Message:
    """Send a person's reply to a conversation that was just read.

    The parameters and what it raises are those of `service.reply`.
    """
    happening = PersonReplied(by, go_ahead)
    new = _new_reply(before, content, happening, None if go_ahead else seen)
    if new is not None:
        created_at = await replies.store_reply(database.single(account_id), before, new)
        if created_at is not None:
            return Message(
                id=new.message_id,
                conversation_id=before.id,
                author="human",
                content=content,
                blocks=paragraphs(content),
                citations=(),
                confidence=None,
                abstained=False,
                created_at=created_at,
            )
    async with database.transaction(account_id) as session:
        return await service.reply(
            session, before.id, OfTheAccount(), content, by=by, seen=seen, go_ahead=go_ahead
        )


def _new_reply(
    before: Standing, content: str, happening: PersonReplied, seen: MessageId | None
) -> NewReply | None:
    """Return the reply with what follows from it; None if it is refused, or more follows."""
    moved = transition(before.hand, happening)
    if not isinstance(moved, Moved) or not _AT_ONCE.issuperset(moved.effects):
        return None
    hand, message_id = moved.hand, MessageId(new_id())
    told = events_of_change(before.id, before.hand, hand, happening) + NewEvents.of(
        (MESSAGE_SENT, message_change(before.id, message_id, "human"))
    )
    return NewReply(
        message_id=message_id,
        content=content,
        by=happening.by,
        hand=hand,
        begins="take_answers_away" in moved.effects,
        seen=seen,
        taken_by=None if hand.person == before.hand.person else hand.person,
        roles=MAY_REPLY,
        events=told,
        job_key=unclaimed_key(before.id) if "stop_claim_timer" in moved.effects else None,
    )


_AT_ONCE = frozenset({"take_answers_away", "stop_claim_timer"})
"""Effects that the statement carries out: it stores nothing if there are answers to take away."""
