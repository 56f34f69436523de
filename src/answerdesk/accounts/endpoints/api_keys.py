"""The native API of API keys."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, status

from answerdesk.accounts.api_keys import service
from answerdesk.accounts.api_keys.errors import key_not_found
from answerdesk.accounts.api_keys.schemas import ApiKeyIn, ApiKeyList, ApiKeyMade, ApiKeyOut
from answerdesk.accounts.api_keys.types import API_KEY_PREFIX
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PageOf

router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"], route_class=bounded_route())

_LIST: Final = "api-keys"


@router.get("")
async def list_api_keys(
    caller: Annotated[Principal, needs("keys:read")], database: DatabaseOf, page: PageOf
) -> ApiKeyList:
    """List the account's keys, newest first; a key's text is never shown again."""
    after = page.after(_LIST, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        keys = await service.list_keys(session, limit=page.fetch, after=after)
    shown, next_cursor = page.cut(_LIST, keys, lambda key: (key.created_at, key.id))
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
