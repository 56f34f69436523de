"""Reads and writes invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Role
from answerdesk.accounts.types import INVITATION_DAYS, Invitation, LetterState
from answerdesk.core.database import tenant_of

_OPEN: Final = "accepted_at is null and expires_at > statement_timestamp()"
_COLUMNS: Final = (
    "id, email, role, invited_by, token_hash, expires_at, created_at, letter, letter_at,"
    f" letter_error, {_OPEN} as open"
)
_LIST: Final = text(
    f"select {_COLUMNS} from invitation where account_id = :account_id and {_OPEN}"  # noqa: S608
    " and (cast(:at as timestamptz) is null or (created_at, id) < (:at, :after))"
    " order by created_at desc, id desc limit :limit"
)
_GET: Final = text(
    f"select {_COLUMNS} from invitation"  # noqa: S608
    " where account_id = :account_id and id = :id"
)
_LOCK: Final = text(f"{_GET.text} for update")
_ADD: Final = text(
    "insert into invitation"  # noqa: S608
    " (account_id, id, email, role, token_hash, invited_by, expires_at) values"
    " (:account_id, :id, :email, :role, :token_hash, :invited_by,"
    f" statement_timestamp() + make_interval(days => :days)) returning {_COLUMNS}"
)
_WITHDRAW: Final = text(
    "delete from invitation where account_id = :account_id and id = :id and accepted_at is null"
    " returning email"
)
# By account, since whom an address belongs to is not known in SQL.
_LOCK_ALL: Final = text(
    "select pg_advisory_xact_lock(hashtextextended('invitations:' || cast(:account_id as text), 0))"
)
_NOT_ACCEPTED: Final = text(
    "select id, email from invitation where account_id = :account_id and accepted_at is null"
)
_END: Final = text(
    "delete from invitation where account_id = :account_id and id = any(cast(:ids as uuid[]))"
)
_FORGET_OLD: Final = text(
    "delete from invitation where account_id = :account_id"
    " and expires_at < statement_timestamp() - interval '90 days'"
)
_ACCEPT: Final = text(
    "update invitation set accepted_at = statement_timestamp()"
    " where account_id = :account_id and id = :id"
)

_NOTE_LETTER: Final = text(
    "update invitation set letter = :letter, letter_at = statement_timestamp(),"
    " letter_error = cast(:error as text) where account_id = :account_id and id = :id"
)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    id: UUID
    email: str
    role: Role
    token_hash: bytes
    invited_by: str


def _invitation(row: Row[Any] | None) -> Invitation | None:
    return None if row is None else Invitation(**row._asdict())


async def list_after(
    session: AsyncSession, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Invitation]:
    """Return open invitations of the session's account behind a place, newest first."""
    at, last = after or (None, None)
    parameters = {"account_id": tenant_of(session), "at": at, "after": last, "limit": limit}
    return [Invitation(**row._asdict()) for row in await session.execute(_LIST, parameters)]


async def get(
    session: AsyncSession, invitation_id: UUID, *, lock: bool = False
) -> Invitation | None:
    """Return an invitation of the session's account; `lock` holds it until the commit."""
    parameters = {"account_id": tenant_of(session), "id": invitation_id}
    rows = await session.execute(_LOCK if lock else _GET, parameters)
    return _invitation(rows.one_or_none())


async def lock_all(session: AsyncSession) -> None:
    """Let nobody else invite or accept in the session's account until the transaction ends."""
    await session.execute(_LOCK_ALL, {"account_id": tenant_of(session)})


async def not_accepted(session: AsyncSession) -> Sequence[tuple[UUID, str]]:
    """Return ids and addresses of the account's invitations that were not accepted."""
    rows = await session.execute(_NOT_ACCEPTED, {"account_id": tenant_of(session)})
    return [(row.id, row.email) for row in rows]


async def end(session: AsyncSession, invitation_ids: Sequence[UUID]) -> None:
    """Delete invitations, so that their links no longer work."""
    parameters = {"account_id": tenant_of(session), "ids": list(invitation_ids)}
    await session.execute(_END, parameters)


async def add(session: AsyncSession, new: NewInvitation) -> Invitation:
    """Store an invitation, and delete very old ones."""
    account_id = tenant_of(session)
    await session.execute(_FORGET_OLD, {"account_id": account_id})
    parameters = {
        "account_id": account_id,
        "id": new.id,
        "email": new.email,
        "role": new.role,
        "token_hash": new.token_hash,
        "invited_by": new.invited_by,
        "days": INVITATION_DAYS,
    }
    return Invitation(**(await session.execute(_ADD, parameters)).one()._asdict())


async def withdraw(session: AsyncSession, invitation_id: UUID) -> str | None:
    """Delete an invitation that was not accepted; return its address."""
    parameters = {"account_id": tenant_of(session), "id": invitation_id}
    email: str | None = await session.scalar(_WITHDRAW, parameters)
    return email


async def note_letter(
    session: AsyncSession, invitation_id: UUID, letter: LetterState, error: str | None
) -> None:
    parameters = {
        "account_id": tenant_of(session),
        "id": invitation_id,
        "letter": letter,
        "error": error,
    }
    await session.execute(_NOTE_LETTER, parameters)


async def accept(session: AsyncSession, invitation_id: UUID) -> None:
    await session.execute(_ACCEPT, {"account_id": tenant_of(session), "id": invitation_id})
