"""Reads and writes notices, what people prefer, and how often they are mailed."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import tenant_of
from answerdesk.core.tenancy import ConversationId, UserId
from answerdesk.inbox.notices.types import (
    MOST_LINES,
    Added,
    Addressee,
    Kind,
    MailLine,
    NewNotices,
    Notice,
    Preference,
    Recipient,
)

_ONE: Final = "account_id = :account_id and user_id = :user_id"
_PENDING: Final = (
    "dropped_at is null and (browser and told_at is null or mail and mailed_at is null)"
)
_OF_PEOPLE: Final = "account_id = :account_id and user_id = any(cast(:users as uuid[]))"
_OWN: Final = "n.account_id = :account_id and n.user_id = :user_id and n.dropped_at is null"
_GRACE: Final = "make_interval(secs => :grace)"
_ABOUT: Final = (
    " join project p on p.account_id = n.account_id and p.id = n.project_id"
    " left join conversation c on c.account_id = n.account_id and c.id = n.conversation_id"
)
# A wait that began after the notice has one of its own.
_STILL_TRUE: Final = (
    "(p.deleted_at is null and case n.kind"
    " when 'lead' then exists (select from lead l where l.account_id = n.account_id"
    "  and l.id = n.lead_id)"
    " when 'waiting' then c.state = 'waiting' and c.waiting_since <= n.created_at"
    "  and (c.snoozed_until is null or c.snoozed_until <= clock_timestamp())"
    " when 'assigned' then c.assignee_id = n.user_id"
    " when 'reply' then c.assignee_id = n.user_id and c.waiting_since is not null"
    " else exists (select from sla_clock s where s.account_id = n.account_id"
    "  and s.conversation_id = n.conversation_id and s.breached_at is not null"
    "  and s.met_at is null and s.cancelled_at is null)"
    " end) is true"
)
_COLUMNS: Final = "n.id, n.user_id, n.kind, n.project_id, n.conversation_id, n.lead_id, n.due_at"

_NOW: Final = text("select clock_timestamp()")
# In order, so that no two transactions wait for each other. The lock is one of notices alone:
# whoever replies locks their membership, and is not to wait until everybody is told.
_LOCK: Final = text(
    "select m.user_id, m.email, m.role from ("
    "  select m.id, m.user_id, u.email, m.role"
    "  from membership m join app_user u on u.id = m.user_id"
    "  where m.account_id = :account_id and m.user_id = any(:users) and u.disabled_at is null"
    "  order by m.id for key share of m) m,"
    " lateral pg_advisory_xact_lock(hashtextextended('notices:' || m.id::text, 0)) held"
)
_PREFERENCES: Final = text(
    "select user_id, preference from notice_preference where account_id = :account_id"
    " and user_id = any(:users)"
)
_SAVE: Final = text(
    "insert into notice_preference (account_id, user_id, preference)"
    " values (:account_id, :user_id, cast(:preference as jsonb))"
    " on conflict (account_id, user_id) do update set preference = excluded.preference,"
    "  updated_at = clock_timestamp()"
)
_PREFER: Final = text(
    "update notice set due_at = least(due_at, clock_timestamp()),"
    "  mail = mail and kind = any(:by_mail), browser = browser and kind = any(:by_browser),"
    "  dropped_at = case when cast(:projects as uuid[]) is not null"
    "   and project_id <> all(cast(:projects as uuid[])) then clock_timestamp() end"
    f" where {_ONE} and {_PENDING}"
)
_ASSIGNEES: Final = text(
    "select id, assignee_id from conversation where account_id = :account_id"
    " and id = any(:conversations) and assignee_id is not null"
)
# No foreign key keeps them. Whoever deletes one waits, and then forgets what is told of it here.
_KEEP_LEADS: Final = text(
    "select from lead where account_id = :account_id and id = any(:leads) order by id for key share"
)
# What is over already is told to nobody. The rows are written in order, so that no two transactions
# wait for each other.
_ADD: Final = text(
    "with cause as materialized (select n.* from (select cast(:account_id as uuid) as account_id,"
    "   clock_timestamp() as created_at, w.* from unnest(cast(:places as integer[]),"
    "    cast(:kinds as text[]), cast(:events as bigint[]), cast(:projects as uuid[]),"
    "    cast(:conversations as uuid[]), cast(:leads as uuid[]), cast(:only as uuid[])"
    "   ) as w (place, kind, event_id, project_id, conversation_id, lead_id, user_id)) n"
    f"  {_ABOUT} where p.account_id = :account_id and {_STILL_TRUE}"
    "   and (n.conversation_id is null or c.id is not null))"
    " insert into notice as n (account_id, id, user_id, project_id, kind, conversation_id, lead_id,"
    "  event_id, due_at, mail, browser, told_at)"
    " select :account_id, gen_random_uuid(), person.user_id, cause.project_id, cause.kind,"
    "  cause.conversation_id, cause.lead_id, cause.event_id, r.due_at, r.mail, r.browser,"
    "  case when r.browser and r.due_at <= cause.created_at then cause.created_at end"
    " from unnest(cast(:of as integer[]), cast(:due as timestamptz[]), cast(:mail as boolean[]),"
    "   cast(:browser as boolean[]), cast(:users as text[])"
    "  ) as r (place, due_at, mail, browser, users) join cause on cause.place = r.place,"
    "  unnest(cast(string_to_array(r.users, ',') as uuid[])) as person (user_id)"
    " where exists (select from membership m join app_user u on u.id = m.user_id"
    "   where m.account_id = :account_id and m.user_id = person.user_id and u.disabled_at is null)"
    " order by person.user_id, cause.kind, coalesce(cause.lead_id, cause.conversation_id)"
    " on conflict (account_id, user_id, kind, coalesce(lead_id, conversation_id)) do update set"
    "  id = excluded.id, project_id = excluded.project_id, event_id = excluded.event_id,"
    "  conversation_id = excluded.conversation_id, due_at = excluded.due_at,"
    "  mail = excluded.mail, browser = excluded.browser, told_at = excluded.told_at,"
    "  mailed_at = null, dropped_at = null, created_at = clock_timestamp()"
    "  where n.event_id < excluded.event_id"
    f" returning {_COLUMNS}, n.mail, n.told_at is not null, n.browser and n.told_at is null"
)
_DUE: Final = text(
    "select n.user_id from notice n left join notice_mail m using (account_id, user_id)"
    f" where n.account_id = :account_id and n.{_PENDING}"
    "  and (n.browser and n.told_at is null and n.due_at <= :now or n.mail and n.mailed_at is null"
    f"   and greatest(n.due_at + {_GRACE}, m.next_at) <= :now)"
    " group by n.user_id order by min(n.due_at), n.user_id limit :limit"
)
_POSTPONE: Final = text(
    "update notice n set due_at = coalesce(o.until, n.due_at),"
    "  dropped_at = case when o.until is null then clock_timestamp() end"
    " from unnest(cast(:users as uuid[]), cast(:until as timestamptz[])) as o (user_id, until)"
    f" where n.account_id = :account_id and n.user_id = o.user_id and n.{_PENDING}"
    "  and n.due_at <= clock_timestamp()"
)
_DROP_UNTRUE: Final = text(
    "update notice set dropped_at = clock_timestamp() where account_id = :account_id and id in ("
    f" select n.id from notice n {_ABOUT} where n.{_OF_PEOPLE} and n.{_PENDING}"
    f"  and n.due_at <= clock_timestamp() and not {_STILL_TRUE})"
)
_ANNOUNCE: Final = text(
    "update notice n set told_at = clock_timestamp() where n.account_id = :account_id"
    " and n.told_at is null and n.id in ("
    f" select id from notice where {_OF_PEOPLE} and dropped_at is null and browser"
    "  and told_at is null and due_at <= clock_timestamp()"
    f"  order by due_at, id limit :limit) returning {_COLUMNS}"
)
# A person who has the inbox open sees it there.
_SPARE: Final = text(
    f"update notice n set mail = false where n.{_OF_PEOPLE} and n.dropped_at is null and n.mail"
    f" and n.mailed_at is null and n.due_at + {_GRACE} <= clock_timestamp()"
    " and n.kind in ('waiting', 'assigned', 'reply')"
    " and exists (select from presence v where v.account_id = :account_id"
    "  and v.user_id = n.user_id and v.until > clock_timestamp())"
)
_TO_MAIL: Final = text(
    f"select n.id from notice n where {_OWN} and n.mail and n.mailed_at is null"
    f" and n.due_at + {_GRACE} <= clock_timestamp() order by n.due_at, n.id limit :limit"
)
_LINES: Final = text(
    "select n.id, n.kind, p.name as project, n.conversation_id,"
    "  coalesce(nullif(concat_ws(', ', left(l.name, 100), left(l.email, 100), left(l.phone, 50)),"
    "   ''), left(said.content, 2000)) as said"
    f" from notice n {_ABOUT}"
    " left join lead l on l.account_id = n.account_id and l.id = n.lead_id"
    " left join lateral (select m.content from message m where m.account_id = n.account_id"
    "  and m.conversation_id = n.conversation_id and m.author = 'visitor' and n.lead_id is null"
    "  order by m.created_at desc, m.id desc limit 1) said on true"
    " where n.account_id = :account_id and n.id = any(:ids) order by n.due_at, n.id"
)
_MAILED: Final = text(
    "update notice set mailed_at = clock_timestamp()"
    " where account_id = :account_id and id = any(:ids)"
)
_PACE: Final = text(
    f"select next_at <= clock_timestamp() as may, failures from notice_mail where {_ONE} for update"
)
_SET_PACE: Final = text(
    "insert into notice_mail (account_id, user_id, next_at, failures)"
    " values (:account_id, :user_id,"
    "  clock_timestamp() + make_interval(secs => :wait), :failures)"
    " on conflict (account_id, user_id) do update set next_at = excluded.next_at,"
    "  failures = excluded.failures"
)
# Whom a mail is due for already has a job of their own, which says what comes next.
_NEXT: Final = text(
    "select min(n.due_at) filter (where n.browser and n.told_at is null) as tell_at,"
    f"  min(greatest(n.due_at + {_GRACE}, m.next_at)) filter (where n.mail and n.mailed_at is null"
    f"   and greatest(n.due_at + {_GRACE}, m.next_at) > :now) as mail_at"
    " from notice n left join notice_mail m using (account_id, user_id)"
    f" where n.account_id = :account_id and n.{_PENDING}"
)
_CURRENT: Final = text(
    f"select {_COLUMNS} from notice n {_ABOUT} where {_OWN} and n.browser"
    " and n.due_at <= clock_timestamp()"
    " and (cast(:since as timestamptz) is null or n.due_at > cast(:since as timestamptz))"
    f" and {_STILL_TRUE} order by n.due_at desc, n.id desc limit :limit"
)
_FORGET: Final = text("select forget_notices(:days, :limit)")
_FORGET_LEADS: Final = text(
    "delete from notice where account_id = :account_id and lead_id = any(:ids)"
)


def _person(session: AsyncSession, user_id: UserId) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "user_id": user_id}


def _people(session: AsyncSession, users: Collection[UserId]) -> dict[str, Any]:
    return {"account_id": tenant_of(session), "users": [*users]}


async def now(session: AsyncSession) -> datetime:
    """Return the database's time."""
    moment: datetime = await session.scalar(_NOW)
    return moment


