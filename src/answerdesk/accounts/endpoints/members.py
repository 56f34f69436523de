"""The native API of an account's members."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel

from answerdesk.accounts.dependencies import Caller, needs
from answerdesk.accounts.endpoints.schemas import RequestBody
from answerdesk.accounts.members import service
from answerdesk.accounts.principal import Principal, Role
from answerdesk.accounts.types import (
    MEMBER_PREFIX,
    USER_PREFIX,
    Member,
)
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf


class MemberIn(RequestBody):
    """Changes to a member."""

    role: Role


class MemberOut(BaseModel):
    """A member of the account."""

    id: str
    user_id: str
    email: str
    name: str
    role: Role
    created_at: datetime

    @classmethod
    def of(cls, member: Member) -> "MemberOut":
        return cls(
            id=public_id(MEMBER_PREFIX, member.id),
            user_id=public_id(USER_PREFIX, member.user_id),
            email=member.email,
            name=member.name,
            role=member.role,
            created_at=member.created_at,
        )


class MemberList(Listing[MemberOut]):
    """Members, in the order they joined."""


_LIST: Final = "members"

Reader = Annotated[Principal, needs("members:read")]
Writer = Annotated[Principal, needs("members:write")]


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(
        prefix="/v1/members", tags=["members"], route_class=bounded_route(settings.max_json_bytes)
    )
    one = "/{member_id}"
    router.add_api_route("", list_members)
    router.add_api_route(one, get_member)
    router.add_api_route(one, change_member, methods=["PATCH"], responses=problems(409))
    router.add_api_route(
        one,
        remove_member,
        methods=["DELETE"],
        status_code=status.HTTP_204_NO_CONTENT,
        responses=problems(409),
    )
    return router


async def list_members(caller: Reader, database: DatabaseOf, page: PagingOf) -> MemberList:
    """List the account's members, in the order they joined."""
    after = page.after(_LIST, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_members(session, limit=page.fetch, after=after)
    shown, next_cursor = page.cut(_LIST, found, lambda one: (one.created_at, one.id))
    return MemberList(items=[MemberOut.of(one) for one in shown], next_cursor=next_cursor)


async def get_member(member_id: str, caller: Reader, database: DatabaseOf) -> MemberOut:
    """Show a member."""
    value = _parsed(member_id)
    async with database.transaction(caller.account_id) as session:
        return MemberOut.of(await service.get_member(session, value))


async def change_member(
    member_id: str, body: MemberIn, caller: Writer, database: DatabaseOf
) -> MemberOut:
    """Change a member's role. Only an owner makes or removes owners, and the last one stays."""
    value = _parsed(member_id)
    async with database.transaction(caller.account_id) as session:
        return MemberOut.of(await service.change_role(session, caller, value, body.role))


async def remove_member(
    member_id: str,
    caller: Caller,
    database: DatabaseOf,
    *,
    revoke_keys: Annotated[
        bool, Query(description="Whether to revoke the API keys that the member created.")
    ] = False,
) -> None:
    """Remove a member and end the member's log-ins to the account. Anybody may leave.

    The member's API keys keep working unless `revoke_keys` revokes them, which the caller must be
    allowed to do. `GET /v1/api-keys?created_by_id=…&working=true` lists them beforehand.
    """
    value = parse_public_id(MEMBER_PREFIX, member_id)
    if value is None:
        caller.require(service.WRITE)
        raise service.member_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.remove_member(session, caller, value, revoke_keys=revoke_keys)


def _parsed(member_id: str) -> UUID:
    value = parse_public_id(MEMBER_PREFIX, member_id)
    if value is None:
        raise service.member_not_found()
    return value
