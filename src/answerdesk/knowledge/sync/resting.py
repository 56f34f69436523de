"""What a website asks to come back to later: one page while the others are looked at, or all."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Self
from uuid import UUID

LONGEST_REST: Final = 60.0
"""Seconds that a sync waits for one page; who asks for more is asked again by the next sync."""

LONGEST_PAUSE: Final = 300.0
"""Seconds that a sync leaves a whole site alone at most."""


class Paused(Exception):
    """The step ends before its time, to go on after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:g} s")
        self.delay = timedelta(seconds=min(seconds, LONGEST_PAUSE))


class Resting:
    """Pages that rest, each until its time, by the clock of the day."""

    def __init__(self, until: Mapping[UUID, float]) -> None:
        self._until = dict(until)

    @classmethod
    def load(cls, data: Mapping[str, float]) -> Self:
        """Return what `dump` has written."""
        return cls({UUID(page_id): until for page_id, until in data.items()})

    def dump(self) -> dict[str, float]:
        """Return those that still rest as JSON, to keep between the steps of a sync."""
        return {str(page_id): self._until[page_id] for page_id in self.pages()}

    def add(self, page_id: UUID, seconds: float) -> None:
        """Let a page rest from now on."""
        self._until[page_id] = time.time() + seconds

    def pages(self) -> Sequence[UUID]:
        """Return the pages whose time has not come."""
        now = time.time()
        return [page_id for page_id, until in self._until.items() if until > now]

    def seconds(self) -> float:
        """Return in how many seconds the next page's time comes; 0 if none rests."""
        now = time.time()
        return min((until - now for until in self._until.values() if until > now), default=0.0)
