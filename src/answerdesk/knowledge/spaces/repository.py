"""Reads and writes the spaces of a project, and finds chunks without vectors.

Changing a knowledge base requires its lock (`ingestion.repository.lock_base`).
"""

# ruff: noqa: S608 - statements are built from constants of this module only.

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion.repository import LockedBase
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.spaces.types import (
    BaseOfInstallation,
    BaseSpaces,
    LackingChunk,
    SpaceChange,
)
from answerdesk.knowledge.vectors import pack_tokens
from answerdesk.providers.embedder import TokenVectors

Project = tuple[AccountId, ProjectId]

_BASE: Final = text(
    "select space, next_space, previous_space, previous_complete, chunk_count"
    " from knowledge_base where account_id = :account_id and project_id = :project_id"
)
_EVERY_BASE: Final = text(
    "select account_id, project_id, space, next_space, chunk_count from knowledge_base"
    " order by account_id, project_id"
)
_SET: Final = text(
    "update knowledge_base set space = :space, next_space = :next, previous_space = :previous,"
    " previous_complete = :complete, live_rev = live_rev + :revisions"
    " where account_id = :account_id and project_id = :project_id"
)
_RUNNING: Final = text(
    "select c.id, c.to_space, c.state, c.error_code, c.error, c.chunks_per_minute,"
    " b.chunk_count, (select count(*) from embedding e where e.account_id = :account_id"
    "  and e.project_id = :project_id and e.space = c.to_space) as done"
    " from space_change c"
    " join knowledge_base b on b.account_id = c.account_id and b.project_id = c.project_id"
    " where c.account_id = :account_id and c.project_id = :project_id"
    " and c.state in ('filling', 'waiting')"
)
_BEGIN: Final = text(
    "insert into space_change (account_id, id, project_id, to_space, state, started_by)"
    " values (:account_id, :id, :project_id, :space, 'filling', :by)"
)
_END: Final = text(
    "update space_change set state = :state, finished_at = clock_timestamp(), error_code = null,"
    " error = null where account_id = :account_id and project_id = :project_id"
    " and state in ('filling', 'waiting')"
)
_NOTE: Final = text(
    "update space_change set state = :state, error_code = :code, error = :error,"
    " chunks_per_minute = :pace where account_id = :account_id and project_id = :project_id"
    " and state in ('filling', 'waiting')"
)
_LANGUAGES: Final = text(
    "select language, sum(chunk_count) as chunks from document"
    " where account_id = :account_id and project_id = :project_id and language is not null"
    " group by 1 having sum(chunk_count) > 0 order by 2 desc, 1"
)
# A sub-select with a limit is looked up chunk by chunk, whatever the planner estimates; while a
# space is being filled, its estimate of the number of vectors is wrong. For a bare "is null" it
# assumes that one chunk in 200 passes, and may read all chunks to find fifty; for a `case`, half.
_WITHOUT: Final = (
    " from chunk c where c.account_id = :account_id and c.project_id = :project_id"
    " and case when (select e.space from embedding e where e.account_id = c.account_id"
    "  and e.chunk_id = c.id and e.space = :space limit 1) is null then true else false end"
)
_LACKS: Final = text("select 1" + _WITHOUT + " limit 1")
_CHUNK: Final = (
    "select c.id, c.document_id, c.kind, c.content, c.content_hash, c.heading_path, c.anchor,"
    " c.language, c.sentences, c.added_rev"
)
# The first byte is that of the basis; only the beginning of the vectors is read.
_WITHOUT_TOKENS: Final = (
    " from chunk c where c.account_id = :account_id and c.project_id = :project_id"
    " and case when (select substring(e.token_vectors from 1 for 1)"
    "   is distinct from cast(:basis as bytea)"
    "  from embedding e where e.account_id = c.account_id"
    "  and e.chunk_id = c.id and e.space = :space limit 1) then true else false end"
)


def _some(without: str) -> TextClause:
    """Return the statement for the first chunks after one, with their documents' titles."""
    return text(
        "with l as (" + _CHUNK + without + " and c.id > :after order by c.id limit :limit)"
        " select l.*, d.title, d.status = 'pending' as pending from l"
        " join document d on d.account_id = :account_id and d.id = l.document_id order by l.id"
    )


_LACKING: Final = _some(_WITHOUT)
_LACKING_TOKENS: Final = _some(_WITHOUT_TOKENS)
_STORE_TOKENS: Final = text(
    "update embedding set token_vectors = :token_vectors where account_id = :account_id"
    " and project_id = :project_id and chunk_id = :chunk_id and space = :space"
)
_SPACES: Final = text(
    "select distinct space from embedding"
    " where account_id = :account_id and project_id = :project_id"
)
_DROP: Final = text(
    "with chosen as (select chunk_id from embedding where account_id = :account_id"
    "  and project_id = :project_id and space = :space limit :limit"
    "), gone as (delete from embedding e using chosen where e.account_id = :account_id"
    "  and e.chunk_id = chosen.chunk_id and e.space = :space returning 1"
    ") select count(*) from gone"
)

_BEFORE_ALL: Final = UUID(int=0)


def _of(project: Project) -> dict[str, Any]:
    return {"account_id": project[0], "project_id": project[1]}


async def base_spaces(session: AsyncSession, project: Project) -> BaseSpaces:
    """Return the project's spaces; all None if it has no knowledge yet."""
    row = (await session.execute(_BASE, _of(project))).first()
    if row is None:
        return BaseSpaces(None, None, None, previous_complete=True, chunk_count=0)
    return BaseSpaces(
        row.space, row.next_space, row.previous_space, row.previous_complete, row.chunk_count
    )


