"""What people are told of: who is told, by their own rules, and what they prefer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.members.service import list_members, members_of
from answerdesk.accounts.principal import Principal
from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import tenant_of
from answerdesk.core.due import schedule, schedule_each
from answerdesk.core.events import Event, NewEvents, record_new
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId, parse_public_id, public_id
from answerdesk.inbox.events import NOTICED, NewNotice, NoticedPerson
from answerdesk.inbox.notices import repository
from answerdesk.inbox.notices.types import (
    MAIL,
    MOST_SHOWN,
    NOTICE_PREFIX,
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

_MOST_NAMED: Final = 200
"""People whom one event names."""

_MOST_MEMBERS: Final = 1000
_MOST_PROJECTS: Final = 10_000

_KINDS: Final[Mapping[str, Kind]] = {
    "conversation.escalated": "waiting",
    "lead.created": "lead",
    "conversation.updated": "assigned",
    "message.received": "reply",
    "sla.breached": "sla",
}


async def forget_leads(session: AsyncSession, lead_ids: Sequence[UUID]) -> None:
    """Forget the notices about leads that are erased."""
    await repository.forget_leads(session, lead_ids)


async def gather(session: AsyncSession, events: Sequence[Event], grace: timedelta) -> None:
    """Store whom to tell of these events, tell their browsers, and schedule the rest."""
    causes = await _causes(session, events)
    if not causes:
        return
    now = await repository.now(session)
    recipients = await _recipients(session, causes, now)
    added = await repository.add(session, recipients) if recipients else []
    later = [one.notice.due_at for one in added if one.later]
    later += [one.notice.due_at + grace for one in added if one.mail]
    if later:
        await schedule_telling(session, min(later))
    # Last: readers of the account's events wait for whoever has recorded one.
    await announce(session, [one.notice for one in added if one.told])


async def _recipients(
    session: AsyncSession, causes: Sequence[NewNotices], now: datetime
) -> Sequence[tuple[NewNotices, Sequence[Recipient]]]:
    """Return who is to be told of what, from when on, and how."""
    concerned = [one.only for one in causes if one.only is not None]
    members = (
        await members_of(session, concerned)
        if len(concerned) == len(causes)
        else await list_members(session, limit=_MOST_MEMBERS, after=None)
    )
    chosen = await repository.preferences(session, [one.user_id for one in members])
    told: list[tuple[NewNotices, list[Recipient]]] = [(one, []) for one in causes]
    for member in members:
        preference = chosen.get(member.user_id) or usual_preference(member.role)
        due_at = preference.quiet_until(now)
        if due_at is None:
            continue
        for new, recipients in told:
            channels = preference.channels(new.kind)
            if (
                new.only in (None, member.user_id)
                and (channels.mail or channels.browser)
                and preference.wants(new.project_id)
                and may_know(member.role, new.kind)
            ):
                recipients.append(Recipient(member.user_id, channels, due_at))
    return [one for one in told if one[1]]


async def announce(session: AsyncSession, notices: Sequence[Notice]) -> None:
    """Record that people's browsers are told: one event for all who are told of the same."""
    alike: dict[tuple[object, ...], list[Notice]] = {}
    for one in notices:
        about = (one.kind, one.project_id, one.conversation_id, one.lead_id)
        alike.setdefault(about, []).append(one)
    told: dict[ProjectId, NewEvents] = {}
    for several in alike.values():
        for at in range(0, len(several), _MOST_NAMED):
            event = _event(several[at : at + _MOST_NAMED])
            project_id = several[0].project_id
            told[project_id] = told.get(project_id, NewEvents((), ())) + event
    for project_id, events in told.items():
        await record_new(session, project_id, events)


def _event(notices: Sequence[Notice]) -> NewEvents:
    one = notices[0]
    payload = NewNotice(
        kind=one.kind,
        conversation_id=_public(CONVERSATION_PREFIX, one.conversation_id),
        lead_id=_public(LEAD_PREFIX, one.lead_id),
        people=tuple(
            NoticedPerson(
                user_id=public_id(USER_PREFIX, told.user_id),
                notice_id=public_id(NOTICE_PREFIX, told.id),
            )
            for told in notices
        ),
    )
    return NewEvents.of((NOTICED, payload))


def _public(prefix: str, value: UUID | None) -> str | None:
    return None if value is None else public_id(prefix, value)


async def _causes(session: AsyncSession, events: Sequence[Event]) -> Sequence[NewNotices]:
    """Return what to tell of events: of several about the same, the last."""
    found: dict[tuple[Kind, UUID | None], NewNotices] = {}
    for event in events:
        new = _read(event)
        if new is not None:
            found[new.kind, new.lead_id or new.conversation_id] = new
    replied = {
        new.conversation_id
        for new in found.values()
        if new.kind == "reply" and new.conversation_id is not None
    }
    holders = await repository.assignees(session, replied) if replied else {}
    return [one for new in found.values() if (one := _concerning(new, holders)) is not None]


def _concerning(new: NewNotices, holders: Mapping[ConversationId, UserId]) -> NewNotices | None:
    """Return what to tell, of a reply only whoever has the conversation; None if nobody has."""
    if new.kind != "reply" or new.conversation_id is None:
        return new
    only = holders.get(new.conversation_id)
    return None if only is None else replace(new, only=only)


def _read(event: Event) -> NewNotices | None:
    kind = _KINDS.get(event.type)
    conversation_id = _id(event, "conversation_id", CONVERSATION_PREFIX)
    lead_id = _id(event, "lead_id", LEAD_PREFIX)
    if kind is None or (lead_id if kind == "lead" else conversation_id) is None:
        return None
    given_to = _id(event, "assigned_to", USER_PREFIX) if kind == "assigned" else None
    if kind == "assigned" and given_to is None:
        return None
    conversation = None if conversation_id is None else ConversationId(conversation_id)
    only = None if given_to is None else UserId(given_to)
    return NewNotices(kind, event.id, event.project_id, conversation, lead_id, only)


def _id(event: Event, name: str, prefix: str) -> UUID | None:
    return parse_public_id(prefix, str(event.payload.get(name)))


async def schedule_telling(session: AsyncSession, run_at: datetime) -> None:
    """Schedule telling the account's people what is due; before a transaction's events only."""
    account_id = tenant_of(session)
    key = f"{TELL}:{account_id}"
    await schedule(session, TELL, account_id=account_id, payload={}, run_at=run_at, key=key)


async def schedule_mails(session: AsyncSession, users: Collection[UserId]) -> None:
    """Schedule mailing these people what is due; before a transaction's events only."""
    account_id = tenant_of(session)
    payloads = {f"{MAIL}:{account_id}:{one}": {"user_id": str(one)} for one in users}
    await schedule_each(session, MAIL, account_id=account_id, payloads=payloads)


async def preference_of(session: AsyncSession, caller: Principal) -> tuple[Preference, bool]:
    """Return what a person prefers, and whether that is only usual. Raises NotPermitted."""
    user_id = caller.require_person()
    chosen = (await repository.preferences(session, [user_id])).get(user_id)
    return chosen or usual_preference(caller.role), chosen is None


async def prefer(session: AsyncSession, caller: Principal, preference: Preference) -> None:
    """Store what a person prefers; it also holds for what they have not been told yet."""
    user_id = caller.require_person()
    await repository.save_preference(session, user_id, preference)
    await schedule_telling(session, await repository.now(session))


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
