"""The port to the formats: each writes an event as its receivers expect it."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.events import Event
from answerdesk.webhooks.types import Endpoint, Format


class Encoder(Protocol):
    """Writes the events of one format."""

    @property
    def format(self) -> Format: ...

    @property
    def names(self) -> Mapping[str, str]:
        """The events that it can tell: the name of our type, and its own name for it."""

    async def body(
        self, session: AsyncSession, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        """Return the body, read from the rows as they are now.

        Returns None if what it would tell of is gone.
        """

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        """Return the headers of its own, beside those of Standard Webhooks."""


Encoders = Mapping[Format, Encoder]
