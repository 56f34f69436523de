"""Finds what belongs to a person or is too old, and keeps the receipts of erasures."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import VisitorId
from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId
from answerdesk.privacy.types import Counts, Erasure, Old, Person, Subject, SubjectKind

Place = tuple[datetime, UUID] | None
"""The receipt behind which a part of a list begins."""

_COUNTED: Final = tuple(one.name for one in fields(Counts))
_RECEIPT: Final = f"id, project_id, kind, state, {', '.join(_COUNTED)}, requested_at, completed_at"

_OWN_VISITORS: Final = (
    "select v.id,"
    "  coalesce(v.dialect, case when v.external_id is not null then 'orac' end) as dialect"
    " from visitor v where v.account_id = :account_id and v.project_id = :project_id"
)
# Some sites and programs call a person by their address.
_BY_EMAIL: Final = (
    "lower(v.email) = any(:emails) or lower(v.identity) = any(:emails)"
    " or lower(v.external_id) = any(:emails) or lower(v.outside_id) = any(:emails)"
)
_VISITORS: Final = {
    "visitor_id": text(f"{_OWN_VISITORS} and v.id = cast(:value as uuid)"),
    "identity": text(f"{_OWN_VISITORS} and v.identity = :value"),
    "external_id": text(f"{_OWN_VISITORS} and (v.external_id = :value or v.outside_id = :value)"),
    "email": text(f"{_OWN_VISITORS} and ({_BY_EMAIL})"),
}
# Anybody can type anybody's address. Where it was left by a visitor of whom nothing else is known,
# it is theirs; where somebody else left it, only the lead is about the person.
_LEFT_BY_THEM: Final = (
    "exists (select from lead l where l.account_id = c.account_id and l.conversation_id = c.id"
    "  and l.project_id = c.project_id and lower(l.email) = any(:emails))"
    " and not exists (select from visitor v where v.account_id = c.account_id"
    "  and v.id = c.visitor_id and (v.identity is not null or v.email is not null))"
)
_WHO_LEFT: Final = text(
    "select distinct c.visitor_id from conversation c"
    " where c.account_id = :account_id and c.project_id = :project_id"
    f" and c.visitor_id is not null and {_LEFT_BY_THEM}"
)
_THEIRS: Final = (
    "from conversation c where c.account_id = :account_id and c.project_id = :project_id"
    " and (c.visitor_id = any(cast(:visitors as uuid[]))"
    f" or cardinality(cast(:emails as text[])) > 0 and {_LEFT_BY_THEM})"
)
_LOCK_SOME: Final = text(f"select c.id {_THEIRS} order by c.id limit :limit for update of c")
_PAGE: Final = text(
    f"select c.id {_THEIRS} and c.id > cast(:after as uuid) order by c.id limit :limit"
)
_LEADS: Final = text(
    "select id from lead where account_id = :account_id and project_id = :project_id"
    " and (lower(email) = any(:emails) or conversation_id = any(cast(:conversations as uuid[])))"
    " order by id limit :limit for update"
)
_LEAD: Final = text(
    "select id from lead where account_id = :account_id and project_id = :project_id and id = :id"
    " for update"
)
_REMOVE_VISITORS: Final = text(
    "with gone as (delete from visitor v where v.account_id = :account_id"
    " and v.project_id = :project_id and v.id = any(cast(:visitors as uuid[]))"
    " and not exists (select from conversation c"
    "  where c.account_id = v.account_id and c.visitor_id = v.id) returning id),"
    " counted as (delete from message_count where account_id = :account_id"
    "  and subject_id in (select id from gone)),"
    " spent as (delete from spending where account_id = :account_id"
    "  and subject_id in (select id from gone)),"
    " reserved as (update spending_reservation set visitor_id = null"
    "  where account_id = :account_id and visitor_id in (select id from gone))"
    " select count(*) from gone"
)
_TELL: Final = text(
    "insert into event (account_id, project_id, type, payload)"
    " select :account_id, :project_id, :type, jsonb_build_object("
    "  'conversation_id', 'conv_' || replace(cast(id as text), '-', ''))"
    " from unnest(cast(:ids as uuid[])) as erased (id)"
)
_LOCK_KEY: Final = text("select pg_advisory_xact_lock(hashtextextended(cast(:account as text), 0))")

_ADD: Final = text(
    "insert into erasure (account_id, id, project_id, kind, subject_hash)"
    " values (:account_id, :id, :project_id, :kind, :subject_hash)"
    f" returning {_RECEIPT}"
)
_PENDING: Final = text(
    f"select {_RECEIPT} from erasure where account_id = :account_id and project_id = :project_id"
    " and subject_hash = :subject_hash and state = 'pending' limit 1 for update"
)
_GET: Final = f"select {_RECEIPT} from erasure where account_id = :account_id and id = :id"
_READ: Final = text(_GET)
_LOCK: Final = text(f"{_GET} for update")
_LIST: Final = text(
    f"select {_RECEIPT} from erasure where account_id = :account_id and project_id = :project_id"
    " and (cast(:subject_hash as bytea) is null or subject_hash = :subject_hash)"
    " and (cast(:after_id as uuid) is null or (requested_at, id) < (:after_time, :after_id))"
    " order by requested_at desc, id desc limit :limit"
)
_COUNT: Final = text(
    f"update erasure set {', '.join(f'{one} = {one} + :{one}' for one in _COUNTED)}"
    " where account_id = :account_id and id = :id"
)
_COMPLETE: Final = text(
    "update erasure set state = 'done', completed_at = clock_timestamp()"
    " where account_id = :account_id and id = :id"
)

_OLD_CONVERSATIONS: Final = text("select * from conversations_past_retention(:limit)")
_OLD_VISITORS: Final = text("select * from visitors_past_retention(:limit)")
_OLD_LEADS: Final = text("select * from leads_past_retention(:limit)")
_FORGET_RESPONSES: Final = text("select forget_kept_responses(:limit)")
# They may have changed since they were found.
_KEPT: Final = (
    "clock_timestamp() - make_interval(days => cast(p.newer_settings->'privacy'->>'{name}' as int))"
)
_LOCK_OLD: Final = text(
    "select c.id from conversation c join project p"
    "  on p.account_id = c.account_id and p.id = c.project_id"
    " where c.account_id = :account_id and c.id = any(:ids) and c.state in ('ai', 'closed')"
    f"  and c.snoozed_until is null and c.updated_at < {_KEPT.format(name='retention_days')}"
    " order by c.id for update of c"
)
_LOCK_OLD_LEADS: Final = text(
    "select l.id from lead l join project p on p.account_id = l.account_id and p.id = l.project_id"
    " where l.account_id = :account_id and l.id = any(:ids)"
    f"  and l.updated_at < {_KEPT.format(name='lead_retention_days')} order by l.id for update of l"
)


async def visitors_of(
    session: AsyncSession, project_id: ProjectId, subject: Subject, emails: Sequence[str]
) -> Sequence[tuple[VisitorId, str | None]]:
    """Return the visitors that a name means, each with the dialect that it is a name in."""
    parameters: dict[str, Any] = {"account_id": tenant_of(session), "project_id": project_id}
    if subject.kind == "email":
        parameters["emails"] = [*emails]
    else:
        parameters["value"] = subject.value
    rows = await session.execute(_VISITORS[subject.kind], parameters)
    return [(VisitorId(row.id), row.dialect) for row in rows]


async def who_left(
    session: AsyncSession, project_id: ProjectId, emails: Sequence[str]
) -> Sequence[VisitorId]:
    """Return the visitors without a name who left one of these addresses."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "emails": [*emails],
    }
    return [VisitorId(row.visitor_id) for row in await session.execute(_WHO_LEFT, parameters)]


