"""Who looks at the inbox, and what they have open there: rows that last while streams do."""

import asyncio
from collections.abc import Collection, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database, hurried
from answerdesk.core.live import Live
from answerdesk.core.tenancy import AccountId, ConversationId, UserId, public_id
from answerdesk.inbox.live import repository
from answerdesk.inbox.live.types import Presence

_LINGER: Final = 3.0
"""Seconds after the end of a stream until its person is gone: most come back immediately."""

_TOGETHER: Final = 0.1
"""Seconds from a coming or going to its row: all of an account are written together."""

_log = structlog.get_logger(__name__)


class Presences:
    """The streams of people in this process, as other processes see them."""

    def __init__(self, database: Database, live: Live) -> None:
        self._database = database
        self._live = live
        self._streams: dict[AccountId, dict[UUID, UserId]] = {}
        self._noted: dict[AccountId, dict[UUID, tuple[UserId, float]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._renewing: asyncio.Task[None] | None = None

    @contextmanager
    def during(self, account_id: AccountId, user_id: UserId, stream_id: UUID) -> Iterator[None]:
        """Show a person as present while the block lasts."""
        self._streams.setdefault(account_id, {})[stream_id] = user_id
        if self._renewing is None:
            self._renewing = self._spawn(self._keep_renewing())
        self._note(account_id, user_id, stream_id, 0)
        try:
            yield
        finally:
            streams = self._streams[account_id]
            del streams[stream_id]
            if not streams:
                del self._streams[account_id]
            self._note(account_id, user_id, stream_id, _LINGER)

    async def look_at(
        self,
        account_id: AccountId,
        user_id: UserId,
        stream_id: UUID,
        conversation_id: ConversationId | None,
    ) -> bool:
        """Note what a person has open in one stream; return False if they have no such stream."""
        # The row of a stream that has just begun is written a moment later, in this process or not.
        for pause in (0, 2 * _TOGETHER):
            await asyncio.sleep(pause)
            async with self._database.transaction(account_id) as session:
                if await repository.open_conversation(session, user_id, stream_id, conversation_id):
                    await self._tell(session, [user_id])
                    return True
        return False

    async def close(self) -> None:
        """Let everybody go who is present through this process; may be called again."""
        noted = {one: {**several} for one, several in self._noted.items()}
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for account_id, several in noted.items():
            people = {stream_id: user_id for stream_id, (user_id, _) in several.items()}
            await _logged(self._write(account_id, people))

    def _note(
        self, account_id: AccountId, user_id: UserId, stream_id: UUID, seconds: float
    ) -> None:
        """Have it written after a time that a stream came, or that it is gone."""
        at = asyncio.get_running_loop().time() + seconds
        if account_id in self._noted:
            self._noted[account_id][stream_id] = (user_id, at)
        else:
            self._noted[account_id] = {stream_id: (user_id, at)}
            self._spawn(self._keep_writing(account_id))

    async def _keep_writing(self, account_id: AccountId) -> None:
        noted = self._noted[account_id]
        try:
            while noted:
                await asyncio.sleep(_TOGETHER)
                now = asyncio.get_running_loop().time()
                due = [stream_id for stream_id, (_, at) in noted.items() if at <= now]
                if due:
                    people = {one: noted.pop(one)[0] for one in due}
                    await _logged(self._write(account_id, people))
        finally:
            del self._noted[account_id]

    async def _write(self, account_id: AccountId, people: Mapping[UUID, UserId]) -> None:
        """Write of these streams whether they are there."""
        there = self._streams.get(account_id, {})
        come = [(user_id, one) for one, user_id in people.items() if one in there]
        gone = [(user_id, one) for one, user_id in people.items() if one not in there]
        async with self._database.transaction(account_id) as session:
            if come:
                await repository.renew(session, come)
            if gone:
                await repository.leave(session, gone)
            await self._tell(session, {*people.values()})

    async def _tell(self, session: AsyncSession, users: Collection[UserId]) -> None:
        found = await repository.presences(session, users)
        await self._live.send_in(session, [_message(one) for one in found.values()])

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(repository.RENEW_SECONDS)
            for account_id, streams in [*self._streams.items()]:
                try:
                    with hurried():
                        await self._renew(account_id, streams)
                except Exception as error:  # noqa: BLE001  # It is renewed again.
                    _log.warning("presence_not_renewed", exc_info=error)

    async def _renew(self, account_id: AccountId, streams: dict[UUID, UserId]) -> None:
        async with self._database.transaction(account_id) as session:
            await repository.renew(session, [(user, stream) for stream, user in streams.items()])
            # Those whose process has died.
            await self._tell(session, await repository.forget_dead(session))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(_logged(work), context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        with hurried():
            await work
    except Exception as error:  # noqa: BLE001  # Presence ends by itself.
        _log.warning("presence_not_noted", exc_info=error)


def _message(presence: Presence) -> dict[str, Any]:
    return {
        "kind": "presence",
        "user_id": public_id(USER_PREFIX, presence.user_id),
        "online": presence.online,
        "conversations": [
            [public_id(CONVERSATION_PREFIX, one), str(project)]
            for one, project in presence.conversations
        ],
    }
