"""Waiting for what happens in another process."""

import time
from collections.abc import Iterator


def attempts(seconds: float) -> Iterator[None]:
    """Give turns to look for so long, fewer the longer it takes: what is asked has work to do."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        yield
        time.sleep(min(0.02 + passed / 10, 0.5))
