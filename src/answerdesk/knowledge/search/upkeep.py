"""Has made anew what questions meet of earlier versions: tokens' vectors, terms, readings."""

import asyncio
from collections.abc import Iterable
from typing import Final

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.terms import ANALYSED_ANEW, ANALYSIS
from answerdesk.knowledge.ingestion.reading_again import begin_reading_again
from answerdesk.knowledge.ingestion.readings import NEEDED_READER
from answerdesk.knowledge.ingestion.terms_again import schedule_terms_again
from answerdesk.knowledge.ingestion.token_vectors import schedule_filling_tokens
from answerdesk.knowledge.search.recent import ReadChunk
from answerdesk.providers.embedder import QuestionTokens

_AGAIN_SECONDS: Final = 3600.0
_KNOWN_PROJECTS: Final = 10_000


class _Hourly:
    """Gives each project a turn an hour: its chunks may still lack something afterwards."""

    def __init__(self) -> None:
        # By project: the loop's time from which on it may have another turn.
        self._again: dict[tuple[AccountId, ProjectId], float] = {}

    def is_due(self, account_id: AccountId, project_id: ProjectId) -> bool:
        """Return True, and False for the next hour."""
        key, now = (account_id, project_id), asyncio.get_running_loop().time()
        if now < self._again.get(key, 0.0):
            return False
        if len(self._again) >= _KNOWN_PROJECTS:
            self._again.clear()
        self._again[key] = now + _AGAIN_SECONDS
        return True


class MissingTokens:
    """Schedules the filling of projects in which questions meet chunks without tokens' vectors."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hourly = _Hourly()

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
        if not self._hourly.is_due(account_id, project_id):
            return
        async with self._database.transaction(account_id) as session:
            await schedule_filling_tokens(session, account_id, project_id, tokens.basis)


class OlderTerms:
    """Schedules it for projects with terms of an older analysis that are asked about."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hourly = _Hourly()

    async def note(
        self, account_id: AccountId, project_id: ProjectId, analysis: int, languages: Iterable[str]
    ) -> None:
        """Schedule it if the project may have older terms in one of its languages."""
        if analysis >= ANALYSIS or ANALYSED_ANEW.isdisjoint(languages):
            return
        if self._hourly.is_due(account_id, project_id):
            async with self._database.transaction(account_id) as session:
                await schedule_terms_again(session, account_id, project_id)


class OlderReadings:
    """Has the documents of projects read again if answers from earlier readings may be wrong."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hourly = _Hourly()

    async def note(self, account_id: AccountId, project_id: ProjectId, reader: int) -> None:
        """Begin it if the project may have documents that a reader before the needed one read."""
        if reader >= NEEDED_READER or not self._hourly.is_due(account_id, project_id):
            return
        async with self._database.transaction(account_id) as session:
            await begin_reading_again(session, account_id, project_id, by_itself=True)
