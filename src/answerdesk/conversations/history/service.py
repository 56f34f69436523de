"""Pages of conversations, of a conversation's messages, and of answers that used a document."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.access import require_access
from answerdesk.conversations.errors import conversation_not_found, message_not_found
from answerdesk.conversations.events import FEEDBACK_NEGATIVE, FEEDBACK_POSITIVE
from answerdesk.conversations.history import repository
from answerdesk.conversations.history.types import (
    ConversationSummary,
    EventSubject,
    ListedTurn,
    Place,
    RatedMessage,
    RecordedMessage,
    UsingAnswer,
)
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    VISITOR_PREFIX,
    Access,
    ConversationState,
    Rating,
    VisitorId,
)
from answerdesk.core.database import Executor
from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import NotFound
from answerdesk.core.events import Event
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, parse_public_id
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.service import Websites

ORDER: Final = (datetime, UUID)
"""The types of every page's sort key: a time, then an id."""

_RATINGS: Final[Mapping[str, Rating]] = {
    FEEDBACK_POSITIVE.name: "positive",
    FEEDBACK_NEGATIVE.name: "negative",
}


async def visitors_conversations(
    session: AsyncSession, visitor_id: VisitorId, after: Place, limit: int
) -> Sequence[ConversationSummary]:
    """Return up to `limit` of a visitor's conversations after `after`, most recent first."""
    return await repository.of_visitor(session, visitor_id, after, limit)


async def projects_conversations(
    session: AsyncSession,
    project_id: ProjectId,
    state: ConversationState | None,
    after: Place,
    limit: int,
) -> Sequence[ConversationSummary]:
    """Return up to `limit` of a project's conversations after `after`, most recent first."""
    return await repository.of_project(session, project_id, state, after, limit)


async def part_of_conversations(
    session: AsyncSession,
    projects: Sequence[ProjectId],
    state: ConversationState | None = None,
    *,
    offset: int,
    limit: int,
) -> tuple[Sequence[ConversationSummary], int]:
    """Return conversations of several projects, most recent first, and the number of all of them.

    None of the projects may be deleted.
    """
    return await repository.part(session, projects, state, offset=offset, limit=limit)


async def conversation(
    session: AsyncSession, conversation_id: ConversationId, access: Access
) -> ConversationSummary:
    """Return a conversation; raises NotFound if `access` doesn't reach it."""
    found = await repository.get(session, conversation_id)
    if found is None:
        raise conversation_not_found()
    await require_access(session, found, access)
    return found


async def course(
    session: AsyncSession,
    conversation_id: ConversationId,
    after: Place,
    limit: int,
    since: datetime | None = None,
) -> Sequence[RecordedMessage]:
    """Return up to `limit` messages of a conversation that the caller may see, oldest first.

    They come after `after`, and not before `since`. A page that continues from the last message
    seen misses none, since messages of one conversation commit in the order of their times.
    """
    return await repository.course(session, conversation_id, since, after, limit)


async def exchanged(
    session: AsyncSession, conversation_id: ConversationId, message_id: MessageId
) -> tuple[RecordedMessage, RecordedMessage | None]:
    """Return a visitor's message of a conversation and its answer, by the id of either.

    Raises NotFound for any other message.
    """
    found = await repository.exchanged(session, conversation_id, message_id)
    question = next((one for one in found if one.message.author == "visitor"), None)
    if question is None:
        raise message_not_found()
    return question, next((one for one in found if one.question_id == question.message.id), None)


async def messages_of(
    executor: Executor, message_ids: Collection[MessageId]
) -> Sequence[RatedMessage]:
    """Return those of these messages that are there, in any order, without their questions."""
    return await repository.rated_of(executor, message_ids) if message_ids else []


async def subject_of(session: AsyncSession, event: Event) -> EventSubject | None:
    """Return what an event of a conversation tells of; None if that is gone.

    `event` may be of any type of `conversations.events`, or another one whose payload names a
    conversation by its `conversation_id`. A rating is gone once there is another, since the last
    one counts.
    """
    conversation_id = _named(event, "conversation_id", CONVERSATION_PREFIX)
    message_id = _named(event, "message_id", MESSAGE_PREFIX)
    if conversation_id is None and message_id is None:
        # All that `answer.failed` names is the question.
        message_id = _named(event, "question_id", MESSAGE_PREFIX)
    message = question = reason = None
    rating = _RATINGS.get(event.type)
    if message_id is not None:
        said = await repository.rated(session, MessageId(message_id))
        if said is None or rating not in (None, said.rating):
            return None
        message, question = said.message, said.question
        reason = None if rating is None else said.reason
        conversation_id = message.conversation_id
    if conversation_id is None:
        return None
    found = await repository.standing(session, ConversationId(conversation_id))
    if found is None:
        return None
    return EventSubject(found, message, question, rating, reason)


def _named(event: Event, field: str, prefix: str) -> UUID | None:
    return parse_public_id(prefix, event.payload.get(field) or "")


async def turns_of(
    session: AsyncSession,
    projects: Sequence[ProjectId] | None,
    dialect: Dialect,
    *,
    visitor: str | None = None,
    offset: int,
    limit: int,
) -> tuple[Sequence[ListedTurn], int]:
    """Return visitors' messages with their answers, newest first, and the number of all of them.

    `projects`: None stands for all of the account's; deleted ones are left out. Visitors are shown,
    and filtered by `visitor`, as the dialect knows them: by their outside ids in it, and those who
    have none by our own ids (`visitor_…`).
    """
    wanted = None
    if visitor is not None:
        wanted = (visitor, parse_public_id(VISITOR_PREFIX, visitor))
    return await repository.turns(session, projects, dialect, wanted, offset=offset, limit=limit)


async def answers_with_document(
    knowledge: Knowledge, document_id: UUID, after: Place, limit: int
) -> Sequence[UsingAnswer]:
    """Return up to `limit` answers that used a document of the project, newest first.

    This includes removed documents that answers used. Raises NotFound for any other document that
    the project doesn't have.
    """
    session, project_id = knowledge.session, knowledge.project_id
    try:
        await knowledge.document(document_id)
    except NotFound:
        if not await repository.was_used(session, project_id, document_id):
            raise
    return await repository.answers_with(session, project_id, document_id, after, limit)


async def answers_using_page(
    knowledge: Knowledge, page_id: UUID, after: Place, limit: int
) -> Sequence[UsingAnswer]:
    """Return up to `limit` answers that used a page of a website, newest first.

    This includes pages that are gone from their website. Raises NotFound.
    """
    page = await Websites(knowledge).page(page_id)
    if page.document_id is None:
        return []
    return await repository.answers_with(
        knowledge.session, knowledge.project_id, page.document_id, after, limit
    )
