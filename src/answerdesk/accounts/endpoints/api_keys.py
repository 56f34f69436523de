"""The native API of API keys."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from answerdesk.accounts.api_keys import service
from answerdesk.accounts.api_keys.service import KEY_SCOPES, KeyWish
from answerdesk.accounts.api_keys.types import API_KEY_PREFIX, ApiKey, KeyFilter, KeyPrefix
from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.errors import key_not_found
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ProjectId, UserId, parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.text import FilledText, Matching

_PROJECT_PREFIX = "proj"


def _known_scope(scope: str) -> str:
    if scope not in KEY_SCOPES:
        msg = f"{scope!r} is not a scope of API keys; choose from {', '.join(KEY_SCOPES)}"
        raise ValueError(msg)
    return scope


KeyScope = Annotated[
    str,
    AfterValidator(_known_scope),
    Field(json_schema_extra={"enum": list(KEY_SCOPES)}),
]


class ApiKeyIn(BaseModel):
    """An API key to create."""

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(min_length=1, max_length=100, description="Name shown to people.")
    prefix: KeyPrefix = Field(
        default="ad_live_",
        description="What the key begins with. Choose another service's prefix for clients that "
        "were written for that service.",
    )
    scopes: list[KeyScope] = Field(
        min_length=1,
        max_length=len(KEY_SCOPES),
        description="`read` or `write` for everything a key can reach, or "
        "`<resource>:read|write`. Writing includes reading.",
    )
    project_ids: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="The only projects that the key reaches; null for all projects of the account.",
    )
    expires_at: AwareDatetime | None = Field(
        default=None, description="When the key expires; null for never."
    )

    def wish(self) -> KeyWish:
        """Convert for the service; raises NotFound for an id that names no project."""
        return KeyWish(
            name=self.name,
            scopes=self.scopes,
            prefix=self.prefix,
            project_ids=None if self.project_ids is None else _project_ids(self.project_ids),
            expires_at=self.expires_at,
        )


class ApiKeyOut(BaseModel):
    """An API key without its secret."""

    id: str
    name: str
    prefix: KeyPrefix
    hint: str = Field(description="The prefix and the last characters of the key.")
    scopes: list[str]
    project_ids: list[str] | None
    created_by: str
    created_by_id: str | None = Field(
        description="The person who created it; null for the owner's key, for the operator, and if "
        "unknown."
    )
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="Accurate to the minute.")
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        ids = key.project_ids
        return cls(
            id=public_id(API_KEY_PREFIX, key.id),
            name=key.name,
            prefix=key.prefix,
            hint=key.hint,
            scopes=list(key.scopes),
            project_ids=None if ids is None else [public_id(_PROJECT_PREFIX, one) for one in ids],
            created_by=key.created_by,
            created_by_id=None
            if key.created_by_id is None
            else public_id(USER_PREFIX, key.created_by_id),
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
            revoked_at=key.revoked_at,
        )


class ApiKeyMade(ApiKeyOut):
    """A new API key. This is the only time that its text is shown."""

    key: str


class ApiKeyList(Listing[ApiKeyOut]):
    """A part of the account's API keys, newest first."""


def _project_ids(texts: list[str]) -> list[ProjectId]:
    ids = [parse_public_id(_PROJECT_PREFIX, text) for text in texts]
    if None in ids:
        raise NotFound("Project not found", code="project_not_found")
    return [ProjectId(one) for one in ids if one is not None]


router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"], route_class=bounded_route())

_PersonId = Annotated[
    str, Matching("^user_[0-9a-f]{32}$", "has to be a person's id, such as `user_id` of a member")
]


@router.get("")
async def list_api_keys(
    caller: Annotated[Principal, needs("keys:read")],
    database: DatabaseOf,
    page: PagingOf,
    created_by_id: Annotated[
        _PersonId | None,
        Query(max_length=100, description="Only keys that this person created (`user_…`)."),
    ] = None,
    *,
    working: Annotated[
        bool, Query(description="Only keys that are neither revoked nor expired.")
    ] = False,
) -> ApiKeyList:
    """List the account's API keys, newest first. A key's text is never shown again."""
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
    """Create an API key; only this response contains its text. No API key can create keys."""
    async with database.transaction(caller.account_id) as session:
        made, key = await service.create_key(session, caller, body.wish())
    return ApiKeyMade(**ApiKeyOut.of(made).model_dump(), key=key)


@router.delete("/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_api_key(
    key_id: str, caller: Annotated[Principal, needs("keys:write")], database: DatabaseOf
) -> None:
    """Revoke an API key: no node accepts it from now on. Repeating this changes nothing."""
    value = parse_public_id(API_KEY_PREFIX, key_id)
    if value is None:
        raise key_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.revoke_key(session, caller, value)
