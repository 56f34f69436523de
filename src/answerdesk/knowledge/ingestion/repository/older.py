"""Finds documents that an older reader has read, and keeps the state of reading them again."""

# ruff: noqa: S608 - statements are built from constants of this module only.

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.types import ReadingAgain

# As the index has it: the newest reader that has read the document, or could not.
_NEWEST: Final = (
    "case when failed_reader is null"
    " then case when reader_version is null then 0 else reader_version end"
    " when reader_version > failed_reader then reader_version else failed_reader end"
)
IS_OLDER: Final = f"{_NEWEST} < :reader_version"
"""What is true of a document that only an older reader has read or could not read."""

# What waits for ingestion is read by that.
_OLDER: Final = (
    " from document where account_id = :account_id and project_id = :project_id"
    f" and {IS_OLDER} and status <> 'pending'"
)
# With the number itself, no plan is made without sight of it: usually no document is older.
_NOW_OLDER: Final = _OLDER.replace(":reader_version", str(READER_VERSION))
_LEFT: Final = _OLDER.replace(":reader_version", "b.again_before")
_SOME: Final = text(f"select id {_OLDER} and id > :after order by id limit :limit")
_STATE: Final = text(
    "select b.again_before, b.again_total, b.again_code, b.again_error,"
    f" (select count(*) {_NOW_OLDER}) as older,"
    " case when b.again_before is null then 0"
    f"  else (select count(*) {_LEFT}) end as left_over,"
    " (select count(*) from document where account_id = :account_id and project_id = :project_id"
    "  and failed_reader is not null and status = 'ready') as kept"
    " from knowledge_base b where b.account_id = :account_id and b.project_id = :project_id"
)
_BEGIN: Final = text(
    f"update knowledge_base set again_before = :before, again_total = (select count(*) {_OLDER}),"
    " again_code = null, again_error = null"
    " where account_id = :account_id and project_id = :project_id and again_before is null"
    " returning again_total"
)
_END: Final = text(
    "update knowledge_base set again_before = null, again_total = null, again_code = null,"
    " again_error = null, reader = greatest(reader, :reader_version)"
    " where account_id = :account_id and project_id = :project_id"
)
_WAITS: Final = text(
    "update knowledge_base set again_code = :code, again_error = :error"
    " where account_id = :account_id and project_id = :project_id and again_before is not null"
    " and again_error is distinct from :error"
)
_BEFORE_ALL: Final = UUID(int=0)


async def older_documents(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    before: int,
    after: UUID | None,
    limit: int,
) -> Sequence[UUID]:
    """Return the first documents after `after`, by id, of readers before `before`."""
    parameters = {
        **_of(account_id, project_id, before),
        "after": after or _BEFORE_ALL,
        "limit": limit,
    }
    return [row.id for row in await session.execute(_SOME, parameters)]


async def reading_again(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> ReadingAgain:
    """Return the state of a project's readings."""
    row = (await session.execute(_STATE, _of(account_id, project_id))).first()
    if row is None:
        return ReadingAgain(0, 0)
    return ReadingAgain(
        row.older,
        row.kept,
        row.again_before,
        row.again_total or 0,
        row.left_over,
        row.again_code,
        row.again_error,
    )


async def begin_reading_again(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId, before: int
) -> int | None:
    """Record that documents of readers before `before` are being read again.

    Return their number; None if it was running already.
    """
    parameters = {**_of(account_id, project_id, before), "before": before}
    total: int | None = await session.scalar(_BEGIN, parameters)
    return total


async def end_reading_again(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> None:
    """Record that nobody reads again any more, and that this reader needs to be told no more."""
    await session.execute(_END, _of(account_id, project_id))


async def note_reading_again_waits(
    session: AsyncSession,
    account_id: AccountId,
    project_id: ProjectId,
    code: str | None,
    error: str | None,
) -> None:
    """Record what it waits for; None if it goes on."""
    parameters = {**_of(account_id, project_id), "code": code, "error": error}
    await session.execute(_WAITS, parameters)


def _of(
    account_id: AccountId, project_id: ProjectId, version: int = READER_VERSION
) -> dict[str, object]:
    return {"account_id": account_id, "project_id": project_id, "reader_version": version}
