"""Embeds a question in the space that its project serves, or does without if that is impossible."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import structlog
from numpy.typing import NDArray

from answerdesk.core.errors import DomainError
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.providers.embedder import EmbeddedPassage, Passage, QuestionTokens
from answerdesk.providers.embedders import Embedders

_PAUSE: Final = 10.0
"""Seconds for which a failed space is skipped, so that no other question waits for it."""

_KNOWN_PROJECTS: Final = 10_000

_BATCH: Final = 8
"""Passages for one call of the embedder, between which other questions have their turn."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A question in one space; `vector` has shape (dimensions,) and unit length.

    `wanted` is the requested space. If it is unavailable, `space` is empty and the vector a single
    zero, which is equally far from everything. `tokens` are the vectors of its tokens; None if the
    space has none.
    """

    wanted: str
    space: str
    vector: NDArray[np.float32]
    tokens: QuestionTokens | None = None

    @property
    def embedded(self) -> bool:
        """Whether there is a vector to compare with chunks."""
        return self.space != ""


class QuestionVectors:
    """Embeds questions, each in the space that its project was last seen to serve."""

    def __init__(self, embedders: Embedders) -> None:
        self._embedders = embedders
        # Only projects that serve a space other than the default.
        self._spaces: dict[tuple[AccountId, ProjectId], str] = {}
        self._resumes: dict[str, float] = {}

    def expected(self, account_id: AccountId, project_id: ProjectId) -> str:
        """Return the space that the project most probably serves."""
        return self._spaces.get((account_id, project_id), self._embedders.default)

    def serves(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        space: str | None,
        asked: QuestionVector,
    ) -> bool:
        """Tell whether the question was embedded in `space`, which the project serves.

        Remembers `space` for the project's next question. None means a project without any
        knowledge, for which every space will do.
        """
        if space is None or space == self._embedders.default:
            self._spaces.pop((account_id, project_id), None)
        else:
            if len(self._spaces) >= _KNOWN_PROJECTS:
                self._spaces.clear()
            self._spaces[account_id, project_id] = space
        return space is None or asked.wanted == space

    async def embed(self, space: str | None, text: str) -> QuestionVector:
        """Return the question's vector in a space, None for the default space.

        An unavailable or no longer configured embedder is no error: visitors get what words alone
        find, and the log says why. Raises only if the server is shutting down, so that another
        server answers.
        """
        wanted = space or self._embedders.default
        if self._rests(wanted):
            return _without(wanted)
        try:
            embedder = await self._embedders.of(wanted)
            (question,) = await embedder.embed_questions([text])
        except DomainError as error:
            self._note_failure(wanted, error)
            return _without(wanted)
        return QuestionVector(wanted, embedder.space, question.vector, question.tokens)

    async def embed_passages(
        self, space: str, passages: Sequence[Passage]
    ) -> list[EmbeddedPassage] | None:
        """Return the vectors of passages that come with a question; None if they cannot be had.

        `space` is that of the question, empty if it could not be embedded. Raises as `embed` does.
        """
        if not space or self._rests(space):
            return None
        embedded: list[EmbeddedPassage] = []
        try:
            embedder = await self._embedders.of(space)
            for start in range(0, len(passages), _BATCH):
                embedded += await embedder.embed_passages(passages[start : start + _BATCH])
        except DomainError as error:
            self._note_failure(space, error)
            return None
        return embedded

    def _rests(self, space: str) -> bool:
        return asyncio.get_running_loop().time() < self._resumes.get(space, 0.0)

    def _note_failure(self, space: str, error: DomainError) -> None:
        if error.code == "shutting_down":
            raise error
        self._resumes[space] = asyncio.get_running_loop().time() + _PAUSE
        _log.warning("searching_by_words_only", space=space, code=error.code, error=error.message)


def _without(wanted: str) -> QuestionVector:
    return QuestionVector(wanted, "", np.zeros(1, np.float32))
