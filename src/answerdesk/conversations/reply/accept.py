"""Accepting a visitor's message: one transaction that stores it and makes sure of its answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.human_request import asks_for_human
from answerdesk.conversations import events, repository
from answerdesk.conversations.access import require_access, require_open
from answerdesk.conversations.caps import CAP_REACHED, hold_caps
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.events import Accepted, Notice
from answerdesk.conversations.handoff import WITH_A_PERSON
from answerdesk.conversations.reply import repository as turns
from answerdesk.conversations.repository import LockedConversation
from answerdesk.conversations.service import escalate
from answerdesk.conversations.tasks import schedule_finish
from answerdesk.conversations.types import IncomingMessage, OfTheAccount, Question
from answerdesk.conversations.visitors.origins import require_origin
from answerdesk.core.tenancy import ConversationId, MessageId, new_id
from answerdesk.leads.types import Contact
from answerdesk.projects.service import get_project
from answerdesk.projects.types import Project

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

    Raises NotFound for a project or conversation that is not there, a conversation of another
    project, or one that the message's access does not reach, and NotPermitted for a page whose
    origin the project does not allow, or while the account is suspended.
    """
    await require_open(session)
    project = await get_project(session, incoming.project_id)
    require_origin(project, incoming.origin, said=False)
    if incoming.conversation_id is None:
        accepted = Accepted(ConversationId(new_id()), MessageId(new_id()))
        return await _store(session, incoming, project, accepted, None, lease)
    conversation = await repository.lock_conversation(session, incoming.conversation_id)
    if conversation is None or conversation.project_id != incoming.project_id:
        raise conversation_not_found()
    await require_access(session, conversation.project_id, conversation.visitor_id, incoming.access)
    repeated = await repository.recent_question(
        session, incoming.conversation_id, incoming.text, _REPEAT_WITHIN
    )
    if repeated is not None:
        return await _accept_again(session, incoming, project, conversation, repeated, lease)
    accepted = Accepted(incoming.conversation_id, MessageId(new_id()))
    return await _store(session, incoming, project, accepted, conversation, lease)


async def _store(
    session: AsyncSession,
    incoming: IncomingMessage,
    project: Project,
    accepted: Accepted,
    conversation: LockedConversation | None,
    lease: timedelta,
) -> Acceptance:
    """Store a message of a locked conversation, or (None) the first of a new one."""
    state = "ai" if conversation is None or conversation.state == "closed" else conversation.state
    with_a_person = state == "human"
    started = [] if conversation is not None else [events.CONVERSATION_STARTED]
    question = Question(
        account_id=incoming.account_id,
        project_id=incoming.project_id,
        conversation_id=accepted.conversation_id,
        message_id=accepted.message_id,
        text=incoming.text,
        holder=new_id(),
        first=conversation is None,
    )
    new = turns.NewQuestion(
        incoming=incoming,
        conversation_id=accepted.conversation_id,
        message_id=accepted.message_id,
        opens=conversation is None,
        state=state,
        events=[*started, events.MESSAGE_RECEIVED],
        holder=None if with_a_person else question.holder,
    )
    await turns.store_question(session, new, lease)
    if with_a_person:
        return Acceptance(accepted, notice=Notice(WITH_A_PERSON))
    if asks_for_human(incoming.text):
        # Nothing is generated for it: whoever wants a person gets one, at the cap as well.
        await escalate(session, accepted.conversation_id, OfTheAccount(), Contact())
    elif notice := await hold_caps(session, incoming, project, accepted.conversation_id):
        await turns.finish(session, accepted.message_id, question.holder, error_code=CAP_REACHED)
        return Acceptance(accepted, notice=notice)
    await schedule_finish(session, incoming.account_id, accepted.message_id, lease)
    return Acceptance(accepted, question)


async def _accept_again(
    session: AsyncSession,
    incoming: IncomingMessage,
    project: Project,
    conversation: LockedConversation,
    message_id: MessageId,
    lease: timedelta,
) -> Acceptance:
    """Accept a message that is stored already: take its answering up if nobody has it."""
    accepted = Accepted(conversation.id, message_id)
    if conversation.state == "human":
        return Acceptance(accepted, notice=Notice(WITH_A_PERSON))
    turn = await turns.turn_state(session, message_id)
    if turn is not None and turn.error_code == CAP_REACHED:
        notice = await hold_caps(session, incoming, project, conversation.id)
        if notice is not None:
            return Acceptance(accepted, notice=notice)
    question = await turns.take_over(session, incoming.account_id, message_id, new_id(), lease)
    if question is not None:
        await schedule_finish(session, incoming.account_id, message_id, lease)
    return Acceptance(accepted, question)
