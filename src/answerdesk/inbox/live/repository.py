"""Reads and writes who looks at the inbox, and what visitors are told of their conversation."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.types import VisitorId
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.tenancy import ConversationId, ProjectId, UserId
from answerdesk.inbox.live.types import InHand, Presence
from answerdesk.inbox.types import Person

MOST_PEOPLE: Final = 200
_MOST_OPEN: Final = 10
"""Conversations that a person is shown to have open, in as many browsers."""

PRESENCE_SECONDS: Final = 60
"""How long a stream counts as there without being renewed: its process may have died."""

RENEW_SECONDS: Final = PRESENCE_SECONDS / 3

_UNTIL: Final = "clock_timestamp() + make_interval(secs => :seconds)"
# What the stream has open is left as it is: another process may have noted it.
_RENEW: Final = text(
    "insert into presence (account_id, user_id, stream_id, until)"
    f" select :account_id, u, s, {_UNTIL}"
    " from unnest(cast(:users as uuid[]), cast(:streams as uuid[])) as one (u, s) order by u, s"
    " on conflict (account_id, user_id, stream_id) do update set until = excluded.until"
)
_OPEN: Final = text(
    "update presence set conversation_id = cast(:conversation_id as uuid)"
    " where account_id = :account_id and user_id = :user_id and stream_id = :stream_id"
    " and until > clock_timestamp() returning 1"
)
_LEAVE: Final = text(
    "delete from presence where account_id = :account_id and (user_id, stream_id) in"
    " (select u, s from unnest(cast(:users as uuid[]), cast(:streams as uuid[])) as one (u, s))"
)
_FORGET: Final = text(
    "delete from presence where account_id = :account_id and until <= clock_timestamp()"
    " returning user_id"
)
_PRESENCES: Final = (
    "select p.user_id, c.id as conversation_id, c.project_id from presence p"
    " left join conversation c on c.account_id = p.account_id and c.id = p.conversation_id"
    " where p.account_id = :account_id and p.until > clock_timestamp()"
)
_PRESENCES_OF: Final = text(f"{_PRESENCES} and p.user_id = any(:users) order by p.stream_id")
_PRESENCES_OF_ALL: Final = text(f"{_PRESENCES} order by p.stream_id")
_PEOPLE: Final = text(
    "select m.user_id, m.id as member_id, u.name, u.email"
    " from membership m join app_user u on u.id = m.user_id"
    " where m.account_id = :account_id order by m.created_at, m.id limit :most"
)


async def renew(session: AsyncSession, streams: Collection[tuple[UserId, UUID]]) -> None:
    """Note that these people's streams are there."""
    parameters = {
        "account_id": tenant_of(session),
        "users": [user for user, _ in streams],
        "streams": [stream for _, stream in streams],
        "seconds": PRESENCE_SECONDS,
    }
    await session.execute(_RENEW, parameters)


async def open_conversation(
    session: AsyncSession,
    user_id: UserId,
    stream_id: UUID,
    conversation_id: ConversationId | None,
) -> bool:
    """Note what a person has open; return False if they have no such stream."""
    parameters = {
        "account_id": tenant_of(session),
        "user_id": user_id,
        "stream_id": stream_id,
        "conversation_id": conversation_id,
    }
    return (await session.execute(_OPEN, parameters)).first() is not None


async def leave(session: AsyncSession, streams: Collection[tuple[UserId, UUID]]) -> None:
    """Note that these people's streams are gone."""
    parameters = {
        "account_id": tenant_of(session),
        "users": [user for user, _ in streams],
        "streams": [stream for _, stream in streams],
    }
    await session.execute(_LEAVE, parameters)


async def forget_dead(session: AsyncSession) -> set[UserId]:
    """Forget streams whose process has died; return the people they were of."""
    rows = await session.execute(_FORGET, {"account_id": tenant_of(session)})
    return {UserId(row.user_id) for row in rows}


async def presences(
    session: AsyncSession, users: Collection[UserId] | None = None
) -> dict[UserId, Presence]:
    """Return who looks at the inbox; with `users`, whether these do."""
    parameters = {"account_id": tenant_of(session), "users": [*(users or ())]}
    statement = _PRESENCES_OF_ALL if users is None else _PRESENCES_OF
    found = {user: Presence(user, online=False, conversations=()) for user in users or ()}
    for row in await session.execute(statement, parameters):
        user = UserId(row.user_id)
        before = found[user].conversations if user in found else ()
        opened = () if row.conversation_id is None else ((row.conversation_id, row.project_id),)
        seen = before if opened and opened[0] in before else (*before, *opened)
        found[user] = Presence(user, online=True, conversations=seen[:_MOST_OPEN])
    return found


async def people(session: AsyncSession, projects: frozenset[ProjectId] | None) -> Sequence[Person]:
    """Return the account's members, with what they have open of these projects (None: of all)."""
    there = await presences(session)
    nobody = Presence(UserId(UUID(int=0)), online=False, conversations=())
    parameters = {"account_id": tenant_of(session), "most": MOST_PEOPLE}
    return [
        Person(
            UserId(row.user_id),
            row.member_id,
            row.name or None,
            row.email,
            there.get(row.user_id, nobody).online,
            tuple(
                one
                for one, project in there.get(row.user_id, nobody).conversations
                if projects is None or project in projects
            ),
        )
        for row in await session.execute(_PEOPLE, parameters)
    ]


_NAMED: Final = text(
    "select nullif(name, '') from app_user u join membership m on m.user_id = u.id"
    " where m.account_id = :account_id and u.id = :user_id"
)


async def name_of(session: AsyncSession, user_id: UserId) -> str | None:
    """Return a member's name; None if they have none."""
    parameters = {"account_id": tenant_of(session), "user_id": user_id}
    name: str | None = await session.scalar(_NAMED, parameters)
    return name


_IN_HAND: Final = text(
    f"with {TENANT} select c.id, c.state, nullif(u.name, '') as name from conversation c"
    " left join membership m on m.account_id = c.account_id and m.user_id = c.assignee_id"
    " left join app_user u on u.id = m.user_id"
    " where c.account_id = :account_id and c.id = any(:ids) and exists (select from project p"
    "  where p.account_id = c.account_id and p.id = c.project_id and p.deleted_at is null)"
    f" and {IS_SET}"
)
_OF_VISITOR: Final = text(
    f"with {TENANT} select a.suspended_at is not null as suspended from conversation c"
    " join account a on a.account_id = c.account_id join project p"
    "  on p.account_id = c.account_id and p.id = c.project_id and p.deleted_at is null"
    " where c.account_id = :account_id and c.id = :id and c.project_id = :project_id"
    f" and c.visitor_id = :visitor_id and {IS_SET}"
)


async def in_hand(executor: Executor, ids: Collection[ConversationId]) -> Sequence[InHand]:
    """Return who has these conversations, as their visitors are told: at most one round trip."""
    rows: Any = await executor.rows(_IN_HAND, {"ids": [*ids]}) if ids else []
    return [InHand(ConversationId(row.id), row.state, row.name) for row in rows]


async def closed_to_visitor(
    executor: Executor,
    conversation_id: ConversationId,
    project_id: ProjectId,
    visitor_id: VisitorId,
) -> bool | None:
    """Tell whether a visitor's own conversation is closed to them, as its account is suspended.

    None if it is not theirs. It takes one round trip.
    """
    parameters = {"id": conversation_id, "project_id": project_id, "visitor_id": visitor_id}
    rows = await executor.rows(_OF_VISITOR, parameters)
    return bool(rows[0].suspended) if rows else None
