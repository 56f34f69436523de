"""Waiting for what happens in another process."""

import time
from collections.abc import Iterator
from typing import Final

PATIENCE: Final = 120.0
"""Seconds until a test gives up waiting: more than anything takes beside others that are busy."""


def attempts(seconds: float) -> Iterator[None]:
    """Give turns to look for so long, fewer the longer it takes: what is asked has work to do."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        yield
        time.sleep(min(0.02 + passed / 10, 0.5))
