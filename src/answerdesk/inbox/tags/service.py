"""Tags: set a conversation's, count an account's."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.inbox import service as inbox
from answerdesk.inbox.repository import touch
from answerdesk.inbox.tags import repository
from answerdesk.inbox.tags.types import CountedTag


def normalised(tags: Sequence[str]) -> tuple[str, ...]:
    """Return the tags with single blanks, each once whatever its case, in alphabetical order.

    Of several spellings the first one stays.
    """
    by_key: dict[str, str] = {}
    for tag in tags:
        squeezed = " ".join(tag.split())
        by_key.setdefault(squeezed.casefold(), squeezed)
    return tuple(by_key[key] for key in sorted(by_key))


async def set_tags(
    session: AsyncSession, conversation_id: ConversationId, tags: Sequence[str]
) -> tuple[str, ...]:
    """Replace a conversation's tags; return them as stored. Raises NotFound."""
    wanted = normalised(tags)
    locked = await inbox.locked(session, conversation_id)
    if frozenset(wanted) != await repository.tags_of(session, conversation_id):
        await touch(session, conversation_id)
        await repository.replace(session, conversation_id, wanted)
        await inbox.tell(session, locked.project_id, conversation_id, "tags")
    return wanted


async def count_tags(
    session: AsyncSession,
    projects: Collection[ProjectId] | None,
    after: tuple[str] | None,
    limit: int,
) -> Sequence[CountedTag]:
    """Return at most `limit` of these projects' tags behind the key `after`, in alphabetical order.

    `projects`: None means every project of the account.
    """
    return await repository.count_after(
        session, projects, None if after is None else after[0], limit
    )
