"""Contexts: find, list, add, change and delete them."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal
from answerdesk.agents.contexts import repository
from answerdesk.agents.contexts.types import (
    CONTEXT_PREFIX,
    MOST_CONTEXTS,
    NAME_LENGTH,
    TEXT_LENGTH,
    Context,
)
from answerdesk.core.errors import Conflict, InvalidInput, NotFound, require_version
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.projects.types import PROJECT_PREFIX


def context_not_found() -> NotFound:
    """For an id that names no context that the caller may reach."""
    return NotFound("Context not found", code="context_not_found")


async def find_context(
    session: AsyncSession,
    caller: Principal,
    context_id: UUID,
    *,
    project_id: ProjectId | None = None,
) -> Context:
    """Return a context that the caller may reach, only of one project if given; raises NotFound."""
    return _reached(await repository.find(session, context_id), caller, project_id)


async def find_contexts(
    session: AsyncSession, project_id: ProjectId, ids: Sequence[UUID], *, missing_ok: bool = False
) -> Sequence[Context]:
    """Return contexts of a project in the order of their ids.

    Raises NotFound for any other id, which `missing_ok` leaves out instead.
    """
    if not ids:
        return []
    found = await repository.find_many(session, ids)
    own = {one.id: one for one in found if one.project_id == project_id}
    if not missing_ok and any(one not in own for one in ids):
        raise context_not_found()
    return [own[one] for one in dict.fromkeys(ids) if one in own]


async def list_contexts(
    session: AsyncSession,
    only: Collection[ProjectId] | None,
    after: repository.Place,
    limit: int,
) -> Sequence[Context]:
    """Return contexts behind `after`, oldest first; only of the projects in `only`, unless None."""
    return await repository.list_after(session, only, after, limit)


async def add_context(
    session: AsyncSession, caller: Principal, project_id: ProjectId, name: str, text: str
) -> Context:
    """Add a context to a project that the caller may reach. Raises InvalidInput and Conflict."""
    name, text = _checked(name, text)
    if await repository.count_locked(session, project_id) >= MOST_CONTEXTS:
        raise Conflict(
            f"A project has at most {MOST_CONTEXTS} contexts; delete one before you add another",
            code="too_many_contexts",
        )
    context = await repository.add(session, project_id, name, text)
    await _audit(session, caller, "context.created", context)
    return context


async def change_context(
    session: AsyncSession,
    caller: Principal,
    context_id: UUID,
    changes: Mapping[str, str],
    *,
    project_id: ProjectId | None = None,
    expected: AbstractSet[int] | None = None,
) -> Context:
    """Set `name`, `text` or both of a context.

    Raises NotFound as `find_context` does, InvalidInput, and PreconditionFailed if the context's
    version is not in `expected`.
    """
    context = _reached(await repository.find(session, context_id, lock=True), caller, project_id)
    require_version(context.version, expected)
    name, text = _checked(changes.get("name", context.name), changes.get("text", context.text))
    if (name, text) == (context.name, context.text):
        return context
    changed = await repository.change(session, context_id, name, text)
    await _audit(session, caller, "context.changed", changed)
    return changed


async def delete_context(
    session: AsyncSession,
    caller: Principal,
    context_id: UUID,
    *,
    project_id: ProjectId | None = None,
    expected: AbstractSet[int] | None = None,
) -> None:
    """Delete a context; raises what `change_context` raises."""
    context = _reached(await repository.find(session, context_id, lock=True), caller, project_id)
    require_version(context.version, expected)
    await repository.delete(session, context_id)
    await _audit(session, caller, "context.deleted", context)


def _reached(context: Context | None, caller: Principal, project_id: ProjectId | None) -> Context:
    if context is None:
        raise context_not_found()
    out_of_reach = caller.projects is not None and context.project_id not in caller.projects
    if out_of_reach or project_id not in (None, context.project_id):
        raise context_not_found()
    return context


def _checked(name: str, text: str) -> tuple[str, str]:
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(f"A context's name must have 1 to {NAME_LENGTH} characters", code="name")
    if not text.strip() or len(text) > TEXT_LENGTH:
        raise InvalidInput(
            f"A context's text must have 1 to {TEXT_LENGTH:,} characters", code="text"
        )
    return name, text


async def _audit(session: AsyncSession, caller: Principal, action: str, context: Context) -> None:
    target = public_id(CONTEXT_PREFIX, context.id)
    told = {"project_id": public_id(PROJECT_PREFIX, context.project_id), "name": context.name}
    await record_audit(session, caller, action, "context", target, told)
