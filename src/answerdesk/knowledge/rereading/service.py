"""Has a project's documents read again that an older version has read."""

from answerdesk.core.tenancy import public_id
from answerdesk.knowledge.ingestion import reading_again as job
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.types import ReadingAgain
from answerdesk.knowledge.rereading import errors
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.types import PROJECT_PREFIX


class Rereading:
    """The readings of one project, in the caller's transaction."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._session = knowledge.session
        self._project = (knowledge.account_id, knowledge.project_id)

    async def state(self) -> ReadingAgain:
        """Return how many documents are older, and the progress of reading them again."""
        return await index.reading_again(self._session, *self._project)

    async def begin(self) -> ReadingAgain:
        """Begin to read older documents again, in the background.

        Raises Conflict if that is done already, or if there are none.
        """
        total = await job.begin_reading_again(self._session, *self._project, by_itself=False)
        state = await self.state()
        if not total:
            running = total is None and state.running
            raise errors.already_reading_again() if running else errors.nothing_to_read_again()
        await self._audit("reading.started", total)
        return state

    async def cancel(self) -> ReadingAgain:
        """Stop it; what has been read again stays. Raises Conflict if nobody reads again."""
        state = await self.state()
        if not state.running:
            raise errors.not_reading_again()
        await job.stop_reading_again(self._session, *self._project)
        await self._audit("reading.cancelled", state.older)
        return await self.state()

    async def _audit(self, action: str, documents: int) -> None:
        target = public_id(PROJECT_PREFIX, self._knowledge.project_id)
        await self._knowledge.audit(action, "project", target, {"documents": documents})
