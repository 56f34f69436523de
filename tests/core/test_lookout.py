"""One look serves all who wait; each is told what has changed since it was told, and the latest."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from uuid import uuid4

from answerdesk.core.lookout import Lookout
from answerdesk.core.tenancy import AccountId

_ACCOUNT = AccountId(uuid4())
_LIMIT = 10.0
_SECONDS = 0.01


class State:
    """What is looked at: numbers by name; counts the looks, and how many are made at once."""

    def __init__(self, **values: int) -> None:
        self.values = values
        self.looks = 0
        self.at_once = self.most_at_once = 0
        self.fails = 0

    async def look(self, _: AccountId, keys: Sequence[str]) -> Mapping[str, int]:
        self.looks += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.fails:
            self.fails -= 1
            raise LookupError("broken")
        return {key: self.values[key] for key in keys if key in self.values}


@asynccontextmanager
async def _lookout(state: State) -> AsyncIterator[Lookout[str, int]]:
    lookout: Lookout[str, int] = Lookout(state.look, _SECONDS)
    yield lookout
    await lookout.close()
    assert len(asyncio.all_tasks()) == 1, "somebody still looks"


async def _next(lookout: Lookout[str, int], key: str, told: int) -> int:
    async with asyncio.timeout(_LIMIT), aclosing(lookout.changes(_ACCOUNT, key, told)) as changes:
        return await anext(changes)


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(int(_LIMIT / _SECONDS)):
        if condition():
            return
        await asyncio.sleep(_SECONDS)
    raise AssertionError("it has not come about")


async def _looked(state: State, more: int = 3) -> None:
    wanted = state.looks + more
    await _until(lambda: state.looks >= wanted)


async def test_all_who_wait_are_told_by_one_look() -> None:
    state = State(a=1)
    async with _lookout(state) as lookout:
        waiting = [asyncio.create_task(_next(lookout, "a", 1)) for _ in range(500)]
        await _looked(state)
        assert not any(one.done() for one in waiting), "nothing has changed"
        before = state.looks
        state.values["a"] = 2
        assert await asyncio.gather(*waiting) == [2] * 500
        assert state.looks - before <= 2
        assert state.most_at_once == 1


async def test_who_comes_later_is_told_of_what_changed_before_the_next_look() -> None:
    state = State(a=2)
    async with _lookout(state) as lookout:
        first = asyncio.create_task(_next(lookout, "a", 2))
        await _looked(state)
        assert await _next(lookout, "a", 1) == 2
        assert not first.done()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_who_is_slow_is_told_the_latest_only() -> None:
    state = State(a=1)
    async with _lookout(state) as lookout, aclosing(lookout.changes(_ACCOUNT, "a", 0)) as changes:
        assert await anext(changes) == 1
        for value in (2, 3, 4):
            state.values["a"] = value
            await _looked(state)
        assert await asyncio.wait_for(anext(changes), _LIMIT) == 4


async def test_accounts_and_keys_are_told_of_their_own() -> None:
    state = State(a=1, b=2)
    async with _lookout(state) as lookout:
        told = await asyncio.gather(_next(lookout, "a", 0), _next(lookout, "b", 0))
        assert list(told) == [1, 2]


async def test_what_a_look_leaves_out_is_waited_for() -> None:
    state = State()
    async with _lookout(state) as lookout:
        waiting = asyncio.create_task(_next(lookout, "a", 0))
        await _looked(state)
        state.values["a"] = 1
        assert await waiting == 1


async def test_a_look_that_fails_is_made_again() -> None:
    state = State(a=1)
    state.fails = 1
    async with _lookout(state) as lookout:
        assert await _next(lookout, "a", 0) == 1


async def test_nobody_is_looked_for_when_all_have_gone() -> None:
    state = State(a=1)
    async with _lookout(state) as lookout:
        assert await _next(lookout, "a", 0) == 1
        await _until(lambda: len(asyncio.all_tasks()) == 1)
        looks = state.looks
        await asyncio.sleep(10 * _SECONDS)
        assert state.looks == looks
        assert await _next(lookout, "a", 0) == 1, "it looks again for who comes then"
