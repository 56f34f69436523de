"""The inbox as a viewer sees it: a page of entries, counts, and what is theirs alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from answerdesk.conversations.errors import conversation_not_found
from answerdesk.core.database import Executor, TenantAsyncSession
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.inbox.listing import repository
from answerdesk.inbox.listing.repository import Tally
from answerdesk.inbox.listing.types import Filters, Own, Place
from answerdesk.inbox.types import Counts, Entry, Viewer


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry with what is its viewer's own; None for a key."""

    entry: Entry
    own: Own | None


async def entries(
    session: TenantAsyncSession, viewer: Viewer, filters: Filters, after: Place, limit: int
) -> Sequence[Listed]:
    """Return up to `limit` entries of a list after `after`, in the list's order."""
    found = await repository.entries(session, viewer, filters, after, limit)
    user_id = viewer.user_id
    if user_id is None:
        return [Listed(one, None) for one in found]
    own = await repository.own_of(session, [one.summary.id for one in found], [user_id])
    nothing = [Own(one.summary.id, user_id, None, ()) for one in found]
    return [
        Listed(one, own.get((user_id, one.summary.id), empty))
        for one, empty in zip(found, nothing, strict=True)
    ]


async def entry(executor: Executor, viewer: Viewer, conversation_id: ConversationId) -> Listed:
    """Return one entry, which the caller may see; raises NotFound if it is gone."""
    found = await repository.entries_by_id(executor, [conversation_id])
    if not found:
        raise conversation_not_found()
    if viewer.user_id is None:
        return Listed(found[0], None)
    own = await repository.own_of(executor, [conversation_id], [viewer.user_id])
    nothing = Own(conversation_id, viewer.user_id, None, ())
    return Listed(found[0], own.get((viewer.user_id, conversation_id), nothing))


async def entries_by_id(executor: Executor, ids: Collection[ConversationId]) -> Sequence[Entry]:
    """Return those of these conversations that are there, whoever may see them."""
    return await repository.entries_by_id(executor, ids) if ids else []


async def counts(executor: Executor, viewer: Viewer, project_id: ProjectId | None = None) -> Counts:
    """Count what a viewer sees, of one project or of all."""
    users = [] if viewer.user_id is None else [viewer.user_id]
    return (await repository.tally(executor, users)).of(viewer, project_id)


async def tally(executor: Executor, users: Collection[UserId]) -> Tally:
    """Count for several viewers at once."""
    return await repository.tally(executor, users)


async def own_of(
    executor: Executor, ids: Collection[ConversationId], users: Collection[UserId]
) -> Mapping[tuple[UserId, ConversationId], Own]:
    """Return people's marks and drafts in these conversations; who has none is left out."""
    return await repository.own_of(executor, ids, users) if ids and users else {}


async def projects_of(executor: Executor, viewer: Viewer) -> Sequence[ProjectId]:
    """Return the projects that a viewer sees, the oldest first."""
    found = await repository.projects(executor)
    seen = viewer.projects
    return [one for one in found if seen is None or one in seen]
