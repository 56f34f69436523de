"""Embeds new chunks in every space that their project keeps."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from answerdesk.core.errors import DomainError
from answerdesk.knowledge.ingestion.types import KeptSpaces
from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.embedders import Embedders

_BATCH: Final = 16
"""Chunks embedded between two progress updates."""

_BESIDE_SECONDS: Final = 30.0
"""Timeout per batch in a space other than the served one, which nobody waits for."""

_PAUSE: Final = 60.0
"""Seconds for which such a space is skipped after a failure."""

_log = structlog.get_logger(__name__)

Vectors = dict[str, list[EmbeddedPassage]]
"""By space, one row per passage."""


class KeptVectors:
    """Embeds passages in the spaces that a project keeps.

    The served space must work. Another space that fails is skipped: the change that fills the next
    space finds the missing vectors, and the previous space is marked incomplete.
    """

    def __init__(self, embedders: Embedders) -> None:
        self._embedders = embedders
        self._resumes: dict[str, float] = {}

    def served(self, spaces: KeptSpaces) -> str:
        """Return the space that the project serves or is going to serve."""
        return spaces.served or self._embedders.default

    async def embed(
        self,
        passages: Sequence[Passage],
        spaces: KeptSpaces,
        vectors: Vectors,
        note: Callable[[int], Awaitable[None]],
    ) -> None:
        """Add the missing spaces to `vectors`; `note` gets the number of embedded passages."""
        served = self.served(spaces)
        if served not in vectors:
            vectors[served] = await self._served(served, passages, note)
        for space in spaces.beside(served):
            if space not in vectors:
                embedded = await self._beside(space, passages)
                if embedded is not None:
                    vectors[space] = embedded

    async def _served(
        self, space: str, passages: Sequence[Passage], note: Callable[[int], Awaitable[None]]
    ) -> list[EmbeddedPassage]:
        if not passages:
            return []
        embedder = await self._embedders.of(space)
        embedded: list[EmbeddedPassage] = []
        for start in range(0, len(passages), _BATCH):
            embedded += await embedder.embed_passages(passages[start : start + _BATCH])
            if len(passages) > _BATCH:
                await note(len(embedded))
        return embedded

    async def _beside(
        self, space: str, passages: Sequence[Passage]
    ) -> list[EmbeddedPassage] | None:
        """Return the vectors, or None if they are unavailable now."""
        if not passages:
            return []
        clock = asyncio.get_running_loop().time
        if clock() < self._resumes.get(space, 0.0):
            return None
        embedded: list[EmbeddedPassage] = []
        try:
            embedder = await self._embedders.of(space)
            for start in range(0, len(passages), _BATCH):
                async with asyncio.timeout(_BESIDE_SECONDS):
                    embedded += await embedder.embed_passages(passages[start : start + _BATCH])
        except (DomainError, TimeoutError) as error:
            self._resumes[space] = clock() + _PAUSE
            _log.warning("space_left_out", space=space, error=str(error) or "timed out")
            return None
        return embedded
