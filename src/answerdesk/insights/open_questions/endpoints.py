"""The native API of open questions."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from pydantic import BaseModel, ConfigDict, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.insights.open_questions.errors import question_not_found
from answerdesk.insights.open_questions.service import OpenQuestions
from answerdesk.insights.open_questions.types import (
    ORDER,
    QUESTION_PREFIX,
    OpenQuestion,
    QuestionKind,
)
from answerdesk.knowledge.dependencies import IngestionOf, KnowledgeRead, KnowledgeWrite, ShelfOf
from answerdesk.knowledge.items.schemas import AnswerText, Category, ItemOut, QuestionText, Tags
from answerdesk.knowledge.items.service import Items, ingest_now
from answerdesk.knowledge.items.types import QUESTION_LENGTH, ItemDraft


class OpenQuestionIn(BaseModel):
    """The answer to a question; it becomes a Q&A item."""

    model_config = ConfigDict(extra="forbid")

    answer: AnswerText
    question: QuestionText | None = Field(
        default=None, description="How the item puts the question; the visitor's words if omitted."
    )
    category: Category | None = None
    tags: Tags = []

    def item(self, asked: str) -> ItemDraft:
        question = self.question or asked[:QUESTION_LENGTH].strip()
        return ItemDraft(question, self.answer, self.category, tuple(self.tags))


class OpenQuestionOut(BaseModel):
    """A question that waits for an answer by a person; its texts and ids are of the last time."""

    id: str
    question: str
    kind: QuestionKind = Field(
        description="`negative`: an answer was rated as not helpful; `unanswered`: there was none."
    )
    count: int = Field(description="How often it was asked, whatever its case and punctuation.")
    last_asked_at: datetime
    conversation_id: str
    message_id: str
    reason: str | None = Field(description="What a visitor said about their negative rating.")

    @classmethod
    def of(cls, one: OpenQuestion) -> "OpenQuestionOut":
        return cls(
            id=public_id(QUESTION_PREFIX, one.id),
            question=one.question,
            kind=one.kind,
            count=one.count,
            last_asked_at=one.last_asked_at,
            conversation_id=public_id(CONVERSATION_PREFIX, one.conversation_id),
            message_id=public_id(MESSAGE_PREFIX, one.message_id),
            reason=one.reason,
        )


class OpenQuestionList(Listing[OpenQuestionOut]):
    """Open questions, the most asked first."""


# The list shows what visitors wrote, so the scope to read the knowledge isn't enough.
Reader = Annotated[Principal, needs("conversations:read")]


async def _to_read(_: Reader, knowledge: KnowledgeRead) -> AsyncIterator[OpenQuestions]:
    yield OpenQuestions(knowledge)


async def _to_write(knowledge: KnowledgeWrite) -> AsyncIterator[OpenQuestions]:
    yield OpenQuestions(knowledge)


QuestionsRead = Annotated[OpenQuestions, Depends(_to_read, scope="function")]
QuestionsWrite = Annotated[OpenQuestions, Depends(_to_write, scope="function")]


async def _question_id(question_id: str) -> UUID:
    value = parse_public_id(QUESTION_PREFIX, question_id)
    if value is None:
        raise question_not_found()
    return value


QuestionIdOf = Annotated[UUID, Depends(_question_id)]
"""The id in a path, which may be anybody's."""


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the routes; bodies have at most `max_json_bytes`."""
    router = APIRouter(prefix="/v1", route_class=bounded_route(max_json_bytes), tags=["learning"])
    every = "/projects/{project_id}/open-questions"
    one = f"{every}/{{question_id}}"
    created, gone = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
    taken = problems(409)
    router.add_api_route(every, list_open_questions)
    router.add_api_route(
        f"{one}/answer",
        answer_open_question,
        methods=["POST"],
        status_code=created,
        responses=taken,
    )
    router.add_api_route(
        f"{one}/dismiss",
        dismiss_open_question,
        methods=["POST"],
        status_code=gone,
        responses=taken,
    )
    return router


async def list_open_questions(
    project_id: str,
    questions: QuestionsRead,
    page: PagingOf,
    kind: Annotated[QuestionKind | None, Query(description="Only these.")] = None,
) -> OpenQuestionList:
    """List the questions that had no answer, or one that was rated negatively, most asked first.

    The same question counts once, as often as it was asked. It stays until somebody answers or
    dismisses it, even if the knowledge has an answer by now.
    """
    of = f"open-questions:{project_id}:{kind}"
    found = await questions.page(kind, page.after(of, *ORDER), page.fetch)
    shown, cursor = page.cut(of, found, lambda one: (one.count, one.last_asked_at, one.id))
    return OpenQuestionList(items=[OpenQuestionOut.of(one) for one in shown], next_cursor=cursor)


async def answer_open_question(
    question_id: QuestionIdOf, body: OpenQuestionIn, shelf: ShelfOf, ingestion: IngestionOf
) -> ItemOut:
    """Answer a question: it becomes a Q&A item, which answers from now on, and leaves the list.

    If it is asked after that and has no good answer again, it comes back.
    """
    async with shelf.open() as knowledge:
        questions = OpenQuestions(knowledge)
        found = await questions.get(question_id)
        stored = await questions.answer(found, body.item(found.question))
    if stored.to_ingest:
        await ingest_now(ingestion, shelf.account_id, stored.id)
    async with shelf.open() as knowledge:
        return ItemOut.of(await Items(knowledge).get(stored.id))


async def dismiss_open_question(question_id: QuestionIdOf, questions: QuestionsWrite) -> None:
    """Dismiss a question: it leaves the list for good. Repeating this changes nothing."""
    await questions.dismiss(question_id)
