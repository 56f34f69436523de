"""How fast a sync is, and how long it will still take: from what it has done, or not at all."""

import math
from typing import Final

from answerdesk.knowledge.ledger.types import Sync

_FEW_SECONDS: Final = 3.0
"""Before that much time a rate says nothing."""


def pages_per_minute(sync: Sync) -> float | None:
    """Return how many pages a minute were looked at in the last one; None when it fetches none."""
    if sync.state != "fetching" or sync.recent_seconds < _FEW_SECONDS:
        return None
    return round(60 * sync.recent / sync.recent_seconds, 1)


def seconds_left(sync: Sync) -> int | None:
    """Return the time for the pages and documents that wait, at the rates so far.

    More pages may be found meanwhile, so it is a lower bound until all links are seen. Fetching and
    taking in go on side by side: the slower one counts. None while there is no rate to go by.
    """
    if sync.state == "indexing":
        return _time_for(sync.indexing, sync.parsed, sync.running_seconds)
    if sync.state != "fetching":
        return None
    fetching = _time_for(sync.waiting, sync.recent, sync.recent_seconds)
    if fetching is None or sync.indexing == 0:
        return fetching
    taking_in = _time_for(sync.indexing, sync.parsed, sync.running_seconds)
    return None if taking_in is None else max(fetching, taking_in)


def _time_for(left: int, done: int, seconds: float) -> int | None:
    if left == 0:
        return 0
    if done == 0 or seconds < _FEW_SECONDS:
        return None
    return math.ceil(left * seconds / done)
