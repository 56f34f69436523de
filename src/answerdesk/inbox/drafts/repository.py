"""Reads and writes drafts."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.inbox.types import Draft, DraftKind

_COLUMNS: Final = "conversation_id, kind, content, version, updated_at"
_OWN: Final = "account_id = :account_id and user_id = :user_id"
_ONE: Final = f"{_OWN} and conversation_id = :conversation_id and kind = :kind"
_GET: Final = text(f"select {_COLUMNS} from draft where {_ONE}")
_IN: Final = text(
    f"select {_COLUMNS} from draft where {_OWN} and conversation_id = :conversation_id"
    " order by kind desc"
)
_LIST: Final = text(
    f"select {_COLUMNS} from draft where {_OWN}"
    "  and exists (select from conversation c join project p"
    "   on p.account_id = c.account_id and p.id = c.project_id"
    "   where c.account_id = draft.account_id and c.id = draft.conversation_id"
    "    and p.deleted_at is null)"
    "  and (cast(:at as timestamptz) is null or (updated_at, conversation_id, kind)"
    "   < (cast(:at as timestamptz), cast(:after as uuid), cast(:after_kind as text)))"
    " order by updated_at desc, conversation_id desc, kind desc limit :limit"
)
# The locks make a person's saves and deletes wait for each other, and a removal or an erasure wait
# for them.
_LOCK_PERSON: Final = text(f"select id from membership where {_OWN} for no key update")
_HOLD: Final = text(
    "select c.project_id from conversation c"
    " join project p on p.account_id = c.account_id and p.id = c.project_id"
    " where c.account_id = :account_id and c.id = :conversation_id and p.deleted_at is null"
    " for key share of c"
)
_COUNT: Final = text(f"select count(*) from draft where {_OWN}")
# A draft that is begun anew has a higher version than the one before, which may still be in some
# browser: microseconds of the clock, which JavaScript's numbers can hold until the year 2255.
_VERSION: Final = "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)"
_SAVE: Final = text(
    "insert into draft (account_id, user_id, conversation_id, kind, content, version)"
    f" values (:account_id, :user_id, :conversation_id, :kind, :content, {_VERSION})"
    " on conflict (account_id, user_id, conversation_id, kind) do update set"
    "  content = excluded.content, updated_at = clock_timestamp(),"
    "  version = greatest(draft.version + 1, excluded.version)"
    f" returning {_COLUMNS}"
)
_REMOVE: Final = text(f"delete from draft where {_ONE}")


def _draft(row: Row[Any]) -> Draft:
    return Draft(**row._asdict())


def _own(session: AsyncSession, user_id: UserId | None) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "user_id": user_id}


def _named(
    session: AsyncSession, user_id: UserId | None, conversation_id: ConversationId, kind: DraftKind
) -> dict[str, Any]:
    return {**_own(session, user_id), "conversation_id": conversation_id, "kind": kind}


async def lock_person(session: AsyncSession, user_id: UserId) -> bool:
    """Let one transaction at a time change a member's drafts; tell whether they are a member."""
    return await session.scalar(_LOCK_PERSON, _own(session, user_id)) is not None


async def hold_conversation(
    session: AsyncSession, conversation_id: ConversationId
) -> ProjectId | None:
    """Keep a conversation from being erased meanwhile; return its project, None if it is gone."""
    parameters = {"account_id": tenant_of(session), "conversation_id": conversation_id}
    project_id: ProjectId | None = await session.scalar(_HOLD, parameters)
    return project_id


async def get(
    session: AsyncSession, user_id: UserId | None, conversation_id: ConversationId, kind: DraftKind
) -> Draft | None:
    parameters = _named(session, user_id, conversation_id, kind)
    row = (await session.execute(_GET, parameters)).first()
    return None if row is None else _draft(row)


async def in_conversation(
    session: AsyncSession, user_id: UserId | None, conversation_id: ConversationId
) -> Sequence[Draft]:
    parameters = {**_own(session, user_id), "conversation_id": conversation_id}
    return [_draft(row) for row in await session.execute(_IN, parameters)]


async def list_after(
    session: AsyncSession,
    user_id: UserId | None,
    after: tuple[datetime, UUID, str] | None,
    limit: int,
) -> Sequence[Draft]:
    """Return at most `limit` of a person's drafts behind `after`, newest first."""
    at, last, kind = after or (None, None, None)
    parameters = {
        **_own(session, user_id),
        "at": at,
        "after": last,
        "after_kind": kind,
        "limit": limit,
    }
    return [_draft(row) for row in await session.execute(_LIST, parameters)]


async def count(session: AsyncSession, user_id: UserId) -> int:
    return int(await session.scalar(_COUNT, _own(session, user_id)))


async def save(
    session: AsyncSession,
    user_id: UserId,
    conversation_id: ConversationId,
    kind: DraftKind,
    content: str,
) -> Draft:
    """Store a draft of a locked person."""
    parameters = {**_named(session, user_id, conversation_id, kind), "content": content}
    return _draft((await session.execute(_SAVE, parameters)).one())


async def remove(
    session: AsyncSession, user_id: UserId, conversation_id: ConversationId, kind: DraftKind
) -> None:
    await session.execute(_REMOVE, _named(session, user_id, conversation_id, kind))
