"""Which answers used a document or a page, for the account that both belong to."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations.answer_sources import service
from answerdesk.conversations.answer_sources.schemas import UsingAnswerList, UsingAnswerOut
from answerdesk.conversations.answer_sources.types import ORDER, UsingAnswer
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.pagination import Page, PageOf
from answerdesk.knowledge.dependencies import KnowledgeRead
from answerdesk.knowledge.errors import document_not_found
from answerdesk.knowledge.sync.errors import page_not_found
from answerdesk.knowledge.types import DOCUMENT_PREFIX, ITEM_PREFIX, PAGE_PREFIX

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["knowledge"])

# What visitors asked is shown, so that reading the knowledge alone is not enough.
Reader = Annotated[Principal, needs("conversations:read")]


@router.get("/documents/{document_id}/answers")
async def list_answers_with_document(
    document_id: str, _: Reader, knowledge: KnowledgeRead, page: PageOf
) -> UsingAnswerList:
    """List the answers that used a document, newest first; it may be gone by now.

    The id of a Q&A item is one of a document, too.
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
    page_id: str, _: Reader, knowledge: KnowledgeRead, page: PageOf
) -> UsingAnswerList:
    """List the answers that used a website's page, newest first; it may be gone by now."""
    value = parse_public_id(PAGE_PREFIX, page_id)
    if value is None:
        raise page_not_found()
    of = f"answers-with-page:{value}"
    found = await service.answers_with_page(knowledge, value, page.after(of, *ORDER), page.fetch)
    return _list(of, found, page)


def _list(of: str, found: Sequence[UsingAnswer], page: Page) -> UsingAnswerList:
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.message_id))
    return UsingAnswerList(items=[UsingAnswerOut.of(one) for one in shown], next_cursor=cursor)
