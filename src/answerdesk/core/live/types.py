"""What live views are made of: cursors, frames, and what turns events into frames."""

import hashlib
import re
import time
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from answerdesk.core.events import Event
from answerdesk.core.tenancy import AccountId

Topic = Hashable
"""What a subscriber wants to hear of; only the renderer knows what it stands for."""

CURSOR_SECONDS: Final = 24 * 3600
"""How long after its event a cursor can be continued from."""

_CURSOR: Final = re.compile(r"([0-9]{1,18})-([0-9a-f]{1,12})-([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an account's events: the last one that is known, and the second it is of."""

    event_id: int
    at: int

    @property
    def is_expired(self) -> bool:
        return self.at < time.time() - CURSOR_SECONDS

    def encoded(self, tag: str) -> str:
        """Write it for clients; `tag` says for which kind of view of which account it is."""
        return f"{self.event_id}-{self.at:x}-{tag}"


def read_cursor(text: str, tag: str) -> Cursor | None:
    """Read a cursor; None for another view's and for any other text.

    It is a position, never a permission, so the tag detects mistakes and not forgery.
    """
    found = _CURSOR.fullmatch(text)
    if found is None or found[3] != tag:
        return None
    return Cursor(int(found[1]), int(found[2], 16))


def cursor_tag(account_id: AccountId, kind: str) -> str:
    """Return what marks the cursors of one kind of view of an account."""
    return hashlib.sha256(f"{kind}:{account_id}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing that a subscriber is told; `data` is a JSON object.

    A client that has this frame continues after the event `event_id`. It is None where earlier
    events may still have frames to come.
    """

    event: str
    data: bytes
    event_id: int | None = None

    def written(self, at: int, tag: str) -> bytes:
        """Return it as a server-sent event."""
        head = f"event: {self.event}\ndata: ".encode()
        if self.event_id is not None:
            head = f"id: {Cursor(self.event_id, at).encoded(tag)}\n".encode() + head
        return b"%b%b\n\n" % (head, self.data)


@dataclass(frozen=True, slots=True)
class Batch:
    """New events of an account, oldest first; who has read them all is at `upto`.

    `topics` are all that anybody wants to hear of.
    """

    account_id: AccountId
    events: Sequence[Event]
    upto: int
    topics: Collection[Topic]

    @property
    def at(self) -> int:
        """The second of the last event."""
        return int(self.events[-1].created_at.timestamp())


Rendered = Mapping[Topic, Sequence[Frame]]
"""The frames for each topic; a topic without frames may be missing."""

Passing = Mapping[str, Any]
"""A message that is stored nowhere: who misses it has missed nothing that lasts."""


class Renderer(Protocol):
    """Turns what happens in an account into frames, once for all subscribers of its kind."""

    @property
    def kind(self) -> str:
        """A name that no other renderer has."""
        ...

    async def render(self, batch: Batch) -> Rendered:
        """Return the frames for a batch of events, as things are now.

        A subscriber who has the last frame with an `event_id` must need nothing of earlier events.
        """
        ...

    def passing(self, message: Passing, topics: Collection[Topic]) -> Rendered:
        """Return the frames for a message that is stored nowhere."""
        ...
