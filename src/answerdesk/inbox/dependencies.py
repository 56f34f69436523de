"""Who may read and change what the inbox shows, and the conversation that a path names."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.principal import Principal
from answerdesk.conversations import replying
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId, parse_public_id
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.service import own_project
from answerdesk.projects.types import PROJECT_PREFIX

Reader = Annotated[Principal, needs("conversations:read")]
Writer = Annotated[Principal, needs("conversations:write")]


async def conversation_within_reach(
    conversation_id: str, caller: Principal, database: Database
) -> ConversationId:
    """Return the conversation that a caller names, if they may reach it; raises NotFound."""
    value = parse_public_id(CONVERSATION_PREFIX, conversation_id)
    if value is None:
        raise conversation_not_found()
    found = await replying.standing(database, caller.account_id, ConversationId(value))
    try:
        caller.require_project(found.project_id)
    except NotFound as error:
        raise conversation_not_found() from error
    return found.id


# The scope is checked first, so callers who may not read don't learn which ones exist.
async def _readable(
    _: Reader, conversation_id: str, caller: Caller, database: DatabaseOf
) -> ConversationId:
    return await conversation_within_reach(conversation_id, caller, database)


async def _writable(
    _: Writer, conversation_id: str, caller: Caller, database: DatabaseOf
) -> ConversationId:
    return await conversation_within_reach(conversation_id, caller, database)


ConversationRead = Annotated[ConversationId, Depends(_readable)]
"""The conversation in the path, for a caller with the scope `conversations:read`."""

ConversationWrite = Annotated[ConversationId, Depends(_writable)]
"""The conversation in the path, for a caller with the scope `conversations:write`."""


async def _reading_person(caller: Reader) -> UserId | None:
    return UserId(caller.subject) if caller.kind == "user" else None


async def _writing_person(caller: Writer) -> UserId:
    return caller.require_person()


ReadingPerson = Annotated[UserId | None, Depends(_reading_person)]
"""The person who calls, with the scope `conversations:read`; None for a key, which has nothing of
its own to read."""

WritingPerson = Annotated[UserId, Depends(_writing_person)]
"""The person who calls, with the scope `conversations:write`; a key is refused."""


async def project_within_reach(project_id: str, caller: Principal, database: Database) -> ProjectId:
    """Return the project that a caller names, if they may reach it; raises NotFound."""
    value = parse_public_id(PROJECT_PREFIX, project_id)
    if value is None:
        raise project_not_found()
    caller.require_project(ProjectId(value))
    return (await own_project(database, caller.account_id, ProjectId(value))).id


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects that a list is of; None means all of the account's. `name` is for cursors."""

    ids: Collection[ProjectId] | None
    name: str


async def _projects(
    caller: Reader,
    database: DatabaseOf,
    project_id: Annotated[
        str | None, Query(max_length=50, description="Only this project's.")
    ] = None,
) -> Projects:
    if project_id is None:
        return Projects(caller.projects, "all")
    found = await project_within_reach(project_id, caller, database)
    return Projects([found], str(found))


ProjectsRead = Annotated[Projects, Depends(_projects)]
"""The project that the query names, or all that the caller may reach (`conversations:read`)."""
