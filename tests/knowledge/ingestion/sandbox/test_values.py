"""What crosses the pipe arrives as it left, and nothing else arrives."""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.kit.spans import Span
from answerdesk.knowledge.ingestion.sandbox.frames import BrokenWire, Fault, Kind, frame, read_frame
from answerdesk.knowledge.ingestion.sandbox.values import WrongShape, dump, load
from answerdesk.knowledge.ingestion.split import ChunkDraft
from answerdesk.knowledge.website.signals import PageSignals
from answerdesk.knowledge.website.sitemaps import Sitemap


@dataclass(frozen=True)
class Everything:
    number: int
    share: float
    yes: bool
    text: str | None
    raw: bytes
    when: datetime
    kind: Literal["a", "b"]
    spans: tuple[Span, ...]
    pair: tuple[str, int]
    words: frozenset[str]
    counts: Mapping[str, int]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
spans = st.builds(Span, st.integers(0), st.integers(0))
everything = st.builds(
    Everything,
    number=st.integers(),
    share=st.floats(allow_nan=False, allow_infinity=False),
    yes=st.booleans(),
    text=st.none() | texts,
    raw=st.binary(),
    when=st.datetimes(timezones=st.just(UTC)),
    kind=st.sampled_from(["a", "b"]),
    spans=st.lists(spans, max_size=3).map(tuple),
    pair=st.tuples(texts, st.integers()),
    words=st.frozensets(texts, max_size=4),
    counts=st.dictionaries(texts, st.integers(), max_size=3),
)
drafts = st.builds(
    ChunkDraft,
    ordinal=st.integers(0),
    kind=st.sampled_from(["paragraph", "list", "table", "code", "quote", "qa"]),
    text=texts,
    heading_path=st.lists(texts, max_size=3).map(tuple),
    anchor=st.none() | texts,
    sentences=st.lists(spans, max_size=3).map(tuple),
)


CHUNK = dump(ChunkDraft(0, "paragraph", "text", (), None, ()))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (int, b'"1"'),
        (int, b"true"),
        (int, b"1.0"),
        (str, b"null"),
        (str, b"["),
        (str, b"\xff"),
        (bytes, b'"not base64!"'),
        (datetime, b'"yesterday"'),
        (Span, b"[1]"),
        (Span, b"[1,2,3]"),
        (Span, b'{"start":1,"end":2}'),
        (tuple[int, ...], b'{"a":1}'),
        (tuple[int, ...], b'[1,"2"]'),
        (frozenset[str], b"[[1]]"),
        (dict[str, int], b'{"a":"b"}'),
        (Fault, b'{"code":"c","message":"m"}'),
        (Fault, b'{"code":"c","message":"m","reason":null,"where":"w","last":1}'),
        (Fault, b'["code","message",null,"where",true]'),
        (ChunkDraft, CHUNK.replace(b"paragraph", b"poem")),
        (ChunkDraft, CHUNK.replace(b'"anchor":null', b'"anchor":1')),
        (tuple[int, ...], b"[" * 100_000),
    ],
)
def test_what_has_another_shape_is_refused(kind: Any, data: bytes) -> None:
    with pytest.raises(WrongShape):
        load(kind, data)


def test_a_chunk_of_the_right_shape_is_taken() -> None:
    assert load(ChunkDraft, CHUNK).kind == "paragraph"


def test_nothing_but_data_is_written() -> None:
    with pytest.raises(TypeError):
        dump(object())


@settings(deadline=None)
@given(everything)
def test_everything_arrives_as_it_left(value: Everything) -> None:
    assert load(Everything, dump(value)) == value


@settings(deadline=None)
@given(st.lists(drafts, max_size=4).map(tuple))
def test_chunks_arrive_as_they_left(value: tuple[ChunkDraft, ...]) -> None:
    assert load(tuple[ChunkDraft, ...], dump(value)) == value


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("kind", [PageSignals, Sitemap])
@given(data=st.data())
def test_what_pages_and_sitemaps_say_arrives_as_it_left(kind: Any, data: st.DataObject) -> None:
    with_zone = st.datetimes(timezones=st.just(UTC))
    st.register_type_strategy(datetime, with_zone)
    st.register_type_strategy(str, texts)
    value = data.draw(st.builds(kind))
    assert load(kind, dump(value)) == value


def test_half_characters_become_a_mark() -> None:
    assert load(str, dump("a\ud800b")) == "a?b"


@settings(deadline=None)
@given(st.sampled_from(list(Kind)), st.binary())
def test_messages_arrive_as_they_left(kind: Kind, payload: bytes) -> None:
    assert read_frame(io.BytesIO(frame(kind, payload))) == (kind, payload)


@pytest.mark.parametrize(
    "sent",
    [b"P", b"Z" + struct.pack(">I", 0), b"P" + struct.pack(">I", 5) + b"four"],
    ids=["cut head", "unknown kind", "cut payload"],
)
def test_a_broken_message_is_told(sent: bytes) -> None:
    with pytest.raises(BrokenWire):
        read_frame(io.BytesIO(sent))


def test_the_end_is_told() -> None:
    assert read_frame(io.BytesIO(b"")) is None
