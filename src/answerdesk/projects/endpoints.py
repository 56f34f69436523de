"""The native API of the projects: themselves, their widget keys, their identity secret."""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, status

from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import parse_public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import ReadingOf, WritingOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PageOf
from answerdesk.projects import identity, service
from answerdesk.projects.dependencies import ProjectRead, ProjectWrite, Reader, SealerOf, Writer
from answerdesk.projects.errors import widget_key_not_found
from answerdesk.projects.schemas import (
    IdentitySecretOut,
    NewIdentitySecret,
    ProjectList,
    ProjectOut,
    ProjectPatch,
    WidgetKeyIn,
    WidgetKeyList,
    WidgetKeyOut,
)
from answerdesk.projects.types import WIDGET_KEY_PREFIX

_PLACE: Final = (datetime, UUID)
"""What the lists are sorted by: when a thing was made, and its id."""


def make_router(settings: Settings) -> APIRouter:
    """Return the routes, which read bodies of at most `max_json_bytes`.

    A project is made by the slice above, which gives it its first agent.
    """
    router = APIRouter(tags=["projects"], route_class=bounded_route(settings.max_json_bytes))
    one = "/v1/projects/{project_id}"
    keys = f"{one}/widget-keys"
    secret = f"{one}/identity-secret"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    router.add_api_route("/v1/projects", list_projects)
    router.add_api_route(one, get_project)
    router.add_api_route(one, change_project, methods=["PATCH"])
    router.add_api_route(one, delete_project, methods=["DELETE"], status_code=gone)
    router.add_api_route(keys, list_widget_keys)
    router.add_api_route(keys, make_widget_key, methods=["POST"], status_code=created)
    router.add_api_route(
        f"{keys}/{{key_id}}", revoke_widget_key, methods=["DELETE"], status_code=gone
    )
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


async def list_projects(caller: Reader, page: PageOf, database: DatabaseOf) -> ProjectList:
    """List the projects that the caller reaches, oldest first."""
    place = page.after("projects", *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_page(session, caller.projects, place, page.fetch)
    shown, cursor = page.cut("projects", found, lambda one: (one.created_at, one.id))
    return ProjectList(items=[ProjectOut.of(one) for one in shown], next_cursor=cursor)


async def get_project(project: ProjectRead, reading: ReadingOf) -> ProjectOut:
    """Show one project."""
    reading.tell(project.version)
    return ProjectOut.of(project)


async def change_project(
    body: ProjectPatch,
    project: ProjectWrite,
    caller: Writer,
    database: DatabaseOf,
    writing: WritingOf,
) -> ProjectOut:
    """Change a project, field by field: `name`, `settings`, or both."""
    patch = body.model_dump(exclude_unset=True)
    async with database.transaction(caller.account_id) as session:
        changed = await service.change_project(session, caller, project.id, patch, writing.expected)
    writing.tell(changed.version)
    return ProjectOut.of(changed)


async def delete_project(
    project: ProjectWrite, caller: Writer, database: DatabaseOf, writing: WritingOf
) -> None:
    """Delete a project with all it has: knowledge, conversations, leads, agents, keys.

    It is gone for everybody at once; its rows are removed shortly after.
    """
    async with database.transaction(caller.account_id) as session:
        await service.delete_project(session, caller, project.id, writing.expected)


async def list_widget_keys(
    project: ProjectRead, caller: Reader, page: PageOf, database: DatabaseOf
) -> WidgetKeyList:
    """List a project's widget keys, oldest first, those that are revoked, too."""
    name = f"widget-keys:{project.id}"
    place = page.after(name, *_PLACE)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_widget_keys(session, project.id, place, page.fetch)
    shown, cursor = page.cut(name, found, lambda one: (one.created_at, one.id))
    return WidgetKeyList(items=[WidgetKeyOut.of(one) for one in shown], next_cursor=cursor)


async def make_widget_key(
    body: WidgetKeyIn, project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> WidgetKeyOut:
    """Make a key for the project's pages, which everybody who opens them can read."""
    async with database.transaction(caller.account_id) as session:
        key = await service.make_widget_key(session, caller, project.id, body.name)
    return WidgetKeyOut.of(key)


async def revoke_widget_key(
    key_id: str, project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> None:
    """Revoke a widget key: no session begins with it any more."""
    value = parse_public_id(WIDGET_KEY_PREFIX, key_id)
    if value is None:
        raise widget_key_not_found()
    async with database.transaction(caller.account_id) as session:
        await service.revoke_widget_key(session, caller, project.id, value)


async def get_identity_secret(
    project: ProjectRead, caller: Reader, database: DatabaseOf
) -> IdentitySecretOut:
    """Tell whether the project has an identity secret; itself it is never shown again."""
    async with database.transaction(caller.account_id) as session:
        set_at = await identity.identity_secret_set_at(session, project.id)
    return IdentitySecretOut(set_at=set_at)


async def make_identity_secret(
    project: ProjectWrite, caller: Writer, database: DatabaseOf, sealer: SealerOf
) -> NewIdentitySecret:
    """Make the secret that the site's backend signs its visitors' identities with.

    It is shown this once. What the one before has signed holds no longer.
    """
    async with database.transaction(caller.account_id) as session:
        secret = await identity.make_identity_secret(session, sealer, caller, project.id)
    return NewIdentitySecret(secret=secret)


async def delete_identity_secret(
    project: ProjectWrite, caller: Writer, database: DatabaseOf
) -> None:
    """Forget the identity secret; not possible while identities are enforced."""
    async with database.transaction(caller.account_id) as session:
        await identity.delete_identity_secret(session, caller, project.id)
