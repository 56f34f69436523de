"""The port to the formats: each writes an event as its receivers expect it."""

import json
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.events import Event
from answerdesk.webhooks.types import Endpoint, Format

Session: TypeAlias = AsyncSession
"""What an encoder reads the rows in; dialects may not name SQLAlchemy's types."""


class Encoder(Protocol):
    """Writes the events of one format."""

    @property
    def format(self) -> Format: ...

    @property
    def names(self) -> Mapping[str, str]:
        """The events that it can tell: the name of our type, and its own name for it."""

    async def body(
        self, session: Session, event: Event, endpoint: Endpoint
    ) -> Mapping[str, Any] | None:
        """Return the body, read from the rows as they are now.

        Returns None if what it would tell of is gone.
        """

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the body of an event that did not happen: the example of one of `names`.

        It has the same fields as `body` returns, and the time of `event`.
        """

    def headers(self, secret: str, body: bytes) -> Mapping[str, str]:
        """Return the headers of its own, beside those of Standard Webhooks."""


Encoders = Mapping[Format, Encoder]


def written(body: Mapping[str, Any]) -> bytes:
    """Return a body as it is sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


class Details(Protocol):
    """What events tell of, beyond their payloads: fields that go beside the payload's.

    Texts that may be long are values of the objects in it. A `path` in such an object is where the
    API shows the whole.
    """

    async def read(self, session: Session, event: Event) -> Mapping[str, Any] | None:
        """Return the details as they are now; None if what the event tells of is gone."""

    def example(self, event: Event) -> Mapping[str, Any]:
        """Return the details of an event that did not happen."""
