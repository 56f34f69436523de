"""Reads the inbox: entries by filter, search or id, counts, and people's own marks."""

# ruff: noqa: S608 - statements are put together from constants of this module only.

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.history.types import (
    ConversationSummary,
    Preview,
    VisitorOfConversation,
)
from answerdesk.conversations.types import VisitorId
from answerdesk.core.database import IS_SET, TENANT, Executor, tenant_of
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, UserId
from answerdesk.inbox.listing.types import Filters, Order, Own, Place
from answerdesk.inbox.types import Counts, Draft, Entry, Viewer
from answerdesk.leads.types import Contact

_PREVIEW: Final = 200
"""Length of the previews of messages, in code points."""

_STANDS: Final = (
    "exists (select from project p where p.account_id = c.account_id and p.id = c.project_id"
    " and p.deleted_at is null)"
)
_SNOOZED: Final = "coalesce(c.snoozed_until > clock_timestamp(), false)"
_ENTRY: Final = (
    "select c.id, c.project_id, c.state, c.visitor_id, c.opens_by_id, c.page_url, c.escalated_at,"
    " c.created_at, c.updated_at, c.version, c.assignee_id, c.waiting_since, c.snoozed_until,"
    " c.visitor_wrote_at, v.external_id, v.outside_id, v.dialect, v.identity, v.email, v.name,"
    " latest.id as latest_id, latest.author as latest_author, latest.content as latest_content,"
    " asked.content as visitor_said, tagged.tags, clock.due_at, clock.breached,"
    " l.name as left_name, l.email as left_email, l.phone as left_phone"
    " from conversation c"
    " left join visitor v on v.account_id = c.account_id and v.id = c.visitor_id"
    " left join lead l on l.account_id = c.account_id and l.conversation_id = c.id"
    " left join lateral ("
    f"  select m.id, m.author, left(m.content, {_PREVIEW}) as content from message m"
    "   where m.account_id = c.account_id and m.conversation_id = c.id"
    "   order by m.created_at desc, m.id desc limit 1) latest on true"
    " left join lateral ("
    f"  select left(m.content, {_PREVIEW}) as content from message m"
    "   where m.account_id = c.account_id and m.conversation_id = c.id and m.author = 'visitor'"
    "   order by m.created_at desc, m.id desc limit 1) asked on true"
    " left join lateral ("
    "  select array_agg(t.tag order by t.tag) as tags from conversation_tag t"
    "   where t.account_id = c.account_id and t.conversation_id = c.id) tagged on true"
    " left join lateral ("
    "  select min(s.due_at) filter (where s.breached_at is null) as due_at,"
    "   coalesce(bool_or(s.breached_at is not null), false) as breached from sla_clock s"
    "   where s.account_id = c.account_id and s.conversation_id = c.id and s.met_at is null"
    "    and s.cancelled_at is null) clock on true"
    " where c.account_id = :account_id"
)
_BY_ID: Final = text(f"with {TENANT} {_ENTRY} and {_STANDS} and c.id = any(:ids) and {IS_SET}")

# Words are found by an index (`conversations_with`, migration 0033). Scripts without spaces have no
# words to look up, and people remember parts of words: these are found in what is recent. What is
# found is made an array, so that however much or little it is, each is looked up by its id.
_RECENT_CONVERSATIONS: Final = 500
_RECENT_VISITORS: Final = 10_000
_RECENT_LEADS: Final = 10_000
_SEARCH: Final = (
    " and c.id = any(array("
    "  select conversation_id from conversations_with(:search)"
    "  union"
    "  select m.conversation_id from message m"
    "   where m.account_id = :account_id and m.content ilike :part"
    "   and m.conversation_id = any(array("
    "    select id from conversation where account_id = :account_id"
    f"     order by updated_at desc, id desc limit {_RECENT_CONVERSATIONS}))"
    "  union"
    "  select o.id from conversation o where o.account_id = :account_id"
    "   and o.visitor_id = any(array("
    "    select n.id from (select id, name, email from visitor where account_id = :account_id"
    "      and (email is not null or name is not null)"
    f"     order by created_at desc limit {_RECENT_VISITORS}) n"
    "    where n.name ilike :part or n.email ilike :part))"
    "  union"
    "  select n.conversation_id from (select conversation_id, name, email, phone from lead"
    "    where account_id = :account_id and conversation_id is not null"
    f"    order by created_at desc limit {_RECENT_LEADS}) n"
    "   where n.name ilike :part or n.email ilike :part or n.phone ilike :part))"
)
_UNREAD: Final = (
    " and c.state in ('waiting', 'human') and not exists ("
    "  select from read_mark r where r.account_id = c.account_id and r.user_id = :user_id"
    "   and r.conversation_id = c.id and r.read_at >= c.visitor_wrote_at)"
)
_TAGGED: Final = (
    " and exists (select from conversation_tag t where t.account_id = c.account_id"
    "  and t.conversation_id = c.id and t.tag_key = lower(:tag))"
)


