"""Limits by client address on what takes no credential, or one that anybody can get."""

import hmac
from typing import Final

from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.errors import RateLimited
from answerdesk.core.ratelimit import take

_PURPOSE: Final = "client address"
_WINDOW: Final = 60


class AddressLimits:
    """Counts sessions and anonymous messages of each client address, over all processes.

    What is stored is a keyed hash of the address; without the key it cannot be tried out.
    """

    def __init__(self, database: Database, sealer: Sealer, *, sessions: int, messages: int) -> None:
        """Take the most `sessions` and `messages` of a minute; 0 is no limit."""
        self._database = database
        self._key = sealer.derive(_PURPOSE)
        self._sessions = sessions
        self._messages = messages

    async def take_session(self, address: str) -> None:
        """Count the start or renewal of a session; raises RateLimited."""
        said = "Too many sessions are being started from your network"
        await self._take("visitor-session", address, self._sessions, said)

    async def take_message(self, address: str) -> None:
        """Count a message of somebody whom no site has signed for; raises RateLimited."""
        said = "Messages are coming from your network faster than they can be answered"
        await self._take("visitor-message", address, self._messages, said)

    async def _take(self, what: str, address: str, limit: int, said: str) -> None:
        if limit == 0:
            return
        digest = hmac.new(self._key, f"{what}:{address}".encode(), "sha256").hexdigest()
        try:
            await take(self._database, f"{what}:{digest}", limit, _WINDOW)
        except RateLimited as error:
            wait = max(1, round(error.retry_after))
            message = f"{said}. Please try again in {wait} seconds."
            raise RateLimited(message, retry_after=error.retry_after) from error
