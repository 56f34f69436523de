"""The live inbox of one process: streams and polling for people, and streams for visitors."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.authentication import Authenticator
from answerdesk.accounts.principal import Principal
from answerdesk.conversations.access import require_open
from answerdesk.conversations.errors import visitor_token_expired
from answerdesk.conversations.visitors.tokens import VisitorClaims
from answerdesk.core.database import Database
from answerdesk.core.errors import DomainError, NotAuthenticated, NotFound, NotPermitted
from answerdesk.core.events import settled
from answerdesk.core.live import (
    EXPIRED,
    FOREIGN,
    Cursor,
    Frame,
    Live,
    Subscription,
    cursor_tag,
    read_cursor,
)
from answerdesk.core.ratelimit import WindowFull
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, UserId, new_id
from answerdesk.inbox.listing import service as listing
from answerdesk.inbox.live import repository
from answerdesk.inbox.live.counting import Counting
from answerdesk.inbox.live.presence import Presences
from answerdesk.inbox.live.rendering import (
    InboxRenderer,
    json_bytes,
    model_bytes,
    projects_frame,
)
from answerdesk.inbox.live.types import OneConversation, OwnTopic, View
from answerdesk.inbox.live.typing import Typing
from answerdesk.inbox.live.visitors import ConversationRenderer, state_frame
from answerdesk.inbox.schemas import CountsOut
from answerdesk.inbox.types import Counts, Person, Viewer
from answerdesk.projects.service import get_project

_READ: Final = "conversations:read"
_FRESH: Final = 10.0
"""Seconds for which a project's standing is known."""

_MOST_KNOWN: Final = 10_000


@dataclass(frozen=True, slots=True)
class Polled:
    """What has happened since a cursor, and the next one; `more` says there is more already."""

    frames: Sequence[Frame]
    cursor: str
    more: bool


