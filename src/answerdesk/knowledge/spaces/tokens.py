"""Fills the vectors of tokens that a project's chunks lack in the space that it serves.

They lack them if they were stored before there were such vectors, or with another basis. Nothing
here holds a transaction while an embedder works; a killed run leaves nothing to repair, since the
database tells which chunks still lack theirs.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog

from answerdesk.core.database import Database
from answerdesk.core.due import Job, Registration
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.token_vectors import FILL_TOKENS, schedule_filling_tokens
from answerdesk.knowledge.ingestion.walks import place_of, project_of
from answerdesk.knowledge.spaces import repository
from answerdesk.knowledge.spaces.tasks import Filled, is_ready, passage_of_chunk
from answerdesk.knowledge.spaces.types import LackingChunk
from answerdesk.providers.embedder import TokenVectors
from answerdesk.providers.embedders import Embedders

_AT_ONCE: Final = 32
"""Chunks embedded and stored together."""

_SLICE_SECONDS: Final = 5.0
"""How long a run lasts before others get their turn."""

_log = structlog.get_logger(__name__)


class TokenFiller:
    """Embeds chunks again to store the vectors of their tokens; answers go on meanwhile."""

    def __init__(
        self, database: Database, embedders: Embedders, *, slice_seconds: float = _SLICE_SECONDS
    ) -> None:
        self._database = database
        self._embedders = embedders
        self._slice = slice_seconds

    async def fill(
        self, account_id: AccountId, project_id: ProjectId, basis: int, after: UUID | None
    ) -> Filled:
        """Fill the chunks after `after` that have no vectors of tokens with this basis.

        One walk over the project: chunks added meanwhile bring theirs. A chunk whose document waits
        to be ingested again is left to its ingestion. Raises what the embedder raises.
        """
        project = (account_id, project_id)
        clock = asyncio.get_running_loop().time
        began = clock()
        while True:
            async with self._database.transaction(account_id) as session:
                space = (await repository.base_spaces(session, project)).space
                if space is None or not self._embedders.offers(space):
                    return Filled(more=False)
                found = await repository.lacking_tokens(
                    session, project, space, bytes([basis]), after, _AT_ONCE
                )
            if not found:
                return Filled(more=False)
            tokens = await self._embed(space, [one for one in found if is_ready(one)])
            revisions = {one.id: one.added_rev for one in found if one.id in tokens}
            await self._store(project, space, tokens, revisions)
            after = found[-1].id
            if clock() - began >= self._slice:
                return Filled(more=True, after=after)

    async def _embed(self, space: str, chunks: Sequence[LackingChunk]) -> dict[UUID, TokenVectors]:
        embedder = await self._embedders.of(space)
        embedded = await embedder.embed_passages([passage_of_chunk(one) for one in chunks])
        return {
            chunk.id: one.tokens
            for chunk, one in zip(chunks, embedded, strict=True)
            if one.tokens is not None
        }

    async def _store(
        self,
        project: repository.Project,
        space: str,
        tokens: Mapping[UUID, TokenVectors],
        revisions: Mapping[UUID, int],
    ) -> None:
        """Store the vectors of the chunks that are still as embedded."""
        async with self._database.transaction(project[0]) as session:
            if (await repository.base_spaces(session, project)).space is None:
                return
            # Whoever removes chunks holds the lock, too: neither waits for a part of the other's.
            await index.lock_base(session, *project)
            unchanged = await index.unchanged_chunks(session, project[0], revisions)
            kept = {key: one for key, one in tokens.items() if key in unchanged}
            await repository.store_tokens(session, project, space, kept)


def registrations(database: Database, filler: TokenFiller) -> dict[str, Registration]:
    """Return the handler that a worker needs for this module's jobs."""

    async def fill(job: Job) -> None:
        account_id, project_id = AccountId(job.account_id), project_of(job)
        basis = int(str(job.payload["basis"]))
        filled = await filler.fill(account_id, project_id, basis, place_of(job))
        if not filled.more:
            _log.info("token_vectors_filled", project_id=str(project_id))
            return
        async with database.transaction(account_id) as session:
            await schedule_filling_tokens(session, account_id, project_id, basis, filled.after)

    return {FILL_TOKENS: Registration(fill, concurrency=1)}
