"""Has chunks filled that were stored without the vectors of their tokens."""

import asyncio
from collections.abc import Iterable
from typing import Final

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.knowledge.ingestion.token_vectors import schedule_filling_tokens
from answerdesk.knowledge.search.recent import ReadChunk
from answerdesk.providers.embedder import QuestionTokens

_AGAIN_SECONDS: Final = 3600.0
"""Chunks may still lack theirs afterwards, such as those whose documents wait for ingestion."""

_KNOWN_PROJECTS: Final = 10_000


class MissingTokens:
    """Schedules the filling of projects in which questions meet such chunks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # By project: the loop's time from which on it may be scheduled again.
        self._again: dict[tuple[AccountId, ProjectId], float] = {}

    async def note(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        tokens: QuestionTokens | None,
        chunks: Iterable[ReadChunk],
    ) -> None:
        """Schedule the filling if any of these chunks lacks its tokens, not again within an hour.

        Only if the question has tokens: other spaces have none.
        """
        if tokens is None or not any(one.lacks_tokens for one in chunks):
            return
        key, now = (account_id, project_id), asyncio.get_running_loop().time()
        if now < self._again.get(key, 0.0):
            return
        if len(self._again) >= _KNOWN_PROJECTS:
            self._again.clear()
        self._again[key] = now + _AGAIN_SECONDS
        async with self._database.transaction(account_id) as session:
            await schedule_filling_tokens(session, account_id, project_id, tokens.basis)
