"""The native API of API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from answerdesk.accounts.api_keys import service
from answerdesk.accounts.api_keys.errors import key_not_found
from answerdesk.accounts.api_keys.schemas import ApiKeyIn, ApiKeyList, ApiKeyMade, ApiKeyOut
from answerdesk.accounts.api_keys.types import API_KEY_PREFIX, KeyFilter
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.core.tenancy import UserId, parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PageOf
from answerdesk.core.web.text import Matching

router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"], route_class=bounded_route())

_PersonId = Annotated[
    str, Matching("^user_[0-9a-f]{32}$", "has to be a person's id, such as `user_id` of a member")
]


@router.get("")
async def list_api_keys(
    caller: Annotated[Principal, needs("keys:read")],
    database: DatabaseOf,
    page: PageOf,
    created_by_id: Annotated[
        _PersonId | None,
        Query(max_length=100, description="Only keys that this person made (`user_…`)."),
    ] = None,
    *,
    working: Annotated[
        bool, Query(description="Only keys that are neither revoked nor expired.")
    ] = False,
) -> ApiKeyList:
    """List the account's keys, newest first; a key's text is never shown again."""
    maker = None if created_by_id is None else parse_public_id(USER_PREFIX, created_by_id)
    only = KeyFilter(None if maker is None else UserId(maker), working)
    of = f"api-keys:{only!r}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        keys = await service.list_keys(session, limit=page.fetch, only=only, after=after)
    shown, next_cursor = page.cut(of, keys, lambda key: (key.created_at, key.id))
    return ApiKeyList(items=[ApiKeyOut.of(key) for key in shown], next_cursor=next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(404))
async def create_api_key(
    body: ApiKeyIn, caller: Annotated[Principal, needs("keys:write")], database: DatabaseOf
) -> ApiKeyMade:
    """Make a key; its text is in this answer only. No key can make keys."""
    async with database.transaction(caller.account_id) as session:
        made, key = await service.create_key(session, caller, body.wish())
    return ApiKeyMade(**ApiKeyOut.of(made).model_dump(), key=key)


@router.delete("/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_api_key(
    key_id: str, caller: Annotated[Principal, needs("keys:write")], database: DatabaseOf
) -> None:
    """Revoke a key: from now on it opens nothing, on any node. Twice is once."""
    value = parse_public_id(API_KEY_PREFIX, key_id)
    if value is None:
        raise key_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.revoke_key(session, caller, value)
