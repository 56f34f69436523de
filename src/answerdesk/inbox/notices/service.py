"""What people are told of: who is told, by their own rules, and what they prefer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.members.service import list_members
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import USER_PREFIX, Member
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import tenant_of
from answerdesk.core.due import schedule
from answerdesk.core.events import Event
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId, parse_public_id
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.types import (
    MOST_SHOWN,
    TELL,
    Kind,
    NewNotices,
    Notice,
    Preference,
    Recipient,
    may_know,
    usual_preference,
)
from answerdesk.leads.types import LEAD_PREFIX
from answerdesk.projects.service import list_after

_MOST_MEMBERS: Final = 1000
_MOST_PROJECTS: Final = 10_000

_KINDS: Final[Mapping[str, Kind]] = {
    "conversation.escalated": "waiting",
    "lead.created": "lead",
    "conversation.updated": "assigned",
    "message.received": "reply",
    "sla.breached": "sla",
}


@dataclass(frozen=True, slots=True)
class _Cause:
    """An event that somebody may be told of; `only` is the one person whom it concerns."""

    notices: NewNotices
    only: UserId | None = None


async def gather(session: AsyncSession, events: Sequence[Event]) -> None:
    """Store whom to tell of these events, and schedule telling them."""
    causes = await _causes(session, events)
    if not causes:
        return
    now = await repository.now(session)
    members = await list_members(session, limit=_MOST_MEMBERS, after=None)
    chosen = await repository.preferences(session, [one.user_id for one in members])
    told: list[tuple[NewNotices, Recipient]] = []
    for member in members:
        preference = chosen.get(member.user_id) or usual_preference(member.role)
        due_at = preference.quiet_until(now)
        if due_at is not None:
            told += _for_member(causes, member, preference, due_at)
    due = await repository.add(session, told) if told else {}
    # In order, so that no two transactions wait for each other.
    for user_id in sorted(due):
        await schedule_telling(session, TELL, user_id, due[user_id])


def _for_member(
    causes: Sequence[_Cause], member: Member, preference: Preference, due_at: datetime
) -> Iterator[tuple[NewNotices, Recipient]]:
    for cause in causes:
        new = cause.notices
        channels = preference.channels(new.kind)
        if (
            cause.only in (None, member.user_id)
            and (channels.mail or channels.browser)
            and preference.wants(new.project_id)
            and may_know(member.role, new.kind)
        ):
            yield new, Recipient(member.user_id, channels, due_at)


async def _causes(session: AsyncSession, events: Sequence[Event]) -> Sequence[_Cause]:
    """Return what to tell of events: of several about the same, the last."""
    found: dict[tuple[Kind, UUID | None], NewNotices] = {}
    given: dict[int, UserId] = {}
    for event in events:
        new = _read(event)
        if new is None:
            continue
        if new.kind == "assigned":
            to = parse_public_id(USER_PREFIX, str(event.payload.get("assigned_to")))
            if to is None:
                continue
            given[event.id] = UserId(to)
        found[new.kind, new.lead_id or new.conversation_id] = new
    replied = {new.conversation_id for new in found.values() if new.kind == "reply"}
    holders = await repository.assignees(session, [one for one in replied if one is not None])
    causes: list[_Cause] = []
    for new in found.values():
        only = given.get(new.event_id)
        if new.kind == "reply":
            only = None if new.conversation_id is None else holders.get(new.conversation_id)
            if only is None:
                continue
        causes.append(_Cause(new, only))
    return causes


def _read(event: Event) -> NewNotices | None:
    kind = _KINDS.get(event.type)
    conversation_id = _id(event, "conversation_id", CONVERSATION_PREFIX)
    lead_id = _id(event, "lead_id", LEAD_PREFIX)
    if kind is None or (lead_id if kind == "lead" else conversation_id) is None:
        return None
    conversation = None if conversation_id is None else ConversationId(conversation_id)
    return NewNotices(kind, event.id, event.project_id, conversation, lead_id)


def _id(event: Event, name: str, prefix: str) -> UUID | None:
    return parse_public_id(prefix, str(event.payload.get(name)))


async def schedule_telling(
    session: AsyncSession, job: str, user_id: UserId, run_at: datetime
) -> None:
    """Schedule TELL or MAIL for a person; last in a transaction."""
    account_id = tenant_of(session)
    await schedule(
        session,
        job,
        account_id=account_id,
        payload={"user_id": str(user_id)},
        run_at=run_at,
        key=f"{job}:{account_id}:{user_id}",
    )


async def preference_of(session: AsyncSession, caller: Principal) -> tuple[Preference, bool]:
    """Return what a person prefers, and whether that is only usual. Raises NotPermitted."""
    user_id = caller.require_person()
    chosen = (await repository.preferences(session, [user_id])).get(user_id)
    return chosen or usual_preference(caller.role), chosen is None


async def prefer(session: AsyncSession, caller: Principal, preference: Preference) -> None:
    """Store what a person prefers; it also holds for what they have not been told yet."""
    user_id = caller.require_person()
    await repository.save_preference(session, user_id, preference)
    await schedule_telling(session, TELL, user_id, await repository.now(session))


async def missing_projects(
    session: AsyncSession, wanted: Sequence[ProjectId]
) -> Sequence[ProjectId]:
    """Return those of these that are no projects of the account."""
    found = {one.id for one in await list_after(session, wanted, None, _MOST_PROJECTS)}
    return [one for one in wanted if one not in found]


async def current_notices(
    session: AsyncSession, caller: Principal, since: datetime | None
) -> tuple[Sequence[Notice], datetime]:
    """Return what a person's browser may show, and the time up to which it was looked for."""
    user_id = caller.require_person()
    now = await repository.now(session)
    preference, _ = await preference_of(session, caller)
    if preference.quiet_until(now) != now:
        return [], now
    return await repository.current(session, user_id, since, MOST_SHOWN), now