class LiveInbox:
    """What people and visitors follow in this process."""

    def __init__(self, database: Database, live: Live, authenticator: Authenticator) -> None:
        self._database = database
        self._live = live
        self._authenticator = authenticator
        self._standing = _Standing(database)
        self._inbox = InboxRenderer(database)
        self._of_visitors = ConversationRenderer(database)
        self._counting = Counting(database, live, _counts_bytes)
        self._counting.renderer = self._inbox
        self._inbox.counting = self._counting
        self.presences = Presences(database, live)
        self.typing = Typing(database, live)

    async def close(self) -> None:
        """Stop counting, and let those go who are present; may be called again."""
        await self._counting.close()
        await self.presences.close()

    async def cursor(self, session: AsyncSession, account_id: AccountId) -> str:
        """Return the cursor for what is read afterwards in the same transaction."""
        tag = cursor_tag(account_id, self._inbox.kind)
        return Cursor(await settled(session), int(time.time())).encoded(tag)

    async def people(self, session: AsyncSession, viewer: Viewer) -> Sequence[Person]:
        """Return the account's members, and what of this viewer's projects they have open."""
        return await repository.people(session, viewer.projects)

    async def stream(
        self, caller: Principal, authorization: str, after: str | None, base_url: str
    ) -> AsyncGenerator[bytes, None]:
        """Yield what a caller sees of the inbox as it changes, as server-sent events."""
        account_id, viewer, stream_id = caller.account_id, viewer_of(caller), new_id()
        cursor = self._place(account_id, self._inbox.kind, after)
        if after is not None and cursor is None:
            yield FOREIGN.written(0, "")
            return
        own = OwnTopic(viewer.user_id, viewer.projects)

        async def opening() -> Sequence[Frame]:
            first = Frame("stream", json_bytes({"stream_id": str(stream_id)}))
            return [
                first,
                *await self._projects(caller),
                await self._counting.first(account_id, own),
            ]

        async def check() -> Frame | None:
            return await self._still(caller, authorization)

        wanted = Subscription(
            account_id,
            self._inbox,
            (own, _view(viewer, base_url)),
            cursor,
            opening,
            check,
        )
        self._counting.due(account_id)
        present = (
            nullcontext()
            if viewer.user_id is None
            else self.presences.during(account_id, viewer.user_id, stream_id)
        )
        async with aclosing(self._live.stream(wanted)) as frames:
            first = await anext(frames, None)
            if first is None:
                return
            yield first
            # From now on, so that they hear of it, too.
            with present:
                async for one in frames:
                    yield one

    async def poll(self, caller: Principal, after: str, base_url: str) -> Polled:
        """Return the same frames for those who ask again and again."""
        account_id, viewer = caller.account_id, viewer_of(caller)
        cursor = self._place(account_id, self._inbox.kind, after)
        if cursor is None:
            return Polled([FOREIGN], after, more=False)
        own = OwnTopic(viewer.user_id, viewer.projects)
        wanted = Subscription(account_id, self._inbox, (own, _view(viewer, base_url)))
        found = await self._live.missed(wanted, cursor)
        if found is None:
            return Polled([EXPIRED], after, more=False)
        frames = [
            *found.frames,
            *await self._projects(caller),
            await self._counting.first(account_id, own),
        ]
        tag = cursor_tag(account_id, self._inbox.kind)
        return Polled(frames, found.cursor.encoded(tag), found.more)

    async def visitor_stream(
        self,
        claims: VisitorClaims,
        conversation_id: ConversationId,
        after: str | None,
        base_url: str,
    ) -> AsyncGenerator[bytes, None]:
        """Yield what happens in a visitor's own conversation, as server-sent events."""
        cursor = self._place(claims.account_id, self._of_visitors.kind, after)
        if after is not None and cursor is None:
            yield FOREIGN.written(0, "")
            return

        async def opening() -> Sequence[Frame]:
            reads = self._database.single(claims.account_id)
            found = await repository.in_hand(reads, [conversation_id])
            return [state_frame(one) for one in found]

        async def check() -> Frame | None:
            if claims.expires_at < time.time():
                return _ended(visitor_token_expired())
            return await self._standing.check(claims.account_id, claims.project_id)

        topic = OneConversation(conversation_id, base_url)
        wanted = Subscription(
            claims.account_id, self._of_visitors, (topic,), cursor, opening, check
        )
        async with aclosing(self._live.stream(wanted)) as frames:
            async for one in frames:
                yield one

    async def visitor_types(self, claims: VisitorClaims, conversation_id: ConversationId) -> None:
        """Tell people that the visitor types. Raises NotFound if it isn't their conversation."""
        await self.typing.by_visitor(
            claims.account_id, claims.project_id, claims.visitor_id, conversation_id
        )

    def _place(self, account_id: AccountId, kind: str, after: str | None) -> Cursor | None:
        return None if after is None else read_cursor(after, cursor_tag(account_id, kind))

    async def _projects(self, caller: Principal) -> Sequence[Frame]:
        reads = self._database.single(caller.account_id)
        return [projects_frame(await listing.projects_of(reads, viewer_of(caller)))]

    async def _still(self, caller: Principal, authorization: str) -> Frame | None:
        """Return the last frame if the caller may no longer see what they see."""
        try:
            now = (await self._authenticator.admit(authorization)).caller
            now.require(_READ)
        except WindowFull:
            return None
        except (NotAuthenticated, NotPermitted) as error:
            return _ended(error)
        if (now.account_id, now.projects) != (caller.account_id, caller.projects):
            changed = "What this credential may see has changed; reconnect"
            return _ended(NotPermitted(changed, code="access_changed"))
        return None


class _Standing:
    """Whether projects still take visitors, looked up once for all of a project's streams."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[AccountId, ProjectId], tuple[float, Frame | None]] = {}

    async def check(self, account_id: AccountId, project_id: ProjectId) -> Frame | None:
        now = time.monotonic()
        at, last = self._known.get((account_id, project_id), (-_FRESH, None))
        if now - at < _FRESH:
            return last
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        last = await self._look(account_id, project_id)
        self._known[account_id, project_id] = (now, last)
        return last

    async def _look(self, account_id: AccountId, project_id: ProjectId) -> Frame | None:
        async with self._database.transaction(account_id) as session:
            try:
                await require_open(session)
                await get_project(session, project_id)
            except (NotFound, NotPermitted) as error:
                return _ended(error)
        return None


def _ended(error: DomainError) -> Frame:
    return Frame("ended", json_bytes({"code": error.code, "detail": error.message}))


def _counts_bytes(counts: Counts) -> bytes:
    return model_bytes(CountsOut.of(counts))


def viewer_of(caller: Principal) -> Viewer:
    """Return what a caller sees: a person with marks of their own, or a key."""
    user_id = UserId(caller.subject) if caller.kind == "user" else None
    return Viewer(user_id, caller.projects)


def _view(viewer: Viewer, base_url: str) -> View:
    return View(viewer.projects, base_url, is_for_people=viewer.user_id is not None)
