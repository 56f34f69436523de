"""Passes a conversation on when the assistant fails.

That is after several questions without an answer, or after an answer of low confidence.

It is decided in the transaction that saves the answer, so that the same message tells the visitor.
"""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.service import desk_of
from answerdesk.agents.types import Desk
from answerdesk.answering.blocks import paragraphs
from answerdesk.conversations import repository
from answerdesk.conversations.changing import apply
from answerdesk.conversations.claim_timer import text_for
from answerdesk.conversations.handoff import SILENT_STATES, PersonWanted, WantedReason
from answerdesk.conversations.reply.caps import CAP_REACHED
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.reply.repository.messages import NewAnswer, Saved, save_answer
from answerdesk.conversations.types import Question
from answerdesk.core.database import Database
from answerdesk.core.tenancy import MessageId
from answerdesk.projects.service import get_project
from answerdesk.projects.types import Handoff, Project


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it was saved, and what `added` to it says that it was passed on, if it was."""

    became: Saved
    message_id: MessageId
    answer: NewAnswer
    added: str | None


def may_pass_on(handoff: Handoff, answer: NewAnswer) -> bool:
    """Tell whether the conversation may have to be passed on with this answer.

    Most answers say no without any look at the database.
    """
    if answer.decision == "abstain":
        return handoff.after_failures > 0
    return _is_doubtful(handoff, answer)


async def save_passing_on(
    database: Database, question: Question, answer: NewAnswer, project: Project, *, read: bool
) -> SavedAnswer:
    """Save an answer, and pass its conversation on if the owner wants that then."""
    added: str | None = None
    desk: Desk | None = None
    async with database.transaction(question.account_id) as session:
        conversation = await repository.lock_conversation(session, question.conversation_id)
        reason: WantedReason | None = None
        if conversation is not None and conversation.state == "ai":
            reason = await _reason(session, question, answer, project.settings.handoff)
        if conversation is not None and reason is not None:
            desk = await desk_of(session, project)
            added = await text_for(session, desk, conversation, "passed_on")
            answer = replace(answer, blocks=(*answer.blocks, *paragraphs(added)))
        became, message_id = await save_answer(session, question, answer, SILENT_STATES, read=read)
        if conversation is not None and reason is not None and became == "saved":
            await apply(session, conversation, PersonWanted(reason), tells=False, desk=desk)
    return SavedAnswer(became, message_id, answer, added)


async def pass_on_failed(
    session: AsyncSession, question: Question, conversation: repository.LockedConversation
) -> None:
    """Pass a locked conversation on if too many of its turns have failed, this one included."""
    if conversation.state != "ai":
        return
    project = question.project or await get_project(session, question.project_id)
    if await _has_failed_enough(session, question, project.settings.handoff):
        await apply(session, conversation, PersonWanted("failures"))


async def _reason(
    session: AsyncSession, question: Question, answer: NewAnswer, handoff: Handoff
) -> WantedReason | None:
    if _is_doubtful(handoff, answer):
        return "low_confidence"
    if answer.decision == "abstain" and await _has_failed_enough(session, question, handoff):
        return "failures"
    return None


def _is_doubtful(handoff: Handoff, answer: NewAnswer) -> bool:
    least = handoff.below_confidence
    if answer.decision != "answer" or least is None or answer.confidence is None:
        return False
    return answer.confidence < least


async def _has_failed_enough(session: AsyncSession, question: Question, handoff: Handoff) -> bool:
    before = handoff.after_failures - 1
    return before >= 0 and await turns.failed_before(
        session, question.message_id, before, CAP_REACHED
    )
