"""Places for guests: long jobs of one owner hold up no other's."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import pytest

from answerdesk.core.due import Job, Registration, schedule_many
from tests.core.due.conftest import Desk, until

CONCURRENCY = 3


class Long:
    """Work that goes on until it is told to end; remembers who has begun, and most at once."""

    def __init__(self) -> None:
        self.begun: list[UUID] = []
        self.running: Counter[UUID] = Counter()
        self.most = 0
        self._ends: dict[UUID, asyncio.Queue[None]] = {}

    async def __call__(self, job: Job) -> None:
        owner = job.account_id
        self.begun.append(owner)
        self.running[owner] += 1
        self.most = max(self.most, self.running.total())
        await self._ends.setdefault(owner, asyncio.Queue()).get()
        self.running[owner] -= 1

    def end(self, owner: UUID, jobs: int = 1) -> None:
        """Let some jobs of an owner end, those that run or the next ones."""
        for _ in range(jobs):
            self._ends.setdefault(owner, asyncio.Queue()).put_nowait(None)

    async def has_begun(self, count: int) -> None:
        async def begun() -> bool:
            return len(self.begun) >= count

        await until(begun)


async def put(desk: Desk, owner: UUID, jobs: int) -> None:
    async with desk.transaction(owner) as session:
        payloads = [{"n": number} for number in range(jobs)]
        await schedule_many(session, "long", account_id=owner, payloads=payloads)


async def settled(desk: Desk) -> None:
    """Wait until nothing moves: a worker would have claimed by now what it is going to."""
    before: list[object] = []
    for _ in range(200):
        rows: list[object] = [(row["id"], row["state"]) for row in await desk.rows()]
        if rows == before:
            return
        before = rows
        await asyncio.sleep(0.3)
    raise AssertionError("the queue did not come to rest")


def test_a_negative_number_of_guests_is_refused() -> None:
    async def work(_: Job) -> None: ...

    with pytest.raises(ValueError, match="guests"):
        Registration(work, guests=-1)


async def test_without_guests_one_owner_keeps_all_places(desk: Desk) -> None:
    one, other, long = uuid4(), uuid4(), Long()
    async with desk.working({"long": Registration(long, concurrency=CONCURRENCY)}):
        await put(desk, one, 9)
        await long.has_begun(CONCURRENCY)
        await put(desk, other, 1)
        await settled(desk)
        assert long.begun == [one] * CONCURRENCY
        long.end(one)
        await long.has_begun(CONCURRENCY + 1)
        assert long.begun[-1] == other
        long.end(one, 9)
        long.end(other)
        await settled(desk)


async def test_an_owner_who_has_nothing_running_is_let_in_at_once_with_one_job(
    desk: Desk,
) -> None:
    one, others, long = uuid4(), [uuid4() for _ in range(4)], Long()
    work = Registration(long, concurrency=CONCURRENCY, guests=2)
    async with desk.working({"long": work}):
        await put(desk, one, 9)
        await long.has_begun(CONCURRENCY)
        await put(desk, others[0], 5)
        await long.has_begun(CONCURRENCY + 1)
        await put(desk, others[1], 5)
        await long.has_begun(CONCURRENCY + 2)
        await put(desk, others[2], 5)
        await settled(desk)
        # One for each guest, and no more guests than there are places.
        assert long.running == {one: 3, others[0]: 1, others[1]: 1}
        # A guest's place is the next guest's, and not one more for who has the others.
        long.end(others[0])
        await long.has_begun(CONCURRENCY + 3)
        await settled(desk)
        assert (long.running[one], long.running.total()) == (3, 5)
        assert long.begun[-1] in (others[0], others[2])
        for owner in (one, *others):
            long.end(owner, 9)
        await settled(desk)
        assert await desk.rows() == []
    assert long.most == CONCURRENCY + 2
    assert Counter(long.begun) == {one: 9, **dict.fromkeys(others[:3], 5)}


async def test_who_was_passed_over_goes_on_when_a_place_is_free(desk: Desk) -> None:
    """With nobody to notify of it: nothing is scheduled, and the worker does not poll."""
    one, other, long = uuid4(), uuid4(), Long()
    work = Registration(long, concurrency=CONCURRENCY, guests=2)
    async with desk.working({"long": work}):
        await put(desk, one, 6)
        # Otherwise both may be there at the worker's first look, and share the places.
        await long.has_begun(CONCURRENCY)
        await put(desk, other, 1)
        await long.has_begun(CONCURRENCY + 1)
        await settled(desk)
        long.end(other)
        for ended in range(1, 4):
            long.end(one)
            await long.has_begun(CONCURRENCY + 1 + ended)
        long.end(one, 3)
        await settled(desk)
        assert await desk.rows() == []


async def test_places_for_guests_go_to_owners_among_very_many(desk: Desk) -> None:
    """Owners with a job running are passed over without counting as a turn."""
    first, long = [uuid4() for _ in range(CONCURRENCY)], Long()
    work = Registration(long, concurrency=CONCURRENCY, guests=4)
    for owner in first:
        await put(desk, owner, 50)
    async with desk.working({"long": work}):
        await long.has_begun(CONCURRENCY)
        await settled(desk)
        assert Counter(long.begun) == dict.fromkeys(first, 1)
        rest = [uuid4() for _ in range(30)]
        for owner in rest:
            await put(desk, owner, 2)
        await long.has_begun(CONCURRENCY + 4)
        await settled(desk)
        assert set(long.running.values()) == {1}
        assert long.running.total() == CONCURRENCY + 4
        for owner in (*first, *rest):
            long.end(owner, 50)
        await settled(desk)
        assert await desk.rows() == []
    assert long.most == CONCURRENCY + 4
