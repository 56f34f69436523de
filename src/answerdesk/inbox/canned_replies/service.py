"""Canned replies: list, find, add, change and delete them; fill one in for a conversation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.members.service import member_of
from answerdesk.accounts.principal import Principal
from answerdesk.conversations.history import service as history
from answerdesk.conversations.types import OfTheAccount
from answerdesk.core.tenancy import ConversationId, UserId, public_id
from answerdesk.inbox.canned_replies import repository
from answerdesk.inbox.canned_replies.types import (
    MOST_CANNED_REPLIES,
    CannedReplyDraft,
    Changes,
    Search,
)
from answerdesk.inbox.errors import (
    canned_reply_not_found,
    project_needed,
    shortcut_taken,
    too_many_canned_replies,
)
from answerdesk.inbox.types import CANNED_REPLY_PREFIX, CannedReply, Viewer
from answerdesk.projects.types import PROJECT_PREFIX

# The blank before a placeholder goes with it if there is nothing to fill in: "Hello ,".
_PLACEHOLDER: Final = re.compile(
    r"( ?)\{\{ {0,3}(visitor|agent)\.name {0,3}(?:\|([^{}|]{0,100}))?\}\}"
)
_NAME_LENGTH: Final = 200


def _viewer(caller: Principal) -> Viewer:
    user_id = UserId(caller.subject) if caller.kind == "user" else None
    return Viewer(user_id, caller.projects)


async def list_canned_replies(
    session: AsyncSession,
    caller: Principal,
    search: Search,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[CannedReply]:
    """Return at most `limit` that the caller may use, behind `after`, by shortcut."""
    return await repository.list_after(session, _viewer(caller), search, after, limit)


async def get_canned_reply(
    session: AsyncSession, caller: Principal, canned_reply_id: UUID
) -> CannedReply:
    """Return one that the caller may use; raises NotFound for any other."""
    found = await repository.get(session, _viewer(caller), canned_reply_id)
    if found is None:
        raise canned_reply_not_found()
    return found


async def add_canned_reply(
    session: AsyncSession, caller: Principal, draft: CannedReplyDraft
) -> CannedReply:
    """Add one. Its project must be within the caller's reach.

    Raises Conflict (`shortcut_taken`, `too_many_canned_replies`), and NotPermitted
    (`project_needed`) for one of all projects if the caller reaches only some.
    """
    if draft.project_id is None:
        _require_all_projects(caller)
    if await repository.count(session) >= MOST_CANNED_REPLIES:
        raise too_many_canned_replies(MOST_CANNED_REPLIES)
    added = await repository.add(session, draft)
    if added is None:
        raise shortcut_taken()
    await _audit(session, caller, "canned_reply.created", added)
    return added


async def change_canned_reply(
    session: AsyncSession, caller: Principal, canned_reply_id: UUID, changes: Changes
) -> CannedReply:
    """Change one's texts. Raises NotFound, Conflict (`shortcut_taken`) and NotPermitted."""
    found = await _changeable(session, caller, canned_reply_id)
    changed = replace(found, **changes)
    if changed == found:
        return found
    try:
        stored = await repository.change(session, changed)
    except IntegrityError as error:
        raise shortcut_taken() from error
    await _audit(session, caller, "canned_reply.changed", stored)
    return stored


async def delete_canned_reply(
    session: AsyncSession, caller: Principal, canned_reply_id: UUID
) -> None:
    """Delete one. Raises NotFound and NotPermitted."""
    found = await _changeable(session, caller, canned_reply_id)
    await repository.remove(session, found.id)
    await _audit(session, caller, "canned_reply.deleted", found)


async def render(
    session: AsyncSession,
    caller: Principal,
    canned_reply_id: UUID,
    conversation_id: ConversationId,
) -> str:
    """Return one's text for a conversation, with the names in their places. Raises NotFound."""
    found = await get_canned_reply(session, caller, canned_reply_id)
    conversation = await history.conversation(session, conversation_id, OfTheAccount())
    visitor = conversation.visitor
    names = {
        "visitor": None if visitor is None else visitor.name,
        "agent": await _agent_name(session, caller),
    }
    return rendered(found.content, names)


async def _agent_name(session: AsyncSession, caller: Principal) -> str | None:
    """Return the person's own name: the principal's is their address, which visitors don't get."""
    if caller.kind != "user":
        return None
    member = await member_of(session, UserId(caller.subject))
    return None if member is None else member.name


def rendered(content: str, names: Mapping[str, str | None]) -> str:
    """Return the text with the names of `visitor` and `agent` in their places.

    Without a name, the placeholder's own fallback (`{{visitor.name|there}}`) stands there, or
    nothing. Names are text of strangers: they are put in as one line, and placeholders in them stay
    as they are. Whatever else stands in braces stays, too.
    """

    def fill(match: re.Match[str]) -> str:
        blank, whose, fallback = match.groups()
        name = " ".join((names.get(whose) or "").split())[:_NAME_LENGTH]
        text = name or (fallback or "").strip()
        return f"{blank}{text}" if text else ""

    return _PLACEHOLDER.sub(fill, content)


async def _changeable(
    session: AsyncSession, caller: Principal, canned_reply_id: UUID
) -> CannedReply:
    found = await repository.get(session, _viewer(caller), canned_reply_id, lock=True)
    if found is None:
        raise canned_reply_not_found()
    if found.project_id is None:
        _require_all_projects(caller)
    return found


def _require_all_projects(caller: Principal) -> None:
    if caller.projects is not None:
        raise project_needed()


async def _audit(
    session: AsyncSession, caller: Principal, action: str, changed: CannedReply
) -> None:
    """Record a change of what the whole account uses; what is somebody's own is nobody else's."""
    if changed.owner_id is not None:
        return
    of = changed.project_id
    detail = {
        "shortcut": changed.shortcut,
        "project_id": None if of is None else public_id(PROJECT_PREFIX, of),
    }
    target = public_id(CANNED_REPLY_PREFIX, changed.id)
    await record_audit(session, caller, action, "canned_reply", target, detail)