def _of(session: AsyncSession, project_id: ProjectId, person: Person) -> dict[str, Any]:
    return {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "visitors": [*person.visitors],
        "emails": [*person.emails],
    }


async def lock_some_of(
    session: AsyncSession, project_id: ProjectId, person: Person, limit: int
) -> Sequence[ConversationId]:
    """Lock and return some of a person's conversations."""
    parameters = {**_of(session, project_id, person), "limit": limit}
    return [ConversationId(row.id) for row in await session.execute(_LOCK_SOME, parameters)]


async def conversations_of(
    session: AsyncSession, project_id: ProjectId, person: Person, after: UUID, limit: int
) -> Sequence[ConversationId]:
    """Return some of a person's conversations behind `after`, in the order of their ids."""
    parameters = {**_of(session, project_id, person), "after": after, "limit": limit}
    return [ConversationId(row.id) for row in await session.execute(_PAGE, parameters)]


async def lock_leads(
    session: AsyncSession,
    project_id: ProjectId,
    emails: Sequence[str],
    conversations: Sequence[ConversationId],
    limit: int,
) -> Sequence[UUID]:
    """Lock and return some of the leads with these addresses, or of these conversations."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "emails": [*emails],
        "conversations": [*conversations],
        "limit": limit,
    }
    return [row.id for row in await session.execute(_LEADS, parameters)]


async def lock_lead(session: AsyncSession, project_id: ProjectId, lead_id: UUID) -> bool:
    """Lock a lead; False if the project has no such one."""
    parameters = {"account_id": tenant_of(session), "project_id": project_id, "id": lead_id}
    return (await session.execute(_LEAD, parameters)).first() is not None


async def remove_visitors(
    session: AsyncSession, project_id: ProjectId, visitors: Sequence[UUID]
) -> int:
    """Remove those of these visitors who have no conversation; return how many."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "visitors": [*visitors],
    }
    return int(await session.scalar(_REMOVE_VISITORS, parameters) or 0)


