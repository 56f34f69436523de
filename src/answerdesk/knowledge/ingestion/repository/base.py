"""The row that a project's index hangs on: its lock, its revision, the spaces that it keeps."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.types import KeptSpaces

LARGE: Final = 20_000
"""Chunks above which a project is searched by the index of nearest vectors.

Below, reading all of its vectors is exact and takes less than 40 ms (benchmarks, `scale`).
"""


@dataclass(frozen=True, slots=True)
class LockedBase:
    """A knowledge base that this transaction may change.

    `indexed` says whether its vectors enter the index of nearest ones.
    """

    account_id: AccountId
    project_id: ProjectId
    number: int
    live_rev: int
    spaces: KeptSpaces
    indexed: bool


_KEPT = (
    "space, next_space, case when previous_complete then previous_space end as previous"
    " from knowledge_base where account_id = :account_id and project_id = :project_id"
)
_SPACES = text("select " + _KEPT)
_LOCK = text("select number, live_rev, vector_index <> 'none' as indexed, " + _KEPT + " for update")
# Large and small are some way apart, so that no project goes to and fro.
_GO_LIVE = text(
    "update knowledge_base set live_rev = live_rev + 1, chunk_count = chunk_count + :delta,"
    " space = coalesce(space, :space), vector_index = case"
    "  when vector_index = 'none' and chunk_count + :delta > :large then 'filling'"
    "  when chunk_count + :delta <= :large / 2 then 'none' else vector_index end"
    " where account_id = :account_id and project_id = :project_id"
    " returning vector_index <> 'none'"
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
    return LockedBase(account_id, project_id, row.number, row.live_rev, spaces, row.indexed)


async def kept_spaces(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> KeptSpaces:
    """Return the spaces that the project's chunks have vectors in at the moment."""
    rows = await session.execute(_SPACES, {"account_id": account_id, "project_id": project_id})
    row = rows.first()
    return KeptSpaces() if row is None else KeptSpaces(row.space, row.next_space, row.previous)


async def go_live(
    session: AsyncSession, base: LockedBase, delta: int, space: str | None, *, large: int = LARGE
) -> bool:
    """Serve the changed index from the commit of this transaction on; `delta` chunks have come.

    `space` becomes the one that the project serves if it serves none yet. Returns True if the
    project has become large with this, so that its vectors are to be entered into the index.
    """
    indexed = await session.scalar(
        _GO_LIVE,
        {
            "account_id": base.account_id,
            "project_id": base.project_id,
            "delta": delta,
            "space": space,
            "large": large,
        },
    )
    return bool(indexed) and not base.indexed


async def lose_way_back(session: AsyncSession, base: LockedBase) -> None:
    """Note that chunks without vectors in the previous space have come."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id}
    await session.execute(_NO_WAY_BACK, parameters)
