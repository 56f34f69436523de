"""Reads what drafts are drawn from, and reads and writes drafts."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId, new_id
from answerdesk.insights.drafts.extraction.types import Pair, Said
from answerdesk.insights.drafts.types import Course, Draft, DraftStatus, Place

_MOST_MESSAGES: Final = 300

_STANDS: Final = (
    "exists (select from project p where p.account_id = c.account_id and p.id = c.project_id"
    " and p.deleted_at is null)"
)
_ONE: Final = f"from conversation c where c.account_id = :account_id and c.id = :id and {_STANDS}"
_PROJECT: Final = text(f"select c.project_id {_ONE}")
_LOCK_CONVERSATION: Final = text(f"select c.project_id {_ONE} for update")
_SAID: Final = text(
    "select author, content, answered from ("
    "  select m.author, m.content, m.created_at, m.id,"
    "   t.state = 'answered' and t.decision = 'answer' as answered"
    "  from message m left join turn t on t.account_id = m.account_id and t.question_id = m.id"
    "  where m.account_id = :account_id and m.conversation_id = :id"
    "  order by m.created_at desc, m.id desc limit :limit"
    ") latest order by created_at, id"
)
_NAMES: Final = text(
    "select v.name from conversation c join visitor v on v.account_id = c.account_id"
    "  and v.id = c.visitor_id"
    " where c.account_id = :account_id and c.id = :id and v.name is not null"
    " union select name from lead"
    "  where account_id = :account_id and conversation_id = :id and name is not null"
)
# Of conversations that ended, those in which a person wrote, of projects that learn.
_WORTH: Final = text(
    "select c.id from conversation c join project p on p.account_id = c.account_id"
    "  and p.id = c.project_id and p.deleted_at is null"
    " where c.account_id = :account_id and c.id = any(cast(:ids as uuid[]))"
    "  and coalesce(cast(p.settings #>> '{learning,enabled}' as boolean), true)"
    "  and exists (select from message m where m.account_id = c.account_id"
    "   and m.conversation_id = c.id and m.author = 'human')"
)

_COLUMNS: Final = (
    "id, project_id, conversation_id, question_key, question, answer, category, tags, status,"
    " item_id, version, created_at, updated_at, decided_at"
)
_OF_PROJECT: Final = (
    f"select {_COLUMNS} from item_draft where account_id = :account_id and project_id = :project_id"
)
_GET: Final = text(f"{_OF_PROJECT} and id = :id")
_LOCK: Final = text(f"{_OF_PROJECT} and id = :id for update")
_PAGE: Final = text(
    f"{_OF_PROJECT} and status = :status"
    "  and (cast(:after_time as timestamptz) is null"
    "   or (created_at, id) < (cast(:after_time as timestamptz), cast(:after_id as uuid)))"
    " order by created_at desc, id desc limit :limit"
)
_PENDING_OF: Final = text(
    f"select {_COLUMNS} from item_draft where account_id = :account_id"
    "  and conversation_id = :id and status = 'pending' order by created_at, id"
)
_COUNT_PENDING: Final = text(
    "select count(*) from item_draft where account_id = :account_id"
    " and project_id = :project_id and status = 'pending'"
)
# The same question is drawn once. Until somebody edits its draft, its conversation may change it.
_PUT: Final = text(
    "insert into item_draft (account_id, id, project_id, conversation_id, question_key, question,"
    "  answer)"
    " values (:account_id, :id, :project_id, :conversation_id,"
    "  question_key(:project_id, :question), :question, :answer)"
    " on conflict (account_id, question_key) do update set answer = excluded.answer,"
    "  version = item_draft.version + 1, updated_at = clock_timestamp()"
    "  where item_draft.conversation_id = excluded.conversation_id"
    "   and item_draft.status = 'pending' and not item_draft.edited"
    "   and item_draft.answer <> excluded.answer"
    " returning id, version"
)
_DROP_OTHERS: Final = text(
    "delete from item_draft where account_id = :account_id and conversation_id = :conversation_id"
    " and status = 'pending' and not edited and question_key <> all("
    "  select question_key(:project_id, q) from unnest(cast(:questions as text[])) as q)"
)
_KNOWN: Final = text(
    "select q from unnest(cast(:questions as text[])) as q where exists ("
    "  select from item_draft d where d.account_id = :account_id"
    "   and d.question_key = question_key(:project_id, q)"
    "   and (d.conversation_id <> :conversation_id or d.status <> 'pending' or d.edited))"
)
_CHANGE: Final = text(
    "update item_draft set question = :question, answer = :answer,"
    "  category = cast(:category as text), tags = cast(:tags as text[]), edited = true,"
    "  version = version + 1, updated_at = clock_timestamp()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_DECIDE: Final = text(
    "update item_draft set status = :status, item_id = cast(:item_id as uuid),"
    "  decided_at = clock_timestamp(), version = version + 1, updated_at = clock_timestamp()"
    f" where account_id = :account_id and id = :id returning {_COLUMNS}"
)
_ERASE: Final = text(
    "with gone as (delete from item_draft where account_id = :account_id"
    "  and conversation_id = any(cast(:ids as uuid[])) returning 1) select count(*) from gone"
)


def _draft(row: Row[Any]) -> Draft:
    return Draft(**{**row._asdict(), "tags": tuple(row.tags)})


async def project_of(session: AsyncSession, conversation_id: ConversationId) -> ProjectId | None:
    """Return a conversation's project; None if it or the project is gone."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    found: ProjectId | None = await session.scalar(_PROJECT, parameters)
    return found


