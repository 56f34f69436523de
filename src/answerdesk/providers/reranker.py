"""The port to a service that scores passages by how well each answers a question."""

from collections.abc import Sequence
from typing import Final, Protocol

from answerdesk.core.errors import Unavailable

MOST_TEXTS: Final = 30
"""Most texts of one call: servers take 32 by default, and each costs a pass of their model."""

LONGEST_TEXT: Final = 2_000
"""Characters that are read of a text: models read about 500 tokens of question and text."""


class RerankerUnavailable(Unavailable):
    """The reranker doesn't respond in time, refuses, or returns something else than scores."""

    code = "reranker_unavailable"


class Reranker(Protocol):
    """Scores texts; the scores of one call are comparable with each other only."""

    async def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one finite score for each text, in their order; the higher, the better.

        At most `MOST_TEXTS`. Raises RerankerUnavailable.
        """
        ...

    async def close(self) -> None:
        """Free the reranker's resources; it must not be used afterwards. Idempotent."""
        ...
