"""Rate limits per client address, for calls without a credential or with one anybody can get."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from answerdesk.core.crypto import Sealer
from answerdesk.core.database import Database
from answerdesk.core.errors import RateLimited
from answerdesk.core.ratelimit import Window, take

_PURPOSE: Final = "client address"
_WINDOW: Final = 60
_MESSAGES_TOO_FAST: Final = "Messages are coming from your network faster than they can be answered"


class AddressLimits:
    """Counts sessions and anonymous messages per client address, across all processes.

    Only a keyed hash of the address is stored; without the key addresses can't be guessed from it.
    """

    def __init__(self, database: Database, sealer: Sealer, *, sessions: int, messages: int) -> None:
        """Allow at most `sessions` and `messages` per minute; 0 means no limit."""
        self._database = database
        self._key = sealer.derive(_PURPOSE)
        self._sessions = sessions
        self._messages = messages

    async def take_session(self, address: str) -> None:
        """Count the start or renewal of a session; raises RateLimited."""
        said = "Too many sessions are being started from your network"
        await self._take("visitor-session", address, self._sessions, said)

    @contextmanager
    def messages_window(self, address: str | None) -> Iterator[Window | None]:
        """Yield the window that counts an anonymous message of `address`; None if unlimited.

        Count within the block, which words the refusal.
        """
        if address is None or self._messages == 0:
            yield None
            return
        with _worded(_MESSAGES_TOO_FAST):
            yield self._window("visitor-message", address, self._messages)

    async def _take(self, what: str, address: str, limit: int, said: str) -> None:
        if limit == 0:
            return
        window = self._window(what, address, limit)
        with _worded(said):
            await take(self._database, window.name, window.limit, _WINDOW)

    def _window(self, what: str, address: str, limit: int) -> Window:
        digest = hmac.new(self._key, f"{what}:{address}".encode(), "sha256").hexdigest()
        return Window(f"{what}:{digest}", limit, _WINDOW)


@contextmanager
def _worded(said: str) -> Iterator[None]:
    """Turn RateLimited into an error worded for visitors."""
    try:
        yield
    except RateLimited as error:
        wait = max(1, round(error.retry_after))
        message = f"{said}. Please try again in {wait} seconds."
        raise RateLimited(message, retry_after=error.retry_after) from error
