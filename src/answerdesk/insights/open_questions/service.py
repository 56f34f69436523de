"""Open questions: list them, answer one by an item, dismiss one.

A question stays on the list until somebody answers or dismisses it, even if the knowledge has the
answer by now: whether it is the right one is for people to say.
"""

from collections.abc import Sequence
from uuid import UUID

from answerdesk.core.tenancy import public_id
from answerdesk.insights.open_questions import repository
from answerdesk.insights.open_questions.errors import question_decided, question_not_found
from answerdesk.insights.open_questions.types import (
    QUESTION_PREFIX,
    OpenQuestion,
    Place,
    QuestionKind,
)
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.items.types import ItemDraft, StoredItem
from answerdesk.knowledge.service import Knowledge


class OpenQuestions:
    """The open questions of a project, in the caller's transaction."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._session = knowledge.session
        self._project_id = knowledge.project_id

    async def page(
        self, kind: QuestionKind | None, after: Place, limit: int
    ) -> Sequence[OpenQuestion]:
        """Return up to `limit` questions after `after`, the most asked first."""
        return await repository.page(self._session, self._project_id, kind, after, limit)

    async def get(self, question_id: UUID) -> OpenQuestion:
        """Raise NotFound unless it is open, and Conflict (`question_decided`) if it was decided."""
        found = await repository.get(self._session, self._project_id, question_id)
        if found is not None:
            return found
        if await repository.decided(self._session, self._project_id, question_id) is None:
            raise question_not_found()
        raise question_decided()

    async def note_answered(self, question_id: UUID, item_id: UUID) -> None:
        """Take a question from the list, if it is there, since an item answers it."""
        await repository.note_answered(self._session, self._project_id, question_id, item_id)

    async def answer(self, question: OpenQuestion, draft: ItemDraft) -> StoredItem:
        """Answer a question by an item; it leaves the list until it is asked again in vain.

        Raises Conflict (`question_decided`) and LimitReached.
        """
        if not await repository.decide(self._session, self._project_id, question, "answered"):
            raise question_decided()
        stored = await Items(self._knowledge).add(draft)
        await repository.set_item(self._session, question.id, stored.id)
        await self._audit("question.answered", question.id)
        return stored

    async def dismiss(self, question_id: UUID) -> None:
        """Take a question from the list for good. Raises NotFound.

        It may be dismissed already; raises Conflict (`question_decided`) if it was answered.
        """
        verdict = await repository.decided(self._session, self._project_id, question_id)
        if verdict == "dismissed":
            return
        found = await self.get(question_id)
        if not await repository.decide(self._session, self._project_id, found, "dismissed"):
            raise question_decided()
        await self._audit("question.dismissed", question_id)

    async def _audit(self, action: str, question_id: UUID) -> None:
        target = public_id(QUESTION_PREFIX, question_id)
        await self._knowledge.audit(action, "question", target)
