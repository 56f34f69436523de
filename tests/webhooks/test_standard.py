"""Our own format: what a body says, and that it is at most 20 kB."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from answerdesk.bootstrap.webhooks import make_encoders, make_event_types
from answerdesk.core.events import Event
from answerdesk.core.tenancy import ProjectId
from answerdesk.webhooks.encoding import Session, written
from answerdesk.webhooks.standard import MOST_BYTES, StandardWebhooks
from answerdesk.webhooks.types import Endpoint

PROJECT = ProjectId(UUID("0f" * 16))
EVENT = Event(
    7,
    PROJECT,
    "message.received",
    {"conversation_id": "conv_1", "message_id": "msg_1", "author": "visitor"},
    datetime(2026, 4, 18, 11, 22, 14, tzinfo=UTC),
)
SESSION, ENDPOINT = cast("Session", None), cast("Endpoint", None)
"""Details that are given here read nothing, and the standard format is the same for all."""


@dataclass(frozen=True)
class Given:
    """Details that are given instead of read."""

    details: Mapping[str, Any] | None

    async def read(self, session: Session, event: Event) -> Mapping[str, Any] | None:
        del session, event
        return self.details

    def example(self, event: Event) -> Mapping[str, Any]:
        del event
        return self.details or {}


async def body(details: Mapping[str, Any] | None) -> Any:
    encoder = StandardWebhooks(make_event_types(), {EVENT.type: Given(details)})
    return await encoder.body(SESSION, EVENT, ENDPOINT)


async def test_what_is_gone_has_no_body() -> None:
    assert await body(None) is None


async def test_a_body_has_the_payload_and_the_details() -> None:
    found = await body({"message": {"content": "Where is it?"}})
    assert found == {
        "id": 7,
        "type": "message.received",
        "timestamp": "2026-04-18T11:22:14.000Z",
        "project_id": f"proj_{PROJECT.hex}",
        "data": {**EVENT.payload, "message": {"content": "Where is it?"}},
    }
    assert list(found) == ["id", "type", "timestamp", "project_id", "data"]


async def test_the_longest_texts_are_left_out_first() -> None:
    details = {
        "message": {"content": "é" * 8000, "path": "/v1/conversations/conv_1"},
        "question": {"content": "x" * 5000, "path": "/v1/conversations/conv_1"},
        "visitor": {"name": "Ann"},
    }
    found = await body(details)
    assert len(written(found)) <= MOST_BYTES
    assert found["data"]["message"] == {"path": "/v1/conversations/conv_1", "truncated": True}
    assert found["data"]["question"] == details["question"]
    assert found["data"]["visitor"] == {"name": "Ann"}
    assert "content" in details["message"]


@pytest.mark.parametrize("size", [19_000, 19_900, 20_000, 100_000])
async def test_no_body_is_larger_than_it_may_be(size: int) -> None:
    found = await body({"message": {"content": "x" * size, "path": "/p"}})
    assert len(written(found)) <= MOST_BYTES
    assert ("truncated" in found["data"]["message"]) == (size > 19_700)


async def test_many_small_details_leave_the_payload() -> None:
    found = await body({"list": [{"name": "x" * 100}] * 500})
    assert found["data"] == {**EVENT.payload, "truncated": True}


def test_every_format_tells_public_events_only_and_has_examples() -> None:
    types = make_event_types()
    for encoder in make_encoders(types).values():
        assert set(encoder.names) <= set(types.public)
        for name in encoder.names:
            payload = types[name].example.model_dump(mode="json", exclude_none=True)
            example = encoder.example(Event(0, PROJECT, name, payload, EVENT.created_at))
            assert len(written(example)) <= MOST_BYTES
    assert set(make_encoders(types)["standard"].names) == set(types.public)
