"""Keeps full garbage collections short: what one has found alive, the next ones do not visit.

Python's collector visits every container at each full collection, and nothing else runs meanwhile:
half a second, measured, with what is remembered of a thousand passages. Nearly all of that lives
as long as the process.
"""

import gc
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

_FULL: Final = 2
EVERYTHING_EVERY: Final = 3600.0
"""Seconds between collections that visit all: what was alive once may be garbage in a cycle now."""


class ShortCollections:
    """A callback of the collector; see the module."""

    def __init__(self, everything_every: float = EVERYTHING_EVERY) -> None:
        self._every = everything_every
        self._due = monotonic() + everything_every

    def __call__(self, phase: str, info: Mapping[str, Any]) -> None:
        """Set aside, after a full collection, what it has found alive."""
        if info["generation"] != _FULL:
            return
        if phase == "stop":
            gc.freeze()
        elif monotonic() >= self._due:
            self._due = monotonic() + self._every
            gc.unfreeze()


def keep_collections_short() -> None:
    """Set aside what this process has made until now, and from time to time what has come since."""
    gc.callbacks.append(ShortCollections())
    gc.collect()
