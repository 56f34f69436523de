"""Erases conversations and leads with all that other slices keep of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations import service as conversations
from answerdesk.conversations.events import CONVERSATION_ERASED
from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.delayed_replies import service as delayed_replies
from answerdesk.inbox import service as inbox
from answerdesk.inbox.notices import service as notices
from answerdesk.insights.drafts import service as drafts
from answerdesk.leads import service as leads
from answerdesk.privacy import repository
from answerdesk.privacy.types import Counts
from answerdesk.webhooks.deliveries import service as deliveries


async def erase_conversations(
    session: AsyncSession, project_id: ProjectId, locked: Sequence[ConversationId]
) -> Counts:
    """Erase locked conversations of a project, everywhere; live views and webhooks are told."""
    if not locked:
        return Counts()
    replies = 0
    for one in locked:
        replies += await delayed_replies.cancel_about(session, one)
    drawn = await drafts.erase_of_conversations(session, locked)
    messages = await conversations.erase_locked(session, locked)
    # After their rows: a body that is built from now on finds nothing to tell.
    cancelled = await deliveries.cancel_about(session, *locked, *messages)
    await repository.tell_erased(session, project_id, CONVERSATION_ERASED.name, locked)
    return Counts(
        conversations=len(locked),
        messages=len(messages),
        drafts=drawn,
        deliveries=cancelled,
        delayed_replies=replies,
    )


async def erase_leads(session: AsyncSession, locked: Sequence[UUID]) -> Counts:
    """Erase locked leads, everywhere; live views show their contacts no longer."""
    if not locked:
        return Counts()
    for project_id, conversation_id in await leads.erase_leads(session, locked):
        await inbox.tell(session, project_id, conversation_id, "contact")
    await notices.forget_leads(session, locked)
    cancelled = await deliveries.cancel_about(session, *locked)
    return Counts(leads=len(locked), deliveries=cancelled)
