"""Which answers used a document or a page."""

from collections.abc import Sequence
from uuid import UUID

from answerdesk.conversations.answer_sources import repository
from answerdesk.conversations.answer_sources.types import Place, UsingAnswer
from answerdesk.core.errors import NotFound
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.sync.service import Websites


async def answers_with_document(
    knowledge: Knowledge, document_id: UUID, after: Place, limit: int
) -> Sequence[UsingAnswer]:
    """Return up to `limit` answers that used a document of the project, newest first.

    One that is gone still has its answers. Raises NotFound for one that the project never had, as
    far as anybody can tell.
    """
    session, project_id = knowledge.session, knowledge.project_id
    try:
        await knowledge.document(document_id)
    except NotFound:
        if not await repository.was_used(session, project_id, document_id):
            raise
    return await repository.answers(session, project_id, document_id, after, limit)


async def answers_with_page(
    knowledge: Knowledge, page_id: UUID, after: Place, limit: int
) -> Sequence[UsingAnswer]:
    """Return up to `limit` answers that used a page of a website, newest first.

    One that is gone at its website still has its answers. Raises NotFound.
    """
    page = await Websites(knowledge).page(page_id)
    if page.document_id is None:
        return []
    return await repository.answers(
        knowledge.session, knowledge.project_id, page.document_id, after, limit
    )