async def every_base(session: AsyncSession) -> list[BaseOfInstallation]:
    """Return the knowledge bases of all accounts that the transaction's role may see."""
    return [
        BaseOfInstallation(
            AccountId(row.account_id),
            ProjectId(row.project_id),
            row.space,
            row.next_space,
            row.chunk_count,
        )
        for row in await session.execute(_EVERY_BASE)
    ]


async def languages(session: AsyncSession, project: Project) -> dict[str, int]:
    """Return the languages of the project's documents with their chunks, most chunks first."""
    rows = await session.execute(_LANGUAGES, _of(project))
    return {row.language: int(row.chunks) for row in rows}


async def set_spaces(session: AsyncSession, base: LockedBase, spaces: BaseSpaces) -> None:
    """Store the spaces; if this changes the served space, it increases the live revision."""
    await session.execute(
        _SET,
        {
            **_of((base.account_id, base.project_id)),
            "space": spaces.space,
            "next": spaces.next,
            "previous": spaces.previous,
            "complete": spaces.previous_complete,
            "revisions": int(spaces.space != base.spaces.served),
        },
    )


async def running_change(session: AsyncSession, project: Project) -> SpaceChange | None:
    """Return the running change with its progress, or None."""
    row = (await session.execute(_RUNNING, _of(project))).first()
    if row is None:
        return None
    return SpaceChange(
        id=row.id,
        to=row.to_space,
        state=row.state,
        error_code=row.error_code,
        error=row.error,
        done=min(row.done, row.chunk_count),
        total=row.chunk_count,
        chunks_per_minute=row.chunks_per_minute,
    )


async def begin_change(session: AsyncSession, base: LockedBase, space: str, by: str | None) -> UUID:
    """Store a new change and who began it; return its id."""
    change_id = new_id()
    project = (base.account_id, base.project_id)
    await session.execute(_BEGIN, {**_of(project), "id": change_id, "space": space, "by": by})
    return change_id


async def end_change(session: AsyncSession, base: LockedBase, *, done: bool) -> None:
    """Record that the running change is done, or was cancelled."""
    state = "done" if done else "cancelled"
    await session.execute(_END, {**_of((base.account_id, base.project_id)), "state": state})


async def note_filling(session: AsyncSession, project: Project, pace: float | None) -> None:
    """Record that the running change makes progress, at `pace` chunks per minute."""
    parameters = {"state": "filling", "code": None, "error": None, "pace": pace}
    await session.execute(_NOTE, {**_of(project), **parameters})


async def note_waiting(session: AsyncSession, project: Project, code: str, error: str) -> None:
    """Record why the running change is waiting."""
    parameters = {"state": "waiting", "code": code, "error": error, "pace": None}
    await session.execute(_NOTE, {**_of(project), **parameters})


async def lacks(session: AsyncSession, project: Project, space: str) -> bool:
    """Tell whether any of the project's chunks has no vector in the space."""
    return (await session.execute(_LACKS, {**_of(project), "space": space})).first() is not None


async def lacking(
    session: AsyncSession, project: Project, space: str, after: UUID | None, limit: int
) -> list[LackingChunk]:
    """Return chunks after `after` without a vector in the space, ordered by id."""
    parameters = {"space": space, "after": after or _BEFORE_ALL, "limit": limit}
    rows = await session.execute(_LACKING, {**_of(project), **parameters})
    return [_lacking(row) for row in rows]


async def lacking_tokens(
    session: AsyncSession,
    project: Project,
    space: str,
    basis: bytes,
    after: UUID | None,
    limit: int,
) -> list[LackingChunk]:
    """Return chunks after `after`, ordered by id, that lack vectors of tokens in the space only.

    Those with another basis count as none; `basis` is its byte.
    """
    parameters = {"space": space, "after": after or _BEFORE_ALL, "limit": limit, "basis": basis}
    rows = await session.execute(_LACKING_TOKENS, {**_of(project), **parameters})
    return [_lacking(row) for row in rows]


async def store_tokens(
    session: AsyncSession, project: Project, space: str, tokens: Mapping[UUID, TokenVectors]
) -> None:
    """Store the vectors of tokens beside the chunks' vectors in the space, where these exist."""
    if not tokens:
        return
    await session.execute(
        _STORE_TOKENS,
        [
            {**_of(project), "chunk_id": key, "space": space, "token_vectors": pack_tokens(one)}
            for key, one in tokens.items()
        ],
    )


def _lacking(row: Row[Any]) -> LackingChunk:
    offsets: list[int] = row.sentences
    pairs = zip(offsets[::2], offsets[1::2], strict=True)
    draft = ChunkDraft(
        ordinal=0,
        kind=row.kind,
        text=row.content,
        heading_path=tuple(row.heading_path),
        anchor=row.anchor,
        sentences=tuple(Span(start, end) for start, end in pairs),
    )
    return LackingChunk(
        row.id,
        draft,
        bytes(row.content_hash),
        row.title,
        row.language,
        row.pending,
        row.added_rev,
    )


async def spaces_with_vectors(session: AsyncSession, project: Project) -> list[str]:
    """Return the names of all spaces in which the project has vectors."""
    return [row.space for row in await session.execute(_SPACES, _of(project))]


async def drop_vectors(session: AsyncSession, project: Project, space: str, limit: int) -> int:
    """Delete at most `limit` vectors of a space; return how many."""
    return int(await session.scalar(_DROP, {**_of(project), "space": space, "limit": limit}))
