"""A project's knowledge base row: its lock, its revision and the spaces that it keeps."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.types import KeptSpaces

LARGE: Final = 20_000
"""A project with more chunks than this is searched by the index of nearest vectors.

Up to this size, reading all vectors is exact and takes less than 40 ms (benchmarks, `scale`).
"""


@dataclass(frozen=True, slots=True)
class LockedBase:
    """A knowledge base that this transaction may change.

    `indexed` says whether its vectors enter the index of nearest vectors.
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
# The thresholds for large and small differ, so that a project doesn't switch back and forth.
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
    """Wait for the lock on the project's index; it is held until the transaction ends."""
    row = (await session.execute(_LOCK, {"account_id": account_id, "project_id": project_id})).one()
    spaces = KeptSpaces(row.space, row.next_space, row.previous)
    return LockedBase(account_id, project_id, row.number, row.live_rev, spaces, row.indexed)


async def kept_spaces(
    session: AsyncSession, account_id: AccountId, project_id: ProjectId
) -> KeptSpaces:
    """Return the spaces in which the project's chunks currently have vectors."""
    rows = await session.execute(_SPACES, {"account_id": account_id, "project_id": project_id})
    row = rows.first()
    return KeptSpaces() if row is None else KeptSpaces(row.space, row.next_space, row.previous)


async def go_live(
    session: AsyncSession, base: LockedBase, delta: int, space: str | None, *, large: int = LARGE
) -> bool:
    """Serve the changed index once this transaction commits; `delta` is the change in chunks.

    `space` becomes the served space if the project serves none yet. Returns True if this made the
    project large, so that its vectors must be entered into the index.
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
    """Mark the previous space incomplete: some new chunks have no vectors in it."""
    parameters = {"account_id": base.account_id, "project_id": base.project_id}
    await session.execute(_NO_WAY_BACK, parameters)
