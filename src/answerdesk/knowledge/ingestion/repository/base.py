"""The row that a project's index hangs on: its lock, its revision, the spaces that it keeps."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.types import KeptSpaces


@dataclass(frozen=True, slots=True)
class LockedBase:
    """A knowledge base that this transaction may change."""

    account_id: AccountId
    project_id: ProjectId
    number: int
    live_rev: int
    spaces: KeptSpaces


_KEPT = (
    "space, next_space, case when previous_complete then previous_space end as previous"
    " from knowledge_base where account_id = :account_id and project_id = :project_id"
)
_SPACES = text("select " + _KEPT)
_LOCK = text("select number, live_rev, " + _KEPT + " for update")
_GO_LIVE = text(
    "update knowledge_base set live_rev = live_rev + 1, chunk_count = chunk_count + :delta,"
    " space = coalesce(space, :space)"
    " where account_id = :account_id and project_id = :project_id"
)
_NO_WAY_BACK = text(
    "update knowledge_base set previous_complete = false"
    " where account_id = :account_id and project_id = :project_id"
)


async def lock_base(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> LockedBase:
    """Wait for the right to change the project's index; held until the transaction ends."""
    row = (await session.execute(_LOCK, {"account_id": account_id, "project_id": project_id})).one()
    spaces = KeptSpaces(row.space, row.next_space, row.previous)
    return LockedBase(account_id, project_id, row.number, row.live_rev, spaces)


async def kept_spaces(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> KeptSpaces:
    """Return the spaces that the project's chunks have vectors in at the moment."""
    rows = await session.execute(_SPACES, {"account_id": account_id, "project_id": project_id})
    row = rows.first()
    return KeptSpaces() if row is None else KeptSpaces(row.space, row.next_space, row.previous)


async def go_live(session: AsyncSession, base: LockedBase, delta: int, space: str | None) -> None:
    """Serve the changed index from the commit of this transaction on.

    `space` becomes the one that the project serves if it serves none yet.
    """
    await session.execute(
        _GO_LIVE,
        {
            "account_id": base.account_id,
            "project_id": base.project_id,
            "delta": delta,
            "space": space,
        },
    )


async def lose_way_back(session: AsyncSession, base: LockedBase) -> None:
    """Note that chunks without vectors in the previous space have come."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id}
    await session.execute(_NO_WAY_BACK, parameters)