async def lock_people(session: AsyncSession, users: Collection[UserId]) -> Sequence[Addressee]:
    """Let one transaction at a time tell people something; return those who may be told."""
    rows = await session.execute(_LOCK, _people(session, users))
    return [Addressee(**row._asdict()) for row in rows]


async def preferences(
    session: AsyncSession, users: Collection[UserId]
) -> Mapping[UserId, Preference]:
    """Return what these people have chosen; who has chosen nothing is left out."""
    rows = await session.execute(_PREFERENCES, _people(session, users))
    return {UserId(row.user_id): Preference.model_validate(row.preference) for row in rows}


async def save_preference(session: AsyncSession, user_id: UserId, preference: Preference) -> None:
    """Store what a person prefers, also for notices that they have not been told yet."""
    dumped = json.dumps(preference.model_dump(mode="json"))
    await session.execute(_SAVE, {**_person(session, user_id), "preference": dumped})
    kinds: tuple[Kind, ...] = ("waiting", "lead", "assigned", "reply", "sla")
    parameters = {
        "by_mail": [one for one in kinds if preference.channels(one).mail],
        "by_browser": [one for one in kinds if preference.channels(one).browser],
        "projects": None if preference.projects is None else [*preference.projects],
    }
    await session.execute(_PREFER, {**_person(session, user_id), **parameters})


