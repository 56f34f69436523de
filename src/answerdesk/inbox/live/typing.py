"""Tells that somebody types: passing, and no more often than it helps."""

import time
from typing import Any, Final

from answerdesk.accounts.types import USER_PREFIX
from answerdesk.conversations.errors import conversation_not_found, desk_suspended
from answerdesk.conversations.types import CONVERSATION_PREFIX, VisitorId
from answerdesk.core.database import Database
from answerdesk.core.live import Live
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, UserId, public_id
from answerdesk.inbox.live import repository
from answerdesk.inbox.live.types import Who

_AGAIN: Final = 2.0
"""Seconds in which a writer's further notes that they type are dropped."""

_MOST_WRITERS: Final = 10_000
_MOST_A_SECOND: Final = 25
"""Notes of one account that this process passes on."""

_NAME: Final = 100

Writer = tuple[ConversationId, UserId | None]


class Typing:
    """Passes on who types, to all processes."""

    def __init__(self, database: Database, live: Live) -> None:
        self._database = database
        self._live = live
        self._told: dict[Writer, float] = {}
        self._seconds: dict[AccountId, tuple[int, int]] = {}

    async def by_person(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        conversation_id: ConversationId,
        user_id: UserId | None,
    ) -> None:
        """Tell colleagues and the visitor that a person types; a key has no name."""
        if not self._admit(account_id, (conversation_id, user_id or UserId(account_id))):
            return
        name = None
        if user_id is not None:
            async with self._database.transaction(account_id) as session:
                name = await repository.name_of(session, user_id)
        message = _message("person", project_id, conversation_id)
        message["user_id"] = None if user_id is None else public_id(USER_PREFIX, user_id)
        message["name"] = None if name is None else name[:_NAME]
        await self._live.send(account_id, message)

    async def by_visitor(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        visitor_id: VisitorId,
        conversation_id: ConversationId,
    ) -> None:
        """Tell people that a visitor types.

        Raises NotFound if the conversation is not theirs, NotPermitted for a suspended account.
        """
        closed = await repository.closed_to_visitor(
            self._database.single(account_id), conversation_id, project_id, visitor_id
        )
        if closed is None:
            raise conversation_not_found()
        if closed:
            raise desk_suspended()
        if self._admit(account_id, (conversation_id, None)):
            await self._live.send(account_id, _message("visitor", project_id, conversation_id))

    def _admit(self, account_id: AccountId, writer: Writer) -> bool:
        now = time.monotonic()
        if now - self._told.get(writer, -_AGAIN) < _AGAIN:
            return False
        second, count = self._seconds.get(account_id, (0, 0))
        if second == int(now) and count >= _MOST_A_SECOND:
            return False
        if max(len(self._told), len(self._seconds)) >= _MOST_WRITERS:
            self._told.clear()
            self._seconds.clear()
        self._seconds[account_id] = (int(now), count + 1 if second == int(now) else 1)
        self._told[writer] = now
        return True


def _message(who: Who, project_id: ProjectId, conversation_id: ConversationId) -> dict[str, Any]:
    return {
        "kind": "typing",
        "project": str(project_id),
        "conversation_id": public_id(CONVERSATION_PREFIX, conversation_id),
        "who": who,
        "user_id": None,
        "name": None,
    }