_BEHIND: Final[Mapping[Order, str]] = {
    "newest": " and (c.updated_at, c.id) < (:after_time, :after_id)",
    "waiting": " and (c.waiting_since, c.id) > (:after_time, :after_id)",
}
_ORDER: Final[Mapping[Order, str]] = {
    "newest": " order by c.updated_at desc, c.id desc",
    "waiting": " order by c.waiting_since, c.id",
}


def _statement(viewer: Viewer, filters: Filters, after: Place) -> TextClause:
    conditions = {
        " and c.project_id = any(:projects)": viewer.projects is not None,
        " and c.project_id = :project_id": filters.project_id is not None,
        " and c.state = any(cast(:states as text[]))": bool(filters.states),
        " and c.assignee_id is null": filters.assignee == "none",
        " and c.assignee_id = :assignee": filters.assignee not in (None, "none"),
        _TAGGED: filters.tag is not None,
        f" and {_SNOOZED}": filters.snoozed is True,
        f" and not {_SNOOZED}": filters.snoozed is False,
        _UNREAD: filters.unread,
        _SEARCH: filters.search is not None,
        " and c.waiting_since is not null": filters.order == "waiting",
        _BEHIND[filters.order]: after is not None,
    }
    wanted = "".join(condition for condition, holds in conditions.items() if holds)
    order = _ORDER[filters.order]
    # First the page, then what its entries show: else messages of all that fit are looked up.
    page = (
        "select c.id from conversation c"
        f" where c.account_id = :account_id and {_STANDS}{wanted}{order} limit :limit"
    )
    return text(f"{_ENTRY} and c.id = any(array({page})){order}")


async def entries(
    session: AsyncSession, viewer: Viewer, filters: Filters, after: Place, limit: int
) -> Sequence[Entry]:
    """Return up to `limit` entries after `after`, in the order that the filters name."""
    after_time, after_id = after or (None, None)
    parameters = {
        "account_id": tenant_of(session),
        "projects": None if viewer.projects is None else [*viewer.projects],
        "project_id": filters.project_id,
        "states": [*filters.states],
        "assignee": filters.assignee,
        "user_id": viewer.user_id,
        "tag": filters.tag,
        "search": filters.search,
        "part": _part(filters.search or ""),
        "after_time": after_time,
        "after_id": after_id,
        "limit": limit,
    }
    statement = _statement(viewer, filters, after)
    return [_entry(row) for row in await session.execute(statement, parameters)]


def _part(searched: str) -> str:
    escaped = searched.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


async def entries_by_id(executor: Executor, ids: Collection[ConversationId]) -> Sequence[Entry]:
    """Return those of these conversations that stand, in any order."""
    return [_entry(row) for row in await executor.rows(_BY_ID, {"ids": [*ids]})]


def _entry(row: Any) -> Entry:  # noqa: ANN401  # A row of `_ENTRY`.
    visitor = None if row.visitor_id is None else _visitor(row)
    latest = None if row.latest_id is None else Preview(row.latest_author, row.latest_content)
    return Entry(
        summary=ConversationSummary(
            id=ConversationId(row.id),
            project_id=ProjectId(row.project_id),
            state=row.state,
            assignee_id=None if row.assignee_id is None else UserId(row.assignee_id),
            visitor=visitor,
            opens_by_id=row.opens_by_id,
            page_url=row.page_url,
            latest=latest,
            escalated_at=row.escalated_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
        ),
        version=row.version,
        waiting_since=row.waiting_since,
        snoozed_until=row.snoozed_until,
        visitor_wrote_at=row.visitor_wrote_at,
        visitor_said=row.visitor_said,
        latest_message_id=None if row.latest_id is None else MessageId(row.latest_id),
        tags=tuple(row.tags or ()),
        sla_due_at=row.due_at,
        sla_breached=row.breached,
        contact=_contact(row),
    )


def _contact(row: Any) -> Contact | None:  # noqa: ANN401  # A row of `_ENTRY`.
    contact = Contact(name=row.left_name, email=row.left_email, phone=row.left_phone)
    return None if contact == Contact() else contact


def _visitor(row: Any) -> VisitorOfConversation:  # noqa: ANN401  # A row of `_ENTRY`.
    # Only Orac's widget writes `external_id`.
    dialect: Dialect | None = row.dialect or (None if row.external_id is None else "orac")
    return VisitorOfConversation(
        VisitorId(row.visitor_id),
        row.external_id or row.outside_id,
        dialect,
        row.identity,
        row.email,
        row.name,
    )