async def assignees(
    session: AsyncSession, conversations: Collection[ConversationId]
) -> Mapping[ConversationId, UserId]:
    """Return who has these conversations; those that no person has are left out."""
    parameters = {"account_id": tenant_of(session), "conversations": [*conversations]}
    rows = await session.execute(_ASSIGNEES, parameters)
    return {ConversationId(row.id): UserId(row.assignee_id) for row in rows}


async def add(
    session: AsyncSession, told: Sequence[tuple[NewNotices, Sequence[Recipient]]]
) -> Sequence[Added]:
    """Store notices in place of older ones of the same; return the new ones.

    Whose browser is to be told at once counts as told. No two may be of the same kind, about the
    same.
    """
    causes = [new for new, _ in told]
    alike: dict[tuple[int, datetime, bool, bool], list[str]] = {}
    for place, (_, several) in enumerate(told):
        for one in several:
            key = (place, one.due_at, one.channels.mail, one.channels.browser)
            alike.setdefault(key, []).append(one.user_id.hex)
    parameters = {
        "account_id": tenant_of(session),
        "places": [*range(len(causes))],
        "kinds": [one.kind for one in causes],
        "events": [one.event_id for one in causes],
        "projects": [one.project_id for one in causes],
        "conversations": [one.conversation_id for one in causes],
        "leads": [one.lead_id for one in causes],
        "only": [one.only for one in causes],
        "of": [place for place, _, _, _ in alike],
        "due": [due_at for _, due_at, _, _ in alike],
        "mail": [mail for _, _, mail, _ in alike],
        "browser": [browser for _, _, _, browser in alike],
        # One text of ids for all who are told alike: a thousand parameters take long to write.
        "users": [",".join(users) for users in alike.values()],
    }
    if any(one.lead_id for one in causes):
        await session.execute(_KEEP_LEADS, parameters)
    added: list[Added] = []
    for row in await session.execute(_ADD, parameters):
        *columns, mail, told_now, later = row
        added.append(Added(Notice(*columns), mail=mail, told=told_now, later=later))
    return added


