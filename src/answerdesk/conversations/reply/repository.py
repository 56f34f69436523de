"""Reads and writes turns: who answers which question, until when, and what was answered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.types import Answer
from answerdesk.conversations.models import MessageRow, TurnRow
from answerdesk.conversations.repository import stored_citation
from answerdesk.conversations.types import IncomingMessage, Question
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, ProjectId, new_id


@dataclass(frozen=True, slots=True)
class TurnState:
    """How a turn stands; `seconds_left` of its lease, negative when it has run out."""

    state: str
    attempt: int
    error_code: str | None
    seconds_left: float


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A visitor's message to store. `holder` answers it; None when a person has the conversation.

    `opens` a conversation, or goes on with one that this transaction has locked, which then has the
    state `state`. `events` are the types of events to record.
    """

    incoming: IncomingMessage
    conversation_id: ConversationId
    message_id: MessageId
    opens: bool
    state: str
    events: Sequence[str]
    holder: UUID | None


# One statement instead of nine: a question's way to its first event is counted in round trips.
_STORE = text(
    "with seen as ("
    "  insert into visitor (account_id, id, project_id, external_id)"
    "  select :account_id, :visitor_id, :project_id, cast(:visitor as text)"
    "  where :opens and cast(:visitor as text) is not null"
    "  on conflict (account_id, project_id, external_id) do update set seen_at = now()"
    "  returning id"
    "), opened as ("
    "  insert into conversation (account_id, id, project_id, visitor_id, page_url)"
    "  select :account_id, :conversation_id, :project_id,"
    "   coalesce(cast(:known_visitor as uuid), (select id from seen)),"
    "   cast(:page_url as text) where :opens"
    "), continued as ("
    "  update conversation set updated_at = now(), state = :state"
    "  where not :opens and account_id = :account_id and id = :conversation_id"
    "), said as ("
    "  insert into message (account_id, id, conversation_id, project_id, author, content, context)"
    "  values (:account_id, :message_id, :conversation_id, :project_id, 'visitor', :content,"
    "   :context)"
    "), routed as ("
    "  insert into public_id (id, account_id)"
    "  select id, :account_id from unnest(cast(:public_ids as uuid[])) as id"
    "), noted as ("
    "  insert into event (account_id, project_id, type, payload)"
    "  select :account_id, :project_id, type, cast(:payload as jsonb)"
    "  from unnest(cast(:events as text[])) as type"
    "), held as ("
    "  insert into turn (account_id, question_id, conversation_id, project_id, state, holder,"
    "   lease_until)"
    "  select :account_id, :message_id, :conversation_id, :project_id, 'answering',"
    "   cast(:holder as uuid), clock_timestamp() + make_interval(secs => :lease)"
    "  where cast(:holder as uuid) is not null"
    ") select 1"
)
_STORE_ANSWER = text(
    "with said as ("
    "  insert into message (account_id, id, conversation_id, project_id, author, content,"
    "   question_id, citations, confidence, abstained)"
    "  values (:account_id, :message_id, :conversation_id, :project_id, 'assistant', :content,"
    "   :question_id, cast(:citations as jsonb), :confidence, :abstained)"
    "), used as ("
    "  insert into answer_source (account_id, message_id, document_id, chunk_id, project_id, place)"
    "  select :account_id, :message_id, document_id, chunk_id, :project_id, place"
    "  from unnest(cast(:documents as uuid[]), cast(:chunks as uuid[]))"
    "   with ordinality as u (document_id, chunk_id, place)"
    # Of several passages of one document the first stands for it.
    "  on conflict do nothing"
    "), routed as ("
    "  insert into public_id (id, account_id) values (:message_id, :account_id)"
    "), touched as ("
    "  update conversation set updated_at = now()"
    "  where account_id = :account_id and id = :conversation_id"
    "), noted as ("
    "  insert into event (account_id, project_id, type, payload)"
    "  values (:account_id, :project_id, :event, cast(:payload as jsonb))"
    ") select 1"
)


_FINISH = text(
    "update turn set state = :state, error_code = :error_code, trace = cast(:trace as jsonb),"
    " finished_at = clock_timestamp()"
    " where account_id = :account_id and question_id = :question_id and holder = :holder"
    "  and state = 'answering' returning question_id"
)