async def tell_erased(
    session: AsyncSession,
    project_id: ProjectId,
    event_type: str,
    conversations: Sequence[ConversationId],
) -> None:
    """Record an event for each of these conversations."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "type": event_type,
        "ids": [*conversations],
    }
    await session.execute(_TELL, parameters)


async def lock_key(session: AsyncSession) -> None:
    """Let only one transaction at a time make the account's key for receipts."""
    await session.execute(_LOCK_KEY, {"account": f"privacy:{tenant_of(session)}"})


def _receipt(row: Row[Any]) -> Erasure:
    return Erasure(
        id=row.id,
        project_id=ProjectId(row.project_id),
        kind=row.kind,
        state=row.state,
        counts=Counts(**{one: getattr(row, one) for one in _COUNTED}),
        requested_at=row.requested_at,
        completed_at=row.completed_at,
    )


async def add(
    session: AsyncSession,
    erasure_id: UUID,
    project_id: ProjectId,
    kind: SubjectKind,
    subject_hash: bytes,
) -> Erasure:
    parameters = {
        "account_id": tenant_of(session),
        "id": erasure_id,
        "project_id": project_id,
        "kind": kind,
        "subject_hash": subject_hash,
    }
    return _receipt((await session.execute(_ADD, parameters)).one())


async def pending(
    session: AsyncSession, project_id: ProjectId, subject_hash: bytes
) -> Erasure | None:
    """Return an erasure of the same person that is not done, locked."""
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "subject_hash": subject_hash,
    }
    row = (await session.execute(_PENDING, parameters)).first()
    return None if row is None else _receipt(row)


async def get(session: AsyncSession, erasure_id: UUID, *, lock: bool = False) -> Erasure | None:
    key = {"account_id": tenant_of(session), "id": erasure_id}
    row = (await session.execute(_LOCK if lock else _READ, key)).first()
    return None if row is None else _receipt(row)


async def list_after(
    session: AsyncSession,
    project_id: ProjectId,
    subject_hash: bytes | None,
    after: Place,
    limit: int,
) -> Sequence[Erasure]:
    """Return at most `limit` receipts behind `after`, newest first."""
    after_time, after_id = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "project_id": project_id,
        "subject_hash": subject_hash,
        "after_time": after_time,
        "after_id": after_id,
        "limit": limit,
    }
    return [_receipt(row) for row in await session.execute(_LIST, parameters)]


async def count(session: AsyncSession, erasure_id: UUID, erased: Counts) -> None:
    """Add to what a receipt tells."""
    key = {"account_id": tenant_of(session), "id": erasure_id}
    await session.execute(_COUNT, {**key, **asdict(erased)})


async def complete(session: AsyncSession, erasure_id: UUID) -> None:
    await session.execute(_COMPLETE, {"account_id": tenant_of(session), "id": erasure_id})


async def old_conversations(session: AsyncSession, limit: int) -> Sequence[tuple[AccountId, Old]]:
    """Return conversations of all accounts that are kept no longer; needs no tenant."""
    return _by_project(await session.execute(_OLD_CONVERSATIONS, {"limit": limit}))


async def old_visitors(session: AsyncSession, limit: int) -> Sequence[tuple[AccountId, Old]]:
    """Return visitors of all accounts that are kept no longer; needs no tenant."""
    return _by_project(await session.execute(_OLD_VISITORS, {"limit": limit}))


async def old_leads(session: AsyncSession, limit: int) -> Sequence[tuple[AccountId, Old]]:
    """Return leads of all accounts that are kept no longer; needs no tenant."""
    return _by_project(await session.execute(_OLD_LEADS, {"limit": limit}))


def _by_project(rows: Any) -> Sequence[tuple[AccountId, Old]]:  # noqa: ANN401  # A result.
    found: dict[tuple[UUID, UUID], list[UUID]] = {}
    for row in rows:
        found.setdefault((row.account_id, row.project_id), []).append(row.id)
    return [
        (AccountId(account), Old(ProjectId(project), ids))
        for (account, project), ids in found.items()
    ]


async def lock_old(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[ConversationId]:
    """Lock and return those of these conversations that are still too old."""
    parameters = {"account_id": tenant_of(session), "ids": [*ids]}
    return [ConversationId(row.id) for row in await session.execute(_LOCK_OLD, parameters)]


async def lock_old_leads(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Lock and return those of these leads that are still too old."""
    parameters = {"account_id": tenant_of(session), "ids": [*ids]}
    return [row.id for row in await session.execute(_LOCK_OLD_LEADS, parameters)]


async def forget_responses(session: AsyncSession, limit: int) -> int:
    """Delete responses of all accounts that are repeated no longer; needs no tenant."""
    return int(await session.scalar(_FORGET_RESPONSES, {"limit": limit}) or 0)
