"""The native API of projects: the projects, their widget keys, their identity secret."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.principal import Principal
from answerdesk.core.errors import NotPermitted
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import AccountId, parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl, DatabaseOf
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import Listing, PagingOf
from answerdesk.core.web.routing import add_routers
from answerdesk.core.web.text import FilledText
from answerdesk.projects import identity, service
from answerdesk.projects.dependencies import ProjectRead, ProjectWrite, Reader, SealerOf, Writer
from answerdesk.projects.domains import endpoints as domains
from answerdesk.projects.errors import widget_key_not_found
from answerdesk.projects.tags import project_tag
from answerdesk.projects.types import (
    PROJECT_PREFIX,
    WIDGET_KEY_PREFIX,
    Project,
    ProjectSettings,
    WidgetKey,
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProjectIn(_Body):
    """A project to create."""

    name: FilledText = Field(max_length=200)
    settings: ProjectSettings = ProjectSettings()


class ProjectPatch(_Body):
    """Changes to a project, as a JSON merge patch (RFC 7396): omitted fields stay unchanged."""

    name: FilledText = Field(default_factory=str, max_length=200, description="The new name.")
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="Only the fields to change, nested as in `ProjectSettings`. Null resets a "
        "field to its default; a list is replaced as a whole.",
        examples=[{"look": {"color": "#2F5BEA", "welcome": None}}],
    )


class ProjectOut(BaseModel):
    """A project. `version` rises with every change."""

    id: str
    name: str
    demo: bool
    settings: ProjectSettings
    tag: str = Field(description="HTML that puts the chat on the pages of a website.")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, project: Project, base_url: str) -> "ProjectOut":
        return cls(
            id=public_id(PROJECT_PREFIX, project.id),
            name=project.name,
            demo=project.demo,
            settings=project.settings,
            tag=project_tag(base_url, project.id),
            version=project.version,
            created_at=project.created_at,
            updated_at=project.updated_at,
        )


class ProjectList(Listing[ProjectOut]):
    """Projects, oldest first."""


class WidgetKeyIn(_Body):
    """A widget key to create; its name says where it is used."""

    name: FilledText = Field(max_length=100)


class WidgetKeyOut(BaseModel):
    """A widget key. It is public by design and can only start visitor sessions."""

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: WidgetKey) -> "WidgetKeyOut":
        return cls(
            id=public_id(WIDGET_KEY_PREFIX, key.id),
            name=key.name,
            created_at=key.created_at,
            revoked_at=key.revoked_at,
        )


class WidgetKeyList(Listing[WidgetKeyOut]):
    """A project's widget keys, oldest first, including revoked ones."""


class IdentitySecretOut(BaseModel):
    """Whether the project has a secret for signing identities, and since when."""

    set_at: datetime | None


class NewIdentitySecret(BaseModel):
    """The secret for signing identities (HS256, its characters as the key). Shown only once."""

    secret: str


_PLACE: Final = (datetime, UUID)
"""The sort key of the lists: creation time and id."""


class BeginProject(Protocol):
    """Creates a project with everything it starts with; a higher slice adds its first agent."""

    def __call__(
        self,
        session: AsyncSession,
        account_id: AccountId,
        name: str,
        *,
        settings: ProjectSettings,
        caller: Principal,
    ) -> Awaitable[Project]:
        """Create it; raises what `service.create_project` raises."""


def make_router(settings: Settings, begin: BeginProject) -> APIRouter:
    """Return the routes. `begin` creates projects."""
    router = APIRouter(tags=["projects"], route_class=bounded_route(settings.max_json_bytes))
    one = "/v1/projects/{project_id}"
    keys = f"{one}/widget-keys"
    secret = f"{one}/identity-secret"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route("/v1/projects", list_projects)
    router.add_api_route("/v1/projects", _creating(begin), methods=["POST"], status_code=created)
    router.add_api_route(one, get_project)
    router.add_api_route(one, change_project, methods=["PATCH"])
    router.add_api_route(one, delete_project, methods=["DELETE"], status_code=gone)
    router.add_api_route(keys, list_widget_keys)
    router.add_api_route(keys, make_widget_key, methods=["POST"], status_code=created)
    router.add_api_route(
        f"{keys}/{{key_id}}", revoke_widget_key, methods=["DELETE"], status_code=gone
    )
    add_routers(router, domains.make_router(settings))
    router.add_api_route(secret, get_identity_secret)
    router.add_api_route(secret, make_identity_secret, methods=["POST"], status_code=created)
    router.add_api_route(
        secret,
        delete_identity_secret,
        methods=["DELETE"],
        status_code=gone,
        responses=problems(409),
    )
    return router


