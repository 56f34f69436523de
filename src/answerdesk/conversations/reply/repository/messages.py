"""Stores a question with its turn, job and events, and its answer: one statement each."""

# ruff: noqa: S608 - the statements are composed of constants.

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import text

from answerdesk.accounts.limits.service import TAKE_IN, cap_parameters
from answerdesk.accounts.types import Cap
from answerdesk.agents.actions.types import PlannedAction
from answerdesk.answering.blocks import Blocks, plain_text, stored_blocks
from answerdesk.answering.types import Abstain, Answer, Citation, DecisionKind, SmallTalk, Trace
from answerdesk.conversations.events import (
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
    QUESTION_UNANSWERED,
    change_events,
    message_change,
)
from answerdesk.conversations.repository import STANDS, stored_citation
from answerdesk.conversations.tasks import finish_parameters
from answerdesk.conversations.types import (
    ByItsId,
    ConversationState,
    IncomingMessage,
    Question,
    VisitorId,
)
from answerdesk.core.database import IS_SET, TENANT, Executor
from answerdesk.core.due import DROP_JOB, NEW_JOB, NEW_JOB_TOLD
from answerdesk.core.events import RECORD_ALL, NewEvents
from answerdesk.core.tenancy import ConversationId, MessageId, new_id


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A visitor's message to store; `holder` answers it, None if it needs no answer.

    It begins a conversation, or continues one that has not changed since it was `seen_in` a state
    at `seen_at`. The conversation's state becomes `state`, in which the visitor `waits` for a
    person's reply. `visitor_id` is its visitor, if known.
    `met_in` is what `Facts` says. `decision` is set if the message alone decides the reply, and
    `action` if that is to be done with an action.
    """

    incoming: IncomingMessage
    conversation_id: ConversationId
    message_id: MessageId
    seen_at: datetime | None
    seen_in: ConversationState | None
    met_in: ConversationId | None
    state: ConversationState
    holder: UUID | None
    decision: DecisionKind | None = None
    action: PlannedAction | None = None
    visitor_id: VisitorId | None = None
    caps: Sequence[Cap] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """Whether a question was stored.

    If not, either its conversation has `changed` meanwhile, or a cap is reached. `taken` are the
    caps that were not reached and have counted the message.
    """

    stored: bool
    changed: bool
    taken: Collection[str]


# Every writer of a message locks the conversation's row, so messages commit in the order of their
# times. If the row has changed since it was read, nothing is written; nor if another conversation
# has begun under the outside id, or by the known visitor. Then the visitor and the counts are
# locked, always in this order, to avoid deadlocks.
_STORE: Final = text(
    f"with {TENANT}, locked as materialized ("
    "  select id from conversation where account_id = :account_id and id = :conversation_id"
    "   and updated_at = cast(:seen_at as timestamptz) and state = cast(:seen_in as text)"
    f"   and {IS_SET} for update"
    "), go as materialized ("
    f"  select where {IS_SET}"
    "   and (cast(:seen_at as timestamptz) is null or exists (select from locked))"
    "), seen as ("
    "  insert into visitor (account_id, id, project_id, external_id)"
    "  select :account_id, :new_visitor_id, :project_id, cast(:visitor as text)"
    f"   from go where cast(:visitor as text) is not null and {IS_SET}"
    "  on conflict (account_id, project_id, external_id) do update set seen_at = now()"
    "  returning id"
    "), met as ("
    "  insert into visitor as v (account_id, id, project_id, dialect, outside_id, conversation_id,"
    "   name, email)"
    "  select :account_id, :new_visitor_id, :project_id, cast(:dialect as text),"
    "   cast(:outside_id as text), :conversation_id, cast(:name as text), cast(:email as text)"
    f"   from go where cast(:outside_id as text) is not null and {IS_SET}"
    "  on conflict (account_id, project_id, dialect, outside_id) where outside_id is not null"
    "  do update set seen_at = now(), conversation_id = excluded.conversation_id,"
    "   name = coalesce(excluded.name, v.name), email = coalesce(excluded.email, v.email)"
    "   where v.conversation_id is not distinct from cast(:met_in as uuid)"
    # It is this one already if a cap was reached, since the message is stored once more then.
    "    or v.conversation_id = excluded.conversation_id"
    "  returning id"
    "), claimed as ("
    "  update visitor v set conversation_id = :conversation_id from go"
    "  where v.account_id = :account_id and v.id = cast(:begun_by as uuid)"
    "   and (v.conversation_id is not distinct from cast(:met_in as uuid)"
    f"    or v.conversation_id = :conversation_id) and {IS_SET}"
    "  returning v.id"
    "), ready as materialized ("
    "  select from go where (cast(:outside_id as text) is null or exists (select from met))"
    "   and (cast(:begun_by as uuid) is null or exists (select from claimed))"
    "), who as materialized ("
    "  select coalesce(cast(:visitor_id as uuid), (select id from seen), (select id from met),"
    "   :conversation_id) as id from ready"
    f"), {TAKE_IN.format(source='who')}, fits as materialized ("
    "  select from who where (select count(*) from caps_taken) = :caps"
    "), opened as ("
    "  insert into conversation (account_id, id, project_id, visitor_id, page_url, state,"
    "   opens_by_id, domain_id, agent_id)"
    "  select :account_id, :conversation_id, :project_id,"
    "   coalesce(cast(:visitor_id as uuid), (select id from seen), (select id from met)),"
    "   cast(:page_url as text), :state, :opens_by_id, cast(:domain_id as uuid),"
    "   cast(:agent_id as uuid)"
    f"   from fits where cast(:seen_at as timestamptz) is null and {IS_SET}"
    "), continued as ("
    "  update conversation set updated_at = clock_timestamp(), state = :state,"
    "   visitor_wrote_at = clock_timestamp(), snoozed_until = null,"
    "   waiting_since = case when cast(:waits as boolean)"
    "    then coalesce(waiting_since, clock_timestamp()) end"
    "   from fits"
    "   where account_id = :account_id and id = :conversation_id"
    f"   and cast(:seen_at as timestamptz) is not null and {IS_SET}"
    "), said as ("
    "  insert into message (account_id, id, conversation_id, project_id, author, content, context)"
    "  select :account_id, :message_id, :conversation_id, :project_id, 'visitor', :content,"
    "   cast(:context as text) from fits"
    "), routed as ("
    "  insert into public_id (id, account_id)"
    "  select id, :account_id from fits, unnest(cast(:public_ids as uuid[])) as id"
    "), noted as ("
    f"  {RECORD_ALL.format(source='fits')}"
    "), held as materialized ("
    "  select from fits where cast(:holder as uuid) is not null"
    "), begun as ("
    "  insert into turn (account_id, question_id, conversation_id, project_id, state, holder,"
    "   lease_until, decision, action)"
    "  select :account_id, :message_id, :conversation_id, :project_id, 'answering',"
    "   cast(:holder as uuid), clock_timestamp() + make_interval(secs => :lease),"
    "   cast(:decision as text), cast(:action as jsonb) from held"
    f"), {NEW_JOB.format(source='held')}"
    " select exists (select from fits) as stored, exists (select from ready) as unchanged,"
    "  array(select scope from caps_taken) as taken,"
    f"  {NEW_JOB_TOLD}"
)


_CAME: Final = text(
    f"with {TENANT} select m.conversation_id, m.content from tenant join message m"
    f" on m.account_id = :account_id and m.id = :message_id and {IS_SET}"
)


async def message_that_came(
    executor: Executor, message_id: MessageId
) -> tuple[ConversationId, str] | None:
    """Return the conversation and the text of a message; None if it has not come yet."""
    rows = await executor.rows(_CAME, {"message_id": message_id})
    return next(((ConversationId(row.conversation_id), row.content) for row in rows), None)


async def store_question(executor: Executor, new: NewQuestion, lease: timedelta) -> Stored:
    """Store a message with its conversation, visitor, counts, events, turn and job."""
    incoming, outside = new.incoming, new.incoming.outside
    opened = [new.conversation_id] if new.seen_at is None else []
    received = message_change(new.conversation_id, new.message_id, "visitor")
    recorded = change_events(new.conversation_id, new.seen_in, new.state) + NewEvents.of(
        (MESSAGE_RECEIVED, received)
    )
    (row,) = await executor.rows(
        _STORE,
        {
            "project_id": incoming.project_id,
            "conversation_id": new.conversation_id,
            "message_id": new.message_id,
            "seen_at": new.seen_at,
            "seen_in": new.seen_in,
            "met_in": new.met_in,
            "dialect": None if outside is None else outside.dialect,
            "outside_id": None if outside is None else outside.id,
            "name": incoming.name,
            "email": incoming.email,
            "new_visitor_id": new_id(),
            "visitor": incoming.visitor if new.seen_at is None and not new.visitor_id else None,
            "visitor_id": new.visitor_id,
            "begun_by": incoming.visitor_id if new.seen_at is None else None,
            "caps": len(new.caps),
            **cap_parameters(new.caps),
            "page_url": incoming.page_url,
            "opens_by_id": isinstance(incoming.access, ByItsId),
            "domain_id": None if incoming.domain is None else incoming.domain.id,
            "agent_id": None if incoming.domain is None else incoming.domain.agent_id,
            "state": new.state,
            "waits": new.waits,
            "content": incoming.text,
            "context": incoming.context,
            "public_ids": [*opened, new.message_id],
            **recorded.parameters,
            "holder": new.holder,
            "decision": new.decision,
            "action": None if new.action is None else json.dumps(new.action.stored()),
            "lease": lease.total_seconds(),
            **finish_parameters(new.message_id, lease),
        },
    )
    return Stored(bool(row.stored), not row.unchanged, set(row.taken))


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """The reply to a question, and the decision about it."""

    decision: DecisionKind
    blocks: Blocks
    citations: tuple[Citation, ...]
    confidence: float | None
    trace: Trace

    @classmethod
    def of(cls, decision: Answer | Abstain | SmallTalk) -> "NewAnswer":
        """Return the reply that a decision of answering is."""
        return cls(
            decision.kind,
            decision.blocks,
            decision.citations,
            decision.confidence,
            decision.trace,
        )


Saved = Literal["saved", "silent", "lost", "gone"]
"""What happened to an answer: it was saved; a person has the conversation (`silent`); somebody
else holds the turn (`lost`); the conversation was deleted (`gone`)."""

# If the holder no longer holds the turn, nothing is changed. If a person has the conversation, the
# turn fails with `taken_over`, and no message is stored. If a person has had it meanwhile, the turn
# has failed with that already.
_SAVE: Final = text(
    f"with {TENANT}, found as materialized ("
    "  select state from conversation where account_id = :account_id and id = :conversation_id"
    f"   and {STANDS} and {IS_SET} for update"
    "), ended as ("
    "  update turn set finished_at = clock_timestamp(), trace = cast(:trace as jsonb),"
    "   decision = cast(:decision as text), read = cast(:read as boolean),"
    "   state = case when found.state = any(:silent) then 'failed' else 'answered' end,"
    "   error_code = case when found.state = any(:silent) then 'taken_over' end"
    "  from found where turn.account_id = :account_id and turn.question_id = :question_id"
    f"   and turn.holder = :holder and turn.state = 'answering' and {IS_SET}"
    "  returning found.state = any(:silent) as silent"
    f"), {DROP_JOB.format(source='ended')}, go as materialized ("
    "  select from ended where not silent"
    "), said as ("
    "  insert into message (account_id, id, conversation_id, project_id, author, content, blocks,"
    "   question_id, citations, confidence, abstained)"
    "  select :account_id, :message_id, :conversation_id, :project_id, 'assistant', :content,"
    "   cast(:blocks as jsonb), :question_id, cast(:citations as jsonb),"
    "   cast(:confidence as real), cast(:decision as text) = 'abstain' from go"
    "), used as ("
    "  insert into answer_source (account_id, message_id, document_id, chunk_id, project_id, place)"
    "  select :account_id, :message_id, document_id, chunk_id, :project_id, place"
    "  from go, unnest(cast(:documents as uuid[]), cast(:chunks as uuid[]))"
    "   with ordinality as u (document_id, chunk_id, place)"
    # Keep only the first of several passages of one document.
    "  on conflict do nothing"
    "), routed as ("
    "  insert into public_id (id, account_id) select :message_id, :account_id from go"
    "), touched as ("
    "  update conversation set updated_at = clock_timestamp() from go"
    f"  where account_id = :account_id and id = :conversation_id and {IS_SET}"
    "), noted as ("
    f"  {RECORD_ALL.format(source='go')}"
    "), taken as materialized ("
    "  select from turn where account_id = :account_id and question_id = :question_id"
    f"   and error_code = 'taken_over' and {IS_SET}"
    ") select case when not exists (select from found) then 'gone'"
    "  when exists (select from taken) then 'silent'"
    "  when not exists (select from ended) then 'lost'"
    "  when exists (select from go) then 'saved' else 'silent' end as became"
)


async def save_answer(
    executor: Executor,
    question: Question,
    answer: NewAnswer,
    silent: Collection[str],
    *,
    read: bool,
) -> tuple[Saved, MessageId]:
    """Store an answer and end its turn; in one of the `silent` states only end the turn.

    `read`: the visitor's program is reading the reply's stream, and expected to read its end.
    Returns what happened to the answer, and the id of its message. A second answer to the same
    question violates a unique index.
    """
    message_id = MessageId(new_id())
    sent = message_change(question.conversation_id, message_id, "assistant", question.message_id)
    told = [MESSAGE_SENT, QUESTION_UNANSWERED] if answer.decision == "abstain" else [MESSAGE_SENT]
    (row,) = await executor.rows(
        _SAVE,
        {
            "project_id": question.project_id,
            "conversation_id": question.conversation_id,
            "question_id": question.message_id,
            "message_id": message_id,
            "holder": question.holder,
            "silent": list(silent),
            "read": read,
            "decision": answer.decision,
            "content": plain_text(answer.blocks),
            "blocks": json.dumps(stored_blocks(answer.blocks)),
            "citations": json.dumps([stored_citation(one) for one in answer.citations]),
            "documents": [one.document_id for one in answer.citations],
            "chunks": [one.chunk_id for one in answer.citations],
            "confidence": answer.confidence,
            "trace": json.dumps(answer.trace),
            **NewEvents.of(*((one, sent) for one in told)).parameters,
            "job_key": finish_parameters(question.message_id)["job_key"],
        },
    )
    return row.became, message_id
