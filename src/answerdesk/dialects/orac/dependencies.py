"""Dependencies of Orac's endpoints: they find what a request names, and check access to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request

from answerdesk.accounts.api_keys.types import has_key
from answerdesk.accounts.dependencies import Caller, principal_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.service import account_of
from answerdesk.conversations import service as conversations
from answerdesk.conversations.access import require_access, require_open
from answerdesk.conversations.dependencies import (
    OriginOf,
    VisitorsOf,
)
from answerdesk.conversations.errors import (
    IDENTITY_INVALID,
    conversation_not_found,
    message_not_found,
)
from answerdesk.conversations.types import (
    CONVERSATION_PREFIX,
    MESSAGE_PREFIX,
    Access,
    ByItsId,
    OfTheAccount,
    RequestOrigin,
    Visitor,
)
from answerdesk.conversations.visitors.identity import TOKEN_LENGTH
from answerdesk.conversations.visitors.service import Visitors, require_origin
from answerdesk.core.database import Database
from answerdesk.core.errors import InvalidInput, NotAuthenticated, NotFound
from answerdesk.core.tenancy import (
    AccountId,
    ConversationId,
    MessageId,
    ProjectId,
    parse_public_id,
)
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects.reached import Reached
from answerdesk.projects.service import get_project

IdentityHeader = Annotated[
    str | None,
    Header(
        alias="X-Identity-Token",
        max_length=TOKEN_LENGTH,
        description="The visitor's identity, signed by the site's own server; same as "
        "`identity_token`.",
    ),
]


class Tier:
    """The access rules of this tier: an id is the permission, unless identities are enforced."""

    def __init__(
        self,
        database: Database,
        visitors: Visitors,
        origin: RequestOrigin,
    ) -> None:
        self._database = database
        self._visitors = visitors
        self.origin = origin

    async def visitor(
        self, account_id: AccountId, project_id: ProjectId, token: str | None
    ) -> Visitor | None:
        """Return an identity token's visitor, None without a token; raises NotAuthenticated."""
        if not token:
            return None
        async with self._database.transaction(account_id) as session:
            return await self._visitors.identify(session, project_id, token)

    async def conversation(
        self, text: str, token: str | None
    ) -> tuple[AccountId, ConversationId, Access]:
        """Return a conversation's account and id, and the caller's access; raises NotFound."""
        account_id, value = await _find(self._database, CONVERSATION_PREFIX, text)
        if account_id is None or value is None:
            raise conversation_not_found()
        conversation_id = ConversationId(value)
        return account_id, conversation_id, await self._open(account_id, conversation_id, token)

    async def message(self, text: str, token: str | None) -> tuple[AccountId, MessageId, Access]:
        """Return a message's account and id, and the caller's access; raises NotFound."""
        account_id, value = await _find(self._database, MESSAGE_PREFIX, text)
        if account_id is None or value is None:
            raise message_not_found()
        message_id = MessageId(value)
        async with self._database.transaction(account_id) as session:
            conversation_id = await conversations.conversation_of(session, message_id)
        try:
            return account_id, message_id, await self._open(account_id, conversation_id, token)
        except NotFound as error:
            raise message_not_found() from error

    async def _open(
        self, account_id: AccountId, conversation_id: ConversationId, token: str | None
    ) -> Access:
        async with self._database.transaction(account_id) as session:
            conversation = await conversations.get_conversation(
                session, conversation_id, OfTheAccount()
            )
            access = ByItsId()
            if token:
                try:
                    project_id = conversation.project_id
                    access = ByItsId(await self._visitors.identity(session, project_id, token))
                except NotAuthenticated as error:
                    # Without this project's signature a caller must not learn that the conversation
                    # exists. A caller with an expired signature is told so.
                    if error.code == IDENTITY_INVALID:
                        raise conversation_not_found() from error
                    raise
            if not conversation.opens_by_id:
                # First, so that an inaccessible conversation looks like a missing one.
                await require_access(session, conversation, access)
            await require_open(session)
            project = await get_project(session, conversation.project_id)
            require_origin(project, self.origin, said=False)
            return access


async def _tier(
    database: DatabaseOf,
    visitors: VisitorsOf,
    origin: OriginOf,
) -> Tier:
    return Tier(database, visitors, origin)


TierOf = Annotated[Tier, Depends(_tier)]


async def _known_caller(request: Request) -> Principal | None:
    if not has_key(request.headers.get("authorization")):
        return None
    return await principal_of(request, "orac")


KnownCaller = Annotated[Principal | None, Depends(_known_caller)]
"""The caller, on the tier that needs no key; None without one."""


async def _projects(caller: Caller, database: DatabaseOf) -> Reached:
    return Reached(caller, database)


ProjectsOf = Annotated[Reached, Depends(_projects)]
"""The projects that the caller reaches."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is requested."""

    limit: int
    offset: int

    def of(self, total: int) -> dict[str, int]:
        """Return the fields that every list has besides its rows."""
        return {"total": total, "limit": self.limit, "offset": self.offset}


async def _part(
    limit: Annotated[int, Query(ge=1, le=100, description="Maximum rows to return.")] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Rows to leave out.")] = 0,
) -> Part:
    return Part(limit, offset)


PartOf = Annotated[Part, Depends(_part)]


async def _find(database: Database, prefix: str, text: str) -> tuple[AccountId | None, UUID | None]:
    value = parse_public_id(prefix, text)
    return (None if value is None else await account_of(database, value)), value


def parse_since(text: str | None) -> datetime | None:
    """Parse an ISO 8601 time, UTC if it has no offset. Raises InvalidInput."""
    if text is None or text == "":
        return None
    try:
        # In a query, the "+" of an offset arrives as a space.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        message = "since is not an ISO 8601 time such as 2026-04-18T11:20:00Z"
        raise InvalidInput(message, code="invalid_since") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput("since is out of range", code="invalid_since") from error
