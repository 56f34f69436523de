"""Many at the same time, and what they come to."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

_Came = TypeVar("_Came")
_BUSY_SHARE = 0.1
"""Share of requests that a machine that is busy elsewhere may refuse."""


async def all_of(
    count: int, turn: Callable[[int], Awaitable[_Came]], *, at_a_time: int
) -> list[_Came]:
    """Return what each turn came to: who waits long for the database gets nothing from it."""
    room = asyncio.Semaphore(at_a_time)

    async def take(number: int) -> _Came:
        async with room:
            return await turn(number)

    return await asyncio.gather(*(take(number) for number in range(count)))


def assert_passed(counted: Counter[int], passed: int) -> None:
    """Check that just so many passed a rate limit, by the statuses of all requests.

    On a machine that is busy elsewhere, a process in which more of them wait than the machine does
    in three seconds refuses some, before or after it has counted them.
    """
    assert counted[200] <= passed <= counted[200] + counted[503], counted
    assert set(counted) <= {200, 429, 503}, counted
    assert counted[503] <= _BUSY_SHARE * counted.total(), counted