# Conversations that are in the hands of people are few, however many there are.
_IN_HAND: Final = text(
    f"with {TENANT} select c.project_id, c.assignee_id,"
    " count(*) filter (where c.state = 'waiting') as waiting,"
    " count(*) filter (where c.state = 'human') as human"
    " from conversation c where c.account_id = :account_id and c.state in ('waiting', 'human')"
    f" and not {_SNOOZED} and {_STANDS} and {IS_SET} group by 1, 2"
)
_SNOOZED_ONES: Final = text(
    f"with {TENANT} select c.project_id, count(*) as snoozed from conversation c"
    " where c.account_id = :account_id and c.snoozed_until > clock_timestamp()"
    f" and {_STANDS} and {IS_SET} group by 1"
)
_READ: Final = text(
    f"with {TENANT} select r.user_id, c.project_id, count(*) as read from conversation c"
    " join read_mark r on r.account_id = c.account_id and r.conversation_id = c.id"
    " where c.account_id = :account_id and c.state in ('waiting', 'human')"
    " and r.user_id = any(:users) and r.read_at >= c.visitor_wrote_at"
    f" and not {_SNOOZED} and {_STANDS} and {IS_SET} group by 1, 2"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of an account at one time, for all viewers among `users`."""

    in_hand: Sequence[tuple[ProjectId, UserId | None, int, int]]
    """By project and assignee: how many wait, how many are with people."""
    snoozed: Sequence[tuple[ProjectId, int]]
    read: Sequence[tuple[UserId, ProjectId, int]]

    def of(self, viewer: Viewer, project_id: ProjectId | None = None) -> Counts:
        """Return what a viewer sees, of one project or of all that they see."""
        return self.within(viewer.projects, project_id).of(viewer.user_id)

    def within(
        self, projects: frozenset[ProjectId] | None, project_id: ProjectId | None = None
    ) -> "Within":
        """Return the counts of those who see these projects (None: all), of one or of all."""

        def seen(project: ProjectId) -> bool:
            if project_id is not None and project != project_id:
                return False
            return projects is None or project in projects

        waiting = human = 0
        held: Counter[UserId | None] = Counter()
        for project, who, waits, with_people in self.in_hand:
            if seen(project):
                waiting += waits
                human += with_people
                held[who] += waits + with_people
        read: Counter[UserId] = Counter()
        for user_id, project, number in self.read:
            if seen(project):
                read[user_id] += number
        snoozed = sum(number for project, number in self.snoozed if seen(project))
        return Within(waiting, human, snoozed, held, read)


@dataclass(frozen=True, slots=True)
class Within:
    """Counts for all who see the same; `held` and `read` are by person, None holds the rest."""

    waiting: int
    human: int
    snoozed: int
    held: Mapping[UserId | None, int]
    read: Mapping[UserId, int]

    def of(self, user_id: UserId | None) -> Counts:
        """Return what one of them sees; a key has nothing of its own."""
        in_hand = self.waiting + self.human
        return Counts(
            waiting=self.waiting,
            mine=0 if user_id is None else self.held.get(user_id, 0),
            unassigned=self.held.get(None, 0),
            with_people=self.human,
            unread=0 if user_id is None else in_hand - self.read.get(user_id, 0),
            snoozed=self.snoozed,
        )


async def tally(executor: Executor, users: Collection[UserId]) -> Tally:
    """Count the account's conversations for all these people at once."""
    return Tally(
        in_hand=await executor.rows(_IN_HAND, {}),
        snoozed=await executor.rows(_SNOOZED_ONES, {}),
        read=await executor.rows(_READ, {"users": [*users]}) if users else [],
    )


_THEIRS: Final = (
    "account_id = :account_id and conversation_id = any(:ids) and user_id = any(:users)"
)
_OWN: Final = text(
    f"with {TENANT} select user_id, conversation_id, read_at, null as kind, null as content,"
    "  null::bigint as version, null::timestamptz as updated_at from read_mark"
    f" where {_THEIRS} and {IS_SET}"
    " union all select user_id, conversation_id, null, kind, content, version, updated_at"
    f" from draft where {_THEIRS} and {IS_SET} order by kind desc"
)


async def own_of(
    executor: Executor, ids: Collection[ConversationId], users: Collection[UserId]
) -> dict[tuple[UserId, ConversationId], Own]:
    """Return the marks and drafts of these people in these conversations, if they have any."""
    drafts: defaultdict[tuple[UserId, ConversationId], list[Draft]] = defaultdict(list)
    marks: dict[tuple[UserId, ConversationId], datetime] = {}
    for row in await executor.rows(_OWN, {"ids": [*ids], "users": [*users]}):
        whose = (UserId(row.user_id), ConversationId(row.conversation_id))
        if row.kind is None:
            marks[whose] = row.read_at
        else:
            drafts[whose].append(
                Draft(row.conversation_id, row.kind, row.content, row.version, row.updated_at)
            )
    return {
        (user, one): Own(one, user, marks.get((user, one)), tuple(drafts.get((user, one), ())))
        for user, one in {*marks, *drafts}
    }


_PROJECTS: Final = text(
    f"with {TENANT} select id from project where account_id = :account_id and deleted_at is null"
    f" and {IS_SET} order by created_at, id"
)


async def projects(executor: Executor) -> Sequence[ProjectId]:
    """Return the ids of the account's projects."""
    return [ProjectId(row.id) for row in await executor.rows(_PROJECTS, {})]
