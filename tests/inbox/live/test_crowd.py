"""What the crowd hears is what was sent, however it is cut: nothing lost, nothing twice."""

import json
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.inbox.live.crowd import Caller, Crowd, Ear

MADE = datetime(2026, 4, 18, 11, 22, 14, tzinfo=UTC)


def frame(event: str, **data: object) -> bytes:
    return f"id: 7-1-abc\nevent: {event}\ndata: {_json(data)}\n\n".encode()


def _json(data: dict[str, object]) -> str:
    return json.dumps(data, separators=(",", ":"))


def message(content: str) -> bytes:
    made = MADE.isoformat().replace("+00:00", "Z")
    return frame("message", id=f"msg_{'0' * 32}", author="human", content=content, created_at=made)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


# An entry names a word as well, and what visitors begin with is none.
STREAM = (
    chunk(frame("stream", stream_id="x"))
    + chunk(frame("conversation", visitor_said="w0000002") + message("w0000001"))
    + chunk(message("begin") + message("w0000002") + message("w0000003"))
    + chunk(frame("own", content="w0000001") + message("w0000003"))
)


@pytest.mark.parametrize("size", [1, 2, 7, 50, 333, len(STREAM)])
def test_every_message_is_counted_once_in_whatever_pieces_it_comes(size: int) -> None:
    ear = Ear(b"", Counter(), timed=True)
    for at in range(0, len(STREAM), size):
        ear.data_received(STREAM[at : at + size])
    assert ear.heard == {1: 1, 2: 1, 3: 2}
    assert ear.begun.is_set()
    assert len(ear.late) == 4
    assert all(abs(time.time() - one - MADE.timestamp()) < 60 for one in ear.late)


@pytest.mark.parametrize(("of_people", "of_visitors"), [({1: 2}, {1: 1}), ({1: 1}, {1: 2})])
async def test_what_comes_twice_is_noticed(
    of_people: dict[int, int], of_visitors: dict[int, int]
) -> None:
    with pytest.raises(AssertionError):
        await crowd(of_people, of_visitors).expect_all_heard()


async def test_what_others_said_is_noticed() -> None:
    found = crowd({1: 1, 2: 1}, {1: 1, 2: 1})
    found.visitors.append(Caller("", ear=Ear(b"", Counter({2: 1}), timed=False), said=[2]))
    with pytest.raises(AssertionError):
        await found.expect_all_heard()


async def test_what_is_lost_is_noticed() -> None:
    with pytest.raises(TimeoutError):
        await crowd({}, {1: 1}).expect_all_heard(patience=0.1)
    with pytest.raises(TimeoutError):
        await crowd({1: 1}, {}).expect_all_heard(patience=0.1)
    await crowd({1: 1}, {1: 1}).expect_all_heard()


def crowd(of_people: dict[int, int], of_visitors: dict[int, int]) -> Crowd:
    """Return a person and a visitor who said one word, as often as each has heard it."""
    person = Caller("", ear=Ear(b"", Counter(of_people), timed=False))
    visitor = Caller("", ear=Ear(b"", Counter(of_visitors), timed=False), said=[1])
    return Crowd(None, None, [person], [visitor])  # type: ignore[arg-type]  # They aren't asked.