async def store_question(session: AsyncSession, new: NewQuestion, lease: timedelta) -> None:
    """Store a message with its conversation, visitor, events and turn."""
    incoming = new.incoming
    opened = [new.conversation_id] if new.opens else []
    payload = {
        "conversation_id": str(new.conversation_id),
        "message_id": str(new.message_id),
    }
    await session.execute(
        _STORE,
        {
            "account_id": incoming.account_id,
            "project_id": incoming.project_id,
            "conversation_id": new.conversation_id,
            "message_id": new.message_id,
            "visitor_id": new_id(),
            "visitor": incoming.visitor if incoming.visitor_id is None else None,
            "known_visitor": incoming.visitor_id,
            "page_url": incoming.page_url,
            "opens": new.opens,
            "state": new.state,
            "content": incoming.text,
            "context": incoming.context,
            "public_ids": [*opened, new.message_id],
            "payload": json.dumps(payload),
            "events": list(new.events),
            "holder": new.holder,
            "lease": lease.total_seconds(),
        },
    )


async def store_answer(
    session: AsyncSession, question: Question, answer: Answer, event: str
) -> MessageId:
    """Store the answer of a question whose conversation is locked, with what it used.

    Returns its id. A second answer of the same question violates a unique index.
    """
    message_id = MessageId(new_id())
    payload = {
        "conversation_id": str(question.conversation_id),
        "question_id": str(question.message_id),
        "message_id": str(message_id),
    }
    await session.execute(
        _STORE_ANSWER,
        {
            "account_id": question.account_id,
            "project_id": question.project_id,
            "conversation_id": question.conversation_id,
            "question_id": question.message_id,
            "message_id": message_id,
            "content": answer.text,
            "citations": json.dumps([stored_citation(one) for one in answer.citations]),
            "documents": [one.document_id for one in answer.citations],
            "chunks": [one.chunk_id for one in answer.citations],
            "confidence": answer.confidence,
            "abstained": answer.abstained,
            "event": event,
            "payload": json.dumps(payload),
        },
    )
    return message_id


async def turn_state(session: AsyncSession, question_id: MessageId) -> TurnState | None:
    """Return how the question's turn stands."""
    left = func.extract("epoch", TurnRow.lease_until - func.clock_timestamp())
    row = (
        await session.execute(
            select(TurnRow.state, TurnRow.attempt, TurnRow.error_code, left).where(
                TurnRow.question_id == question_id
            )
        )
    ).first()
    return None if row is None else TurnState(row[0], row[1], row[2], float(row[3]))


async def take_over(
    session: AsyncSession,
    account_id: AccountId,
    question_id: MessageId,
    holder: UUID,
    lease: timedelta,
) -> Question | None:
    """Take a turn that failed or whose lease has run out; None when there is nothing to take."""
    taken = await session.scalar(
        update(TurnRow)
        .where(
            TurnRow.question_id == question_id,
            (TurnRow.state == "failed")
            | ((TurnRow.state == "answering") & (TurnRow.lease_until <= func.clock_timestamp())),
        )
        .values(
            state="answering",
            holder=holder,
            lease_until=func.clock_timestamp() + lease,
            attempt=TurnRow.attempt + 1,
            error_code=None,
            finished_at=None,
        )
        .returning(TurnRow.question_id)
    )
    if taken is None:
        return None
    row = (
        await session.execute(
            select(MessageRow.project_id, MessageRow.conversation_id, MessageRow.content).where(
                MessageRow.id == question_id
            )
        )
    ).one()
    return Question(
        account_id=account_id,
        project_id=ProjectId(row.project_id),
        conversation_id=ConversationId(row.conversation_id),
        message_id=question_id,
        text=row.content,
        holder=holder,
    )


async def renew(
    session: AsyncSession, question_id: MessageId, holder: UUID, lease: timedelta
) -> bool:
    """Prolong a lease; False when somebody else holds the turn by now."""
    renewed = await session.scalar(
        update(TurnRow)
        .where(
            TurnRow.question_id == question_id,
            TurnRow.holder == holder,
            TurnRow.state == "answering",
        )
        .values(lease_until=func.clock_timestamp() + lease)
        .returning(TurnRow.question_id)
    )
    return renewed is not None


async def finish(
    session: AsyncSession,
    question_id: MessageId,
    holder: UUID,
    *,
    error_code: str | None = None,
    trace: Mapping[str, Any] | None = None,
) -> bool:
    """End a turn, as failed if there is an error; False when it is not the holder's any more."""
    finished = await session.scalar(
        _FINISH,
        {
            "account_id": tenant_of(session),
            "question_id": question_id,
            "holder": holder,
            "state": "answered" if error_code is None else "failed",
            "error_code": error_code,
            "trace": None if trace is None else json.dumps(trace),
        },
    )
    return finished is not None
