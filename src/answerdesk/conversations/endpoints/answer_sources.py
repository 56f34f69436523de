"""The native API of answers that used a document or a page, for their account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations.history import service
from answerdesk.conversations.history.service import ORDER
from answerdesk.conversations.history.types import UsingAnswer
from answerdesk.conversations.types import CONVERSATION_PREFIX, MESSAGE_PREFIX
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.pagination import Listing, Paging, PagingOf
from answerdesk.knowledge.dependencies import KnowledgeRead
from answerdesk.knowledge.errors import document_not_found
from answerdesk.knowledge.sync.errors import page_not_found
from answerdesk.knowledge.types import DOCUMENT_PREFIX, ITEM_PREFIX, PAGE_PREFIX


class UsingAnswerOut(BaseModel):
    """An answer that used a document."""

    message_id: str
    conversation_id: str
    question: str
    answer_excerpt: str = Field(description="The beginning of the answer.")
    created_at: datetime

    @classmethod
    def of(cls, answer: UsingAnswer) -> "UsingAnswerOut":
        return cls(
            message_id=public_id(MESSAGE_PREFIX, answer.message_id),
            conversation_id=public_id(CONVERSATION_PREFIX, answer.conversation_id),
            question=answer.question,
            answer_excerpt=answer.excerpt,
            created_at=answer.created_at,
        )


class UsingAnswerList(Listing[UsingAnswerOut]):
    """Answers that used a document, newest first."""


router = APIRouter(prefix="/v1/projects/{project_id}", tags=["knowledge"])

# The response shows visitors' questions, so the scope to read the knowledge isn't enough.
Reader = Annotated[Principal, needs("conversations:read")]


@router.get("/documents/{document_id}/answers")
async def list_answers_with_document(
    document_id: str, _: Reader, knowledge: KnowledgeRead, page: PagingOf
) -> UsingAnswerList:
    """List the answers that used a document, newest first, even if the document has been removed.

    The id of a Q&A item works as well.
    """
    value = parse_public_id(DOCUMENT_PREFIX, document_id)
    if value is None:
        value = parse_public_id(ITEM_PREFIX, document_id)
    if value is None:
        raise document_not_found()
    of = f"answers-with:{value}"
    found = await service.answers_with_document(
        knowledge, value, page.after(of, *ORDER), page.fetch
    )
    return _list(of, found, page)


@router.get("/pages/{page_id}/answers")
async def list_answers_with_page(
    page_id: str, _: Reader, knowledge: KnowledgeRead, page: PagingOf
) -> UsingAnswerList:
    """List the answers that used a website's page, newest first, even if the page is gone."""
    value = parse_public_id(PAGE_PREFIX, page_id)
    if value is None:
        raise page_not_found()
    of = f"answers-with-page:{value}"
    found = await service.answers_using_page(knowledge, value, page.after(of, *ORDER), page.fetch)
    return _list(of, found, page)


def _list(of: str, found: Sequence[UsingAnswer], page: Paging) -> UsingAnswerList:
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.message_id))
    return UsingAnswerList(items=[UsingAnswerOut.of(one) for one in shown], next_cursor=cursor)
