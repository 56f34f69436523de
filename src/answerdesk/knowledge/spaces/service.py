"""Changes a project's embedding model: begin, cancel, roll back, delete the previous space."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.events import record
from answerdesk.kit.language import UNKNOWN
from answerdesk.knowledge import events
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.repository import LockedBase
from answerdesk.knowledge.repository import ensure_knowledge_base
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.spaces import errors, repository
from answerdesk.knowledge.spaces.tasks import schedule_dropping, schedule_filling
from answerdesk.knowledge.spaces.types import (
    Available,
    BaseOfInstallation,
    BaseSpaces,
    Embedding,
    Suggestion,
)
from answerdesk.providers.embedders import Embedders

_FOREIGN_SHARE: Final = 0.1
"""Share of the passages in other languages than English from which it pays to change the model."""


class Spaces:
    """The vector spaces of one project, in the caller's transaction."""

    def __init__(self, knowledge: Knowledge, embedders: Embedders, by: str | None = None) -> None:
        """`by` names the caller, to be stored with a change."""
        self._knowledge = knowledge
        self._session = knowledge.session
        self._project = (knowledge.account_id, knowledge.project_id)
        self._embedders = embedders
        self._by = by

    async def embedding(self) -> Embedding:
        """Return the project's space, its running change, and the available spaces."""
        spaces = await repository.base_spaces(self._session, self._project)
        served = spaces.space or self._embedders.default
        return Embedding(
            space=served,
            usable=self._embedders.offers(served),
            available=tuple(Available(one.space, one.dimensions) for one in self._embedders.spaces),
            change=await repository.running_change(self._session, self._project),
            previous=spaces.previous,
            previous_complete=spaces.previous_complete,
            suggestion=await self._suggestion(served),
        )

    async def _suggestion(self, served: str) -> Suggestion | None:
        """Suggest a multilingual space if a tenth of the passages are not in English."""
        better = self._embedders.multilingual_instead_of(served)
        if better is None:
            return None
        chunks = await repository.languages(self._session, self._project)
        foreign = tuple(one for one in chunks if one not in ("en", UNKNOWN))
        if sum(chunks[one] for one in foreign) < _FOREIGN_SHARE * max(sum(chunks.values()), 1):
            return None
        return Suggestion(better.space, better.installed, foreign)

    async def change(self, space: str) -> Embedding:
        """Begin to fill another space; it is served once all chunks have vectors in it.

        Raises InvalidInput if the space is not available, and Conflict if it is already served or
        a change is running.
        """
        if not self._embedders.offers(space):
            raise errors.unknown_space(space, (one.space for one in self._embedders.spaces))
        await ensure_knowledge_base(self._session, *self._project)
        base, spaces = await self._lock()
        if spaces.next is not None:
            raise errors.change_running(spaces.next)
        if space == (spaces.space or self._embedders.default):
            raise errors.space_served(space)
        # Changing to the previous space starts with the vectors that it already has.
        previous = None if space == spaces.previous else spaces.previous
        await repository.set_spaces(
            self._session,
            base,
            BaseSpaces(spaces.space, space, previous, spaces.previous_complete, spaces.chunk_count),
        )
        await repository.begin_change(self._session, base, space, self._by)
        await self._knowledge.audit("embedding.change_started", "embedding", space)
        embedding = await self.embedding()
        await schedule_filling(self._session, *self._project)
        return embedding

    async def cancel(self) -> Embedding:
        """Cancel the running change; the served space stays. Raise Conflict if none is running."""
        base, spaces = await self._lock()
        if spaces.next is None:
            raise errors.no_change_running()
        await repository.set_spaces(
            self._session,
            base,
            BaseSpaces(
                spaces.space, None, spaces.previous, spaces.previous_complete, spaces.chunk_count
            ),
        )
        await repository.end_change(self._session, base, done=False)
        await self._knowledge.audit("embedding.change_cancelled", "embedding", spaces.next)
        embedding = await self.embedding()
        await schedule_dropping(self._session, *self._project)
        return embedding

    async def roll_back(self) -> Embedding:
        """Swap the served and the previous space, effective when this transaction commits.

        Raises Conflict if there is no previous space, if chunks have no vector in it, if questions
        can no longer be embedded in it, or if a change is running.
        """
        base, spaces = await self._lock()
        if spaces.next is not None:
            raise errors.change_running(spaces.next)
        previous = spaces.previous
        if previous is None:
            raise errors.no_way_back()
        if not self._embedders.offers(previous):
            raise errors.previous_space_not_usable(previous)
        if not spaces.previous_complete or await repository.lacks(
            self._session, self._project, previous
        ):
            raise errors.way_back_incomplete(previous)
        await repository.set_spaces(
            self._session,
            base,
            BaseSpaces(
                previous, None, spaces.space, previous_complete=True, chunk_count=spaces.chunk_count
            ),
        )
        payload = events.SpaceChange(space=previous, previous=spaces.space)
        await record(self._session, *self._project, events.SPACE_CHANGED, payload)
        await self._knowledge.audit("embedding.rolled_back", "embedding", previous)
        return await self.embedding()

    async def forget_previous(self) -> None:
        """Delete the previous space and its vectors; raise NotFound if there is none."""
        base, spaces = await self._lock()
        if spaces.previous is None:
            raise errors.previous_space_not_found()
        await repository.set_spaces(
            self._session,
            base,
            BaseSpaces(
                spaces.space,
                spaces.next,
                None,
                previous_complete=True,
                chunk_count=spaces.chunk_count,
            ),
        )
        await self._knowledge.audit("embedding.previous_removed", "embedding", spaces.previous)
        await schedule_dropping(self._session, *self._project)

    async def _lock(self) -> tuple[LockedBase, BaseSpaces]:
        await ensure_knowledge_base(self._session, *self._project)
        base = await index.lock_base(self._session, *self._project)
        return base, await repository.base_spaces(self._session, self._project)


async def bases_of_installation(session: AsyncSession) -> Sequence[BaseOfInstallation]:
    """Return every project with knowledge, of all accounts that the transaction's role may see.

    For the operator, whose commands connect as the tables' owner.
    """
    return await repository.every_base(session)
