"""Reads a conversation as it stands, and stores a person's reply to it: one statement each."""

# ruff: noqa: S608 - the statements are composed of constants.

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from answerdesk.accounts.principal import Role
from answerdesk.conversations.handoff import Hand
from answerdesk.conversations.repository import STANDS
from answerdesk.conversations.repository.hands import SET_HAND, hand_parameters
from answerdesk.core.database import IS_SET, TENANT, Executor
from answerdesk.core.due import DROP_JOB
from answerdesk.core.events import RECORD_ALL, NewEvents
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, UserId


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation as it was at `version`, not locked."""

    id: ConversationId
    project_id: ProjectId
    hand: Hand
    version: int


@dataclass(frozen=True, slots=True)
class NewReply:
    """A person's reply, with what follows from it.

    `begins`: a person begins to have the conversation, so that no answer may be in progress.
    `seen` is the newest message that the writer has seen, if that matters. `taken_by` gets the
    conversation, and has to have one of these `roles`. `job_key` is the key of a job that is over.
    """

    message_id: MessageId
    content: str
    by: UserId | None
    hand: Hand
    begins: bool
    seen: MessageId | None
    taken_by: UserId | None
    roles: Collection[Role]
    events: NewEvents
    job_key: str | None


_STANDING: Final = text(
    f"with {TENANT} select id, project_id, state, assignee_id,"
    "  waiting_since is not null as waits, wait_told_at is not null as told,"
    "  coalesce(snoozed_until > clock_timestamp(), false) as snoozed, version"
    " from conversation where account_id = :account_id and id = :id"
    f"  and {STANDS} and {IS_SET}"
)
# Whoever writes a message locks the conversation, so messages commit in the order of their times.
# Nothing is written if the row has changed since it was read, if an answer is in progress, which a
# reply takes away, if there are messages that the writer hasn't seen, or if they may not write.
_STORE: Final = text(
    f"with {TENANT}, locked as materialized ("
    "  select id from conversation where account_id = :account_id and id = :conversation_id"
    f"   and version = :version and {STANDS} and {IS_SET} for update"
    "), writer as materialized ("
    "  select m.id from membership m, locked where m.account_id = :account_id"
    "   and m.user_id = cast(:taken_by as uuid) and m.role = any(:roles)"
    f"   and {IS_SET} for share of m"
    "), seen as materialized ("
    "  select m.created_at, m.id from message m, locked where m.account_id = :account_id"
    "   and m.conversation_id = :conversation_id and m.id = cast(:seen as uuid)"
    f"   and {IS_SET}"
    "), go as materialized ("
    "  select from locked"
    f"  where {IS_SET} and (cast(:taken_by as uuid) is null or exists (select from writer))"
    "   and (cast(:seen as uuid) is null or exists (select from seen))"
    "   and not exists (select from message m, seen where m.account_id = :account_id"
    "    and m.conversation_id = :conversation_id"
    "    and (m.created_at, m.id) > (seen.created_at, seen.id)"
    "    and not (m.author = 'human' and m.sender_id is not distinct from cast(:by as uuid)))"
    "   and not exists (select from message m join turn t on t.account_id = m.account_id"
    "    and t.question_id = m.id and t.state = 'answering' where m.account_id = :account_id"
    "    and m.conversation_id = :conversation_id and m.author = 'visitor' and :begins)"
    "), moved as ("
    f"  {SET_HAND} from go"
    f"   where account_id = :account_id and id = :conversation_id and {IS_SET}"
    "), said as ("
    "  insert into message (account_id, id, conversation_id, project_id, author, content,"
    "   sender_id)"
    "  select :account_id, :message_id, :conversation_id, :project_id, 'human', :content,"
    "   cast(:by as uuid) from go returning created_at"
    "), routed as ("
    "  insert into public_id (id, account_id) select :message_id, :account_id from go"
    "), noted as ("
    f"  {RECORD_ALL.format(source='go')}"
    f"), {DROP_JOB.format(source='go')}"
    " select created_at from said"
)


async def standing(executor: Executor, conversation_id: ConversationId) -> Standing | None:
    """Return a conversation as it stands; None if there is none."""
    rows = await executor.rows(_STANDING, {"id": conversation_id})
    if not rows:
        return None
    (row,) = rows
    hand = Hand(row.state, row.assignee_id, row.waits, row.told, row.snoozed)
    return Standing(conversation_id, ProjectId(row.project_id), hand, row.version)


async def store_reply(executor: Executor, before: Standing, new: NewReply) -> datetime | None:
    """Store a reply; return its time, or None if it could not be stored as it is."""
    rows = await executor.rows(
        _STORE,
        {
            "project_id": before.project_id,
            "conversation_id": before.id,
            "version": before.version,
            "message_id": new.message_id,
            "content": new.content,
            "by": new.by,
            "seen": new.seen,
            "begins": new.begins,
            "taken_by": new.taken_by,
            "roles": [*new.roles],
            **hand_parameters(before.hand.state, new.hand),
            **new.events.parameters,
            "job_key": new.job_key,
        },
    )
    return rows[0].created_at if rows else None
