"""Removes conversations, and the ways from the outside to them."""

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.service import forget_public_ids
from answerdesk.conversations.erasure import repository
from answerdesk.core.tenancy import ProjectId


async def erase_conversations(session: AsyncSession, project_id: ProjectId) -> int:
    """Remove some of the project's conversations; return how many, 0 when none is left."""
    conversations = await repository.some(session, project_id)
    if conversations:
        messages = await repository.messages_of(session, conversations)
        await forget_public_ids(session, [*conversations, *messages])
        await repository.remove(session, conversations)
    return len(conversations)
