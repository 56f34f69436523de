"""Saved views: list, add, change and delete them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal
from answerdesk.core.due import JsonValue
from answerdesk.core.tenancy import ProjectId, UserId, parse_public_id, public_id
from answerdesk.inbox.errors import not_your_view, saved_view_not_found, too_many_saved_views
from answerdesk.inbox.saved_views import repository
from answerdesk.inbox.saved_views.types import (
    MOST_VIEWS,
    SAVED_VIEW_PREFIX,
    Changes,
    SavedView,
    SavedViewDraft,
)
from answerdesk.projects.types import PROJECT_PREFIX

_CHANGES_ALL: Final = ("owner", "admin")


def _viewer(caller: Principal) -> UserId | None:
    return UserId(caller.subject) if caller.kind == "user" else None


def _is_reached(caller: Principal, view: SavedView) -> bool:
    """Tell whether a view is of a project that the caller may know, or of all."""
    project = view.query.get("project_id")
    if caller.projects is None or project is None:
        return True
    return parse_public_id(PROJECT_PREFIX, project) in caller.projects


async def list_saved_views(session: AsyncSession, caller: Principal) -> Sequence[SavedView]:
    """Return everybody's and the caller's own, by position."""
    found = await repository.seen(session, _viewer(caller))
    return [one for one in found if _is_reached(caller, one)]


async def names_project(session: AsyncSession, project_id: ProjectId) -> bool:
    """Tell whether a view of the account is of this project, which may have been deleted since."""
    return await repository.names_project(session, public_id(PROJECT_PREFIX, project_id))


async def add_saved_view(
    session: AsyncSession, caller: Principal, draft: SavedViewDraft
) -> SavedView:
    """Add one of a person's. Raises Conflict (`too_many_saved_views`)."""
    maker_id = caller.require_person()
    await _require_room(session, None if draft.shared else maker_id)
    added = await repository.add(session, maker_id, draft)
    await _audit(session, caller, "saved_view.created", added)
    return added


async def get_changeable(session: AsyncSession, caller: Principal, view_id: UUID) -> SavedView:
    """Return and lock one that the caller may change.

    Those are their own, and as an owner or admin all that are shared. Raises NotFound, or
    NotPermitted (`not_your_view`, `person_needed`).
    """
    found = await repository.locked(session, _viewer(caller), view_id)
    if found is None or not _is_reached(caller, found):
        raise saved_view_not_found()
    person = caller.require_person()
    if found.maker_id != person and caller.role not in _CHANGES_ALL:
        raise not_your_view()
    return found


async def change_saved_view(
    session: AsyncSession, caller: Principal, found: SavedView, changes: Changes
) -> SavedView:
    """Change one that `get_changeable` has returned. Raises Conflict (`too_many_saved_views`).

    What is shared no longer is its maker's own again; if they have left, it is the caller's.
    """
    maker_id = found.maker_id or caller.require_person()
    owner_id = found.owner_id
    if "shared" in changes:
        owner_id = None if changes["shared"] else maker_id
    changed = replace(
        found,
        owner_id=owner_id,
        maker_id=found.maker_id if owner_id is None else maker_id,
        name=changes.get("name", found.name),
        query=changes.get("query", found.query),
        position=changes.get("position", found.position),
    )
    if changed == found:
        return found
    if changed.owner_id != found.owner_id:
        await _require_room(session, changed.owner_id)
    stored = await repository.change(session, changed)
    if found.owner_id is None or stored.owner_id is None:
        await _audit(session, caller, "saved_view.changed", stored, was_shared=True)
    return stored


async def delete_saved_view(session: AsyncSession, caller: Principal, view_id: UUID) -> None:
    """Delete one. Raises NotFound and NotPermitted (`not_your_view`)."""
    found = await get_changeable(session, caller, view_id)
    await repository.remove(session, found.id)
    await _audit(session, caller, "saved_view.deleted", found)


async def _require_room(session: AsyncSession, owner_id: UserId | None) -> None:
    if await repository.count_locked(session, owner_id) >= MOST_VIEWS:
        raise too_many_saved_views(MOST_VIEWS, shared=owner_id is None)


async def _audit(
    session: AsyncSession,
    caller: Principal,
    action: str,
    view: SavedView,
    *,
    was_shared: bool = False,
) -> None:
    """Record a change of what the whole account uses; what is somebody's own is nobody else's."""
    shared = view.owner_id is None
    if shared or was_shared:
        detail: dict[str, JsonValue] = {"name": view.name, "shared": shared}
        target = public_id(SAVED_VIEW_PREFIX, view.id)
        await record_audit(session, caller, action, "saved_view", target, detail)
