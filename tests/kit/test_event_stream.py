"""Server-sent events from pieces cut anywhere."""

import pytest

from answerdesk.kit.event_stream import EventStreamReader, EventTooLong, ServerSentEvent


def read(whole: bytes, size: int) -> list[ServerSentEvent]:
    reader = EventStreamReader()
    pieces = [whole[place : place + size] for place in range(0, len(whole), size)]
    return [event for piece in pieces for event in reader.feed(piece)]


@pytest.mark.parametrize("longest", [10])
@pytest.mark.parametrize("piece", [b"data: " + b"x" * 20, b"data: 12345\n" * 3, b"x" * 20])
def test_what_is_too_long_is_refused(longest: int, piece: bytes) -> None:
    with pytest.raises(EventTooLong):
        EventStreamReader(longest).feed(piece)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events_are_the_same_however_they_are_cut(end: bytes) -> None:
    lines = ["\ufeffdata: ein", "data:zwei", "", ": a comment", "event: done", "id: 7"]
    lines += ["data: größer 📦", "", "event: none", "", "data", "", "data: cut off"]
    whole = end.join(line.encode() for line in lines)
    expected = [
        ServerSentEvent("message", "ein\nzwei"),
        ServerSentEvent("done", "größer 📦"),
        ServerSentEvent("message", ""),
    ]
    for size in range(1, len(whole) + 1):
        assert read(whole, size) == expected, size


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert read(b"data: \xff\xfe\n\n", 3) == [ServerSentEvent("message", "\ufffd\ufffd")]


def test_work_is_linear_in_what_is_sent() -> None:
    # A server may send a byte at a time; were each copied with all before it, this took minutes.
    reader = EventStreamReader(2_000_000)
    for _ in range(1_000_000):
        assert reader.feed(b"x") == []
