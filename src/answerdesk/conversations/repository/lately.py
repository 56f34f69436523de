"""Reads what was said lately in a conversation, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.types import Author
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, MessageId

_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class LateMessage:
    """A message with the decision about its question.

    `answers`: it is a person's reply or an answer, so that what was asked before is no longer open.
    `in_progress`: the assistant is answering it.
    """

    id: MessageId
    author: Author
    content: str
    decision: DecisionKind | None
    answers: bool
    in_progress: bool


# What the assistant said about who has the conversation answers nothing. A missing decision is that
# of an answer from before there were decisions.
_LATELY: Final = text(
    "select m.id, m.author, m.content, t.decision,"
    " m.author = 'human' or (m.author = 'assistant' and not m.abstained"
    "  and coalesce(t.decision, 'answer') in ('answer', 'act')) as answers,"
    " m.author = 'visitor' and coalesce(t.state = 'answering', false) as in_progress"
    " from message m"
    " left join turn t on t.account_id = m.account_id"
    "  and t.question_id = coalesce(m.question_id, m.id)"
    " where m.account_id = :account_id and m.conversation_id = :id"
    "  and (m.author <> 'assistant' or m.question_id is not null)"
    " order by m.created_at desc, m.id desc limit :most"
)


async def said_lately(
    session: AsyncSession, conversation_id: ConversationId
) -> Sequence[LateMessage]:
    """Return a conversation's latest messages, oldest first; notes are none."""
    parameters: dict[str, Any] = {
        "account_id": tenant_of(session),
        "id": conversation_id,
        "most": _MOST,
    }
    rows = (await session.execute(_LATELY, parameters)).all()
    return [
        LateMessage(
            MessageId(row.id), row.author, row.content, row.decision, row.answers, row.in_progress
        )
        for row in reversed(rows)
    ]
