"""Accepting a visitor's message: one transaction that stores it and makes sure of its answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import register_public_id
from answerdesk.answering.human_request import asks_for_human
from answerdesk.conversations import events, repository
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.events import Accepted, Notice
from answerdesk.conversations.handoff import WITH_A_PERSON
from answerdesk.conversations.models import ConversationRow
from answerdesk.conversations.reply import repository as turns
from answerdesk.conversations.service import escalate_locked
from answerdesk.conversations.tasks import schedule_finish
from answerdesk.conversations.types import IncomingMessage, Question
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, MessageId, new_id
from answerdesk.leads.types import Contact

_REPEAT_WITHIN: Final = timedelta(seconds=60)
"""A message repeated within this time is the same message: its sender did not get our answer."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A stored message and what to do now.

    Either `question` is ours to answer, or `notice` is all there is to say, or (both None) somebody
    else answers it or has answered it.
    """

    accepted: Accepted
    question: Question | None = None
    notice: Notice | None = None


async def accept(session: AsyncSession, incoming: IncomingMessage, lease: timedelta) -> Acceptance:
    """Store the message; once the transaction commits it is never lost.

    Raises NotFound for a conversation that is not there, or is another project's.
    """
    conversation = await _open(session, incoming)
    conversation_id = ConversationId(conversation.id)
    repeated = await repository.recent_question(
        session, conversation_id, incoming.text, _REPEAT_WITHIN
    )
    if repeated is not None:
        return await _accept_again(session, incoming, conversation, repeated, lease)
    message_id = await repository.add_message(
        session, conversation, "visitor", incoming.text, context=incoming.context
    )
    await register_public_id(session, incoming.account_id, message_id)
    payload = {"conversation_id": str(conversation_id), "message_id": str(message_id)}
    await record(
        session, incoming.account_id, incoming.project_id, events.MESSAGE_RECEIVED, payload
    )
    accepted = Accepted(conversation_id, message_id)
    if conversation.state == "human":
        await repository.touch(session, conversation_id)
        return Acceptance(accepted, notice=Notice(WITH_A_PERSON))
    state = "ai" if conversation.state == "closed" else conversation.state
    await repository.touch(session, conversation_id, state=state)
    if asks_for_human(incoming.text):
        await escalate_locked(session, conversation, Contact())
    question = _question(incoming, accepted)
    await turns.open_turn(session, conversation, message_id, question.holder, lease)
    await schedule_finish(session, incoming.account_id, message_id, lease)
    return Acceptance(accepted, question)


def _question(incoming: IncomingMessage, accepted: Accepted) -> Question:
    return Question(
        account_id=incoming.account_id,
        project_id=incoming.project_id,
        conversation_id=accepted.conversation_id,
        message_id=accepted.message_id,
        text=incoming.text,
        holder=new_id(),
    )


async def _open(session: AsyncSession, incoming: IncomingMessage) -> ConversationRow:
    """Return the message's conversation, locked; a new one when it names none."""
    if incoming.conversation_id is not None:
        found = await repository.lock_conversation(session, incoming.conversation_id)
        if found is None or found.project_id != incoming.project_id:
            raise conversation_not_found()
        return found
    visitor_id = (
        None
        if incoming.visitor is None
        else await repository.upsert_visitor(
            session, incoming.account_id, incoming.project_id, incoming.visitor
        )
    )
    row = ConversationRow(
        account_id=incoming.account_id,
        id=new_id(),
        project_id=incoming.project_id,
        visitor_id=visitor_id,
        page_url=incoming.page_url,
    )
    await register_public_id(session, incoming.account_id, row.id)
    conversation = await repository.add_conversation(session, row)
    payload = {"conversation_id": str(row.id)}
    await record(
        session, incoming.account_id, incoming.project_id, events.CONVERSATION_STARTED, payload
    )
    return conversation


async def _accept_again(
    session: AsyncSession,
    incoming: IncomingMessage,
    conversation: ConversationRow,
    message_id: MessageId,
    lease: timedelta,
) -> Acceptance:
    """Accept a message that is stored already: take its answering up if nobody has it."""
    accepted = Accepted(ConversationId(conversation.id), message_id)
    if conversation.state == "human":
        return Acceptance(accepted, notice=Notice(WITH_A_PERSON))
    question = await turns.take_over(session, incoming.account_id, message_id, new_id(), lease)
    if question is not None:
        await schedule_finish(session, incoming.account_id, message_id, lease)
    return Acceptance(accepted, question)
