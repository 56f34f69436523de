"""API keys on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from answerdesk.accounts.api_keys.service import KEY_SCOPES, KeyWish
from answerdesk.accounts.api_keys.types import API_KEY_PREFIX, ApiKey, KeyPrefix
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.core.errors import NotFound
from answerdesk.core.tenancy import ProjectId, parse_public_id, public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import FilledText

_PROJECT_PREFIX = "proj"


def _known_scope(scope: str) -> str:
    if scope not in KEY_SCOPES:
        msg = f"{scope!r} is no scope of a key; there are {', '.join(KEY_SCOPES)}"
        raise ValueError(msg)
    return scope


KeyScope = Annotated[
    str,
    AfterValidator(_known_scope),
    Field(json_schema_extra={"enum": list(KEY_SCOPES)}),
]


class ApiKeyIn(BaseModel):
    """What a new key is to be."""

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(min_length=1, max_length=100, description="For people.")
    prefix: KeyPrefix = Field(
        default="ad_live_",
        description="What the key begins with. Choose another service's prefix for clients that "
        "were written for it.",
    )
    scopes: list[KeyScope] = Field(
        min_length=1,
        max_length=len(KEY_SCOPES),
        description="`read` or `write` for everything that a key can reach, or "
        "`<resource>:read|write`. Writing includes reading.",
    )
    project_ids: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="The only projects that the key reaches; null for all of the account's.",
    )
    expires_at: AwareDatetime | None = Field(
        default=None, description="When the key ends; null for never."
    )

    def wish(self) -> KeyWish:
        """Return what the service makes; raises NotFound for what is no project's id."""
        return KeyWish(
            name=self.name,
            scopes=self.scopes,
            prefix=self.prefix,
            project_ids=None if self.project_ids is None else _project_ids(self.project_ids),
            expires_at=self.expires_at,
        )


class ApiKeyOut(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    prefix: KeyPrefix
    hint: str = Field(description="The prefix and the last characters of the key.")
    scopes: list[str]
    project_ids: list[str] | None
    created_by: str
    created_by_id: str | None = Field(
        description="The person who made it; null for the owner's key and the operator, and where "
        "it is not known."
    )
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        """Write a key as the outside sees it."""
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
    """A key that was just made. This is the only time that its text is shown."""

    key: str


class ApiKeyList(Listing[ApiKeyOut]):
    """One page of the account's keys, newest first."""


def _project_ids(texts: list[str]) -> list[ProjectId]:
    ids = [parse_public_id(_PROJECT_PREFIX, text) for text in texts]
    if None in ids:
        raise NotFound("Project not found", code="project_not_found")
    return [ProjectId(one) for one in ids if one is not None]