async def list_projects(
    caller: Reader, page: PagingOf, database: DatabaseOf, base_url: BaseUrl
) -> ProjectList:
    """List the projects that the caller can reach, oldest first."""
    place = page.after("projects", *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_after(session, caller.projects, place, page.fetch)
    shown, cursor = page.cut("projects", found, lambda one: (one.created_at, one.id))
    return ProjectList(items=[ProjectOut.of(one, base_url) for one in shown], next_cursor=cursor)


def _creating(begin: BeginProject) -> Callable[..., Awaitable[ProjectOut]]:
    async def create_project(
        body: ProjectIn,
        caller: Writer,
        database: DatabaseOf,
        writing: WriteTagOf,
        base_url: BaseUrl,
    ) -> ProjectOut:
        """Create a project with a first, active agent."""
        if caller.projects is not None:
            raise NotPermitted(
                "A key that is limited to some projects cannot create others",
                code="key_of_projects",
            )
        async with database.transaction(caller.account_id) as session:
            project = await begin(
                session, caller.account_id, body.name, settings=body.settings, caller=caller
            )
        writing.tell(project.version)
        return ProjectOut.of(project, base_url)

    return create_project


async def get_project(project: ProjectRead, reading: ReadTagOf, base_url: BaseUrl) -> ProjectOut:
    """Show one project."""
    reading.tell(project.version)
    return ProjectOut.of(project, base_url)


async def change_project(
    body: ProjectPatch,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WriteTagOf,
    base_url: BaseUrl,
) -> ProjectOut:
    """Change a project, field by field: `name`, `settings`, or both."""
    patch = body.model_dump(exclude_unset=True)
    async with database.transaction(caller.account_id) as session:
        changed = await service.change_project(session, caller, project.id, patch, writing.expected)
    writing.tell(changed.version)
    return ProjectOut.of(changed, base_url)


async def delete_project(
    project: ProjectWrite, caller: Writer, database: DatabaseOf, writing: WriteTagOf
) -> None:
    """Delete a project with everything in it: knowledge, conversations, leads, agents, keys.

    It disappears for everybody immediately; its rows are removed shortly after.
    """
    async with database.transaction(caller.account_id) as session:
        await service.delete_project(session, caller, project.id, writing.expected)


async def list_widget_keys(
    project: ProjectRead, caller: Reader, page: PagingOf, database: DatabaseOf
) -> WidgetKeyList:
    """List a project's widget keys, oldest first, including revoked ones."""
    name = f"widget-keys:{project.id}"
    place = page.after(name, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_widget_keys(session, project.id, place, page.fetch)
    shown, cursor = page.cut(name, found, lambda one: (one.created_at, one.id))
    return WidgetKeyList(items=[WidgetKeyOut.of(one) for one in shown], next_cursor=cursor)


async def make_widget_key(
    body: WidgetKeyIn, project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> WidgetKeyOut:
    """Create a widget key for the project's web pages. Anybody who opens them can read it."""
    async with database.transaction(caller.account_id) as session:
        key = await service.make_widget_key(session, caller, project.id, body.name)
    return WidgetKeyOut.of(key)


async def revoke_widget_key(
    key_id: str, project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> None:
    """Revoke a widget key: it can no longer start sessions."""
    value = parse_public_id(WIDGET_KEY_PREFIX, key_id)
    if value is None:
        raise widget_key_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.revoke_widget_key(session, caller, project.id, value)


async def get_identity_secret(
    project: ProjectRead, caller: Reader, database: DatabaseOf
) -> IdentitySecretOut:
    """Tell whether the project has an identity secret. The secret itself is never shown again."""
    async with database.transaction(caller.account_id) as session:
        set_at = await identity.identity_secret_set_at(session, project.id)
    return IdentitySecretOut(set_at=set_at)


async def make_identity_secret(
    project: ProjectWrite, caller: Writer, database: DatabaseOf, sealer: SealerOf
) -> NewIdentitySecret:
    """Create the secret with which the site's backend signs its visitors' identities.

    It is shown only once. Tokens signed with the previous secret become invalid.
    """
    async with database.transaction(caller.account_id) as session:
        secret = await identity.make_identity_secret(session, sealer, caller, project.id)
    return NewIdentitySecret(secret=secret)


async def delete_identity_secret(
    project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> None:
    """Delete the identity secret. Not possible while identities are enforced."""
    async with database.transaction(caller.account_id) as session:
        await identity.delete_identity_secret(session, caller, project.id)