async def lock_conversation(
    session: AsyncSession, conversation_id: ConversationId
) -> ProjectId | None:
    """As `project_of`; nobody else draws from the conversation until the transaction ends."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    found: ProjectId | None = await session.scalar(_LOCK_CONVERSATION, parameters)
    return found


async def course(session: AsyncSession, conversation_id: ConversationId) -> Course | None:
    """Return the latest of a conversation, oldest first; None if there is no such conversation."""
    project_id = await project_of(session, conversation_id)
    if project_id is None:
        return None
    of = {"account_id": tenant_of(session), "id": conversation_id}
    rows = await session.execute(_SAID, {**of, "limit": _MOST_MESSAGES})
    said = [Said(row.author, row.content, bool(row.answered)) for row in rows]
    names = await session.execute(_NAMES, of)
    return Course(project_id, said, [row.name for row in names])


async def worth_drawing(
    session: AsyncSession, conversations: Collection[ConversationId]
) -> Sequence[ConversationId]:
    """Return those in which a person wrote, of projects that learn."""
    parameters = {"account_id": tenant_of(session), "ids": [*conversations]}
    return [ConversationId(row.id) for row in await session.execute(_WORTH, parameters)]


async def known(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId,
    questions: Sequence[str],
) -> Collection[str]:
    """Return those questions that have a draft which this conversation doesn't change any more."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "conversation_id": conversation_id,
        "questions": [*questions],
    }
    return {row.q for row in await session.execute(_KNOWN, parameters)}


async def put(
    session: AsyncSession, project_id: ProjectId, conversation_id: ConversationId, pair: Pair
) -> UUID | None:
    """Store a pair; return its draft's id if it is new."""
    parameters = {
        "account_id": tenant_of(session),
        "id": new_id(),
        "project_id": project_id,
        "conversation_id": conversation_id,
        "question": pair.question,
        "answer": pair.answer,
    }
    row = (await session.execute(_PUT, parameters)).first()
    return row.id if row is not None and row.version == 1 else None


async def drop_others(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId,
    questions: Sequence[str],
) -> None:
    """Delete the conversation's pending drafts of other questions, unless somebody edited them."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "conversation_id": conversation_id,
        "questions": [*questions],
    }
    await session.execute(_DROP_OTHERS, parameters)


async def count_pending(session: AsyncSession, project_id: ProjectId) -> int:
    parameters = {"account_id": tenant_of(session), "project_id": project_id}
    return int(await session.scalar(_COUNT_PENDING, parameters))


async def pending_of(session: AsyncSession, conversation_id: ConversationId) -> Sequence[Draft]:
    """Return the drafts of a conversation that wait for review, oldest first."""
    parameters = {"account_id": tenant_of(session), "id": conversation_id}
    return [_draft(row) for row in await session.execute(_PENDING_OF, parameters)]


async def page(
    session: AsyncSession, project_id: ProjectId, status: DraftStatus, after: Place, limit: int
) -> Sequence[Draft]:
    """Return up to `limit` of a project's drafts in a status after `after`, newest first."""
    moment, last = after or (None, None)
    parameters = {
        **_of(session, project_id),
        "status": status,
        "after_time": moment,
        "after_id": last,
        "limit": limit,
    }
    return [_draft(row) for row in await session.execute(_PAGE, parameters)]


async def get(
    session: AsyncSession, project_id: ProjectId, draft_id: UUID, *, lock: bool = False
) -> Draft | None:
    """Return a project's draft; with `lock` it stays as it is until the transaction ends."""
    parameters = {**_of(session, project_id), "id": draft_id}
    row = (await session.execute(_LOCK if lock else _GET, parameters)).first()
    return None if row is None else _draft(row)


async def change(session: AsyncSession, changed: Draft) -> Draft:
    """Store a locked draft's texts, category and tags."""
    parameters = {
        "account_id": tenant_of(session),
        "id": changed.id,
        "question": changed.question,
        "answer": changed.answer,
        "category": changed.category,
        "tags": [*changed.tags],
    }
    return _draft((await session.execute(_CHANGE, parameters)).one())


async def decide(
    session: AsyncSession, draft_id: UUID, status: DraftStatus, item_id: UUID | None = None
) -> Draft:
    """Store what became of a locked draft."""
    parameters: Mapping[str, object] = {
        "account_id": tenant_of(session),
        "id": draft_id,
        "status": status,
        "item_id": item_id,
    }
    return _draft((await session.execute(_DECIDE, parameters)).one())


async def erase(session: AsyncSession, conversations: Sequence[ConversationId]) -> int:
    """Delete all drafts of conversations; return how many."""
    parameters = {"account_id": tenant_of(session), "ids": [*conversations]}
    return int(await session.scalar(_ERASE, parameters))


def _of(session: AsyncSession, project_id: ProjectId) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "project_id": project_id}
