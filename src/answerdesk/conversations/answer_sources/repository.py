"""Reads which answers used a document.

The rows are written with the answers, see `reply/repository.py`, and go with them. A document may
be gone by now: its id stays here.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.answer_sources.types import EXCERPT, Place, UsingAnswer
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId

_SELECT: Final = (
    "select m.id, m.conversation_id, coalesce(q.content, '') as question,"
    " left(m.content, :excerpt) as excerpt, s.created_at"
    " from answer_source s"
    " join message m on m.account_id = s.account_id and m.id = s.message_id"
    " left join message q on q.account_id = m.account_id and q.id = m.question_id"
    " where s.account_id = :account_id and s.document_id = :document_id"
    "  and s.project_id = :project_id"
)
_ORDER: Final = " order by s.created_at desc, s.message_id desc limit :limit"
_FIRST: Final = text(f"{_SELECT}{_ORDER}")
_BEHIND: Final = text(
    f"{_SELECT} and (s.created_at, s.message_id) < (:after_time, :after_id){_ORDER}"
)
_WAS_USED: Final = text(
    "select 1 from answer_source where account_id = :account_id and document_id = :document_id"
    " and project_id = :project_id limit 1"
)


async def answers(
    session: AsyncSession, project_id: ProjectId, document_id: UUID, after: Place, limit: int
) -> Sequence[UsingAnswer]:
    """Return up to `limit` of the project's answers that used a document, newest first."""
    parameters = {**_of(session, project_id, document_id), "excerpt": EXCERPT, "limit": limit}
    statement = _FIRST
    if after is not None:
        statement = _BEHIND
        parameters |= {"after_time": after[0], "after_id": after[1]}
    return [
        UsingAnswer(
            message_id=MessageId(row.id),
            conversation_id=ConversationId(row.conversation_id),
            question=row.question,
            excerpt=row.excerpt,
            created_at=row.created_at,
        )
        for row in await session.execute(statement, parameters)
    ]


async def was_used(session: AsyncSession, project_id: ProjectId, document_id: UUID) -> bool:
    """Tell whether an answer of the project used a document, which may be gone by now."""
    parameters = _of(session, project_id, document_id)
    return (await session.execute(_WAS_USED, parameters)).first() is not None


def _of(session: AsyncSession, project_id: ProjectId, document_id: UUID) -> dict[str, object]:
    return {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "document_id": document_id,
    }
