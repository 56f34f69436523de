"""Several pieces of work at the same time."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


async def together(work: Sequence[Awaitable[_T]]) -> list[_T]:
    """Return what each piece of work gives, in order, as `asyncio.gather` does.

    A single piece is done where it is asked for: a task of its own would wait for its turn on the
    event loop when it begins and again when it has ended.
    """
    if len(work) == 1:
        return [await work[0]]
    return await asyncio.gather(*work)
