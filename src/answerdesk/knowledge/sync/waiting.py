"""How long a sync waits where a site asks it to: for one page, or for the whole site."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Self
from uuid import UUID

LONGEST_REST: Final = 60.0
"""Maximum seconds that a sync waits for one page; beyond that, the next sync tries again."""

LONGEST_PAUSE: Final = 300.0
"""Maximum seconds that a sync pauses for a whole site."""


class Paused(Exception):
    """The step ends early; the sync continues after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:g} s")
        self.delay = timedelta(seconds=min(seconds, LONGEST_PAUSE))


class Resting:
    """Pages that must not be fetched again before a time, by the wall clock."""

    def __init__(self, until: Mapping[UUID, float]) -> None:
        self._until = dict(until)

    @classmethod
    def load(cls, data: Mapping[str, float]) -> Self:
        """Read what `dump` has written."""
        return cls({UUID(page_id): until for page_id, until in data.items()})

    def dump(self) -> dict[str, float]:
        """Return the pages still resting as JSON, to store between the steps of a sync."""
        return {str(page_id): self._until[page_id] for page_id in self.pages()}

    def add(self, page_id: UUID, seconds: float) -> None:
        """Let a page rest for `seconds` from now."""
        self._until[page_id] = time.time() + seconds

    def pages(self) -> Sequence[UUID]:
        """Return the pages that still rest."""
        now = time.time()
        return [page_id for page_id, until in self._until.items() if until > now]

    def seconds(self) -> float:
        """Return the seconds until the first page has rested; 0 if none rests."""
        now = time.time()
        return min((until - now for until in self._until.values() if until > now), default=0.0)