async def due_people(
    session: AsyncSession, now: datetime, grace: timedelta, limit: int
) -> Sequence[UserId]:
    """Return people for whom something is due, the longest first."""
    parameters = {
        "account_id": tenant_of(session),
        "now": now,
        "grace": grace.total_seconds(),
        "limit": limit,
    }
    return [UserId(row.user_id) for row in await session.execute(_DUE, parameters)]


async def postpone(session: AsyncSession, until: Mapping[UserId, datetime | None]) -> None:
    """Make people's due notices due at a later time; those of whom it is None are dropped."""
    parameters = {**_people(session, until.keys()), "until": [*until.values()]}
    await session.execute(_POSTPONE, parameters)


async def drop_untrue(session: AsyncSession, users: Collection[UserId]) -> None:
    """Drop people's due notices of what is over."""
    await session.execute(_DROP_UNTRUE, _people(session, users))


async def announce(
    session: AsyncSession, users: Collection[UserId], limit: int
) -> Sequence[Notice]:
    """Note that people's browsers are told of some due notices; return them."""
    rows = await session.execute(_ANNOUNCE, {**_people(session, users), "limit": limit})
    return [Notice(**row._asdict()) for row in rows]


async def spare(session: AsyncSession, users: Collection[UserId], grace: timedelta) -> None:
    """Have people not mailed what they see in the inbox, which they have open."""
    await session.execute(_SPARE, {**_people(session, users), "grace": grace.total_seconds()})


async def to_mail(
    session: AsyncSession, user_id: UserId, grace: timedelta, limit: int
) -> Sequence[UUID]:
    """Return the notices that a mail is due for, the earliest first."""
    parameters = {**_person(session, user_id), "grace": grace.total_seconds(), "limit": limit}
    return [row.id for row in await session.execute(_TO_MAIL, parameters)]


async def mail_lines(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[MailLine]:
    """Return what a mail says of the first of these notices."""
    parameters = {"account_id": tenant_of(session), "ids": [*ids[:MOST_LINES]]}
    return [MailLine(**row._asdict()) for row in await session.execute(_LINES, parameters)]


async def note_mailed(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Note that these notices are mailed, or are not to be any more."""
    await session.execute(_MAILED, {"account_id": tenant_of(session), "ids": [*ids]})


async def mail_failures(session: AsyncSession, user_id: UserId) -> int | None:
    """Return how many mails to the person have failed in a row; None if it is too early for one."""
    row = (await session.execute(_PACE, _person(session, user_id))).first()
    if row is None:
        return 0
    failures: int = row.failures
    return failures if row.may else None


async def set_pace(session: AsyncSession, user_id: UserId, wait: timedelta, failures: int) -> None:
    """Note that the next mail to the person may be sent after `wait`."""
    parameters = {"wait": wait.total_seconds(), "failures": failures}
    await session.execute(_SET_PACE, {**_person(session, user_id), **parameters})


async def next_due(session: AsyncSession, now: datetime, grace: timedelta) -> datetime | None:
    """Return when anybody's browser is to be told something next, or somebody mailed."""
    parameters = {
        "account_id": tenant_of(session),
        "now": now,
        "grace": grace.total_seconds(),
    }
    row = (await session.execute(_NEXT, parameters)).one()
    return min((one for one in (row.tell_at, row.mail_at) if one is not None), default=None)


async def current(
    session: AsyncSession, user_id: UserId, since: datetime | None, limit: int
) -> Sequence[Notice]:
    """Return what the person's browser may show, the latest first."""
    parameters = {**_person(session, user_id), "since": since, "limit": limit}
    return [Notice(**row._asdict()) for row in await session.execute(_CURRENT, parameters)]


async def forget_leads(session: AsyncSession, lead_ids: Sequence[UUID]) -> None:
    parameters = {"account_id": tenant_of(session), "ids": [*lead_ids]}
    await session.execute(_FORGET_LEADS, parameters)


async def forget(session: AsyncSession, days: int, limit: int) -> int:
    """Delete old notices of all accounts, at most `limit`; return how many."""
    gone: int = await session.scalar(_FORGET, {"days": days, "limit": limit})
    return gone
