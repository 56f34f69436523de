"""Clocks are what the events say, in whatever portions and however often they are looked at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.core.events import Event
from answerdesk.core.tenancy import ConversationId, ProjectId
from answerdesk.inbox.service_levels.clocks import Clock, Target, replayed

CONVERSATION = ConversationId(UUID(int=7))
BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "waits": ("conversation.escalated", {"state": "waiting"}),
    "replied": ("message.sent", {"author": "human"}),
    "answered": ("message.sent", {"author": "assistant"}),
    "taken": ("conversation.updated", {"state": "human", "before": "waiting"}),
    "handed_back": ("conversation.updated", {"state": "ai", "before": "human"}),
    "closed": ("conversation.ended", {"state": "closed", "before": "human"}),
    "reopened": ("conversation.reopened", {"state": "ai", "before": "closed"}),
}


def events(*kinds: str) -> list[Event]:
    return [
        Event(number, ProjectId(UUID(int=1)), *KINDS[kind], BEGAN + timedelta(minutes=number))
        for number, kind in enumerate(kinds, 1)
    ]


def seen(*kinds: str) -> list[tuple[Target, int, str | None, int | None]]:
    """Return each clock: its target, when it began, how and when it ended, in minutes."""
    return [
        (
            one.target,
            _minute(one.started_at),
            one.ending,
            None if one.ended_at is None else _minute(one.ended_at),
        )
        for one in replayed(CONVERSATION, [], events(*kinds))
    ]


def _minute(moment: datetime) -> int:
    return (moment - BEGAN) // timedelta(minutes=1)


FIRST: Target = "first_response"
WHOLE: Target = "resolution"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("answered taken replied closed", []),
        ("waits", [(FIRST, 1, None, None), (WHOLE, 1, None, None)]),
        ("waits taken answered", [(FIRST, 1, None, None), (WHOLE, 1, None, None)]),
        ("waits replied", [(FIRST, 1, "met", 2), (WHOLE, 1, None, None)]),
        ("waits replied replied closed", [(FIRST, 1, "met", 2), (WHOLE, 1, "met", 4)]),
        ("waits closed", [(FIRST, 1, "cancelled", 2), (WHOLE, 1, "met", 2)]),
        ("waits handed_back", [(FIRST, 1, "cancelled", 2), (WHOLE, 1, "met", 2)]),
        # Passed on again before anybody replied: it still waits.
        ("waits taken waits", [(FIRST, 1, None, None), (WHOLE, 1, None, None)]),
        # Passed on after a reply: the visitor waits anew.
        (
            "waits replied waits",
            [(FIRST, 1, "met", 2), (WHOLE, 1, None, None), (FIRST, 3, None, None)],
        ),
        (
            "waits closed reopened waits",
            [
                (FIRST, 1, "cancelled", 2),
                (WHOLE, 1, "met", 2),
                (FIRST, 4, None, None),
                (WHOLE, 4, None, None),
            ],
        ),
    ],
)
def test_each_course(kinds: str, expected: Sequence[object]) -> None:
    found = seen(*kinds.split())
    assert sorted(found, key=str) == sorted(expected, key=str)


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=30), st.integers(0, 30))
def test_a_later_part_continues_from_what_was_running(kinds: list[str], cut: int) -> None:
    whole = replayed(CONVERSATION, [], events(*kinds))
    early = replayed(CONVERSATION, [], events(*kinds)[:cut])
    running = [one for one in early if one.ending is None]
    late = replayed(CONVERSATION, running, events(*kinds)[cut:])
    assert _by_id([*early, *late]) == _by_id(whole)


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=30))
def test_at_most_one_clock_of_a_target_runs_and_none_ends_before_it_began(
    kinds: list[str],
) -> None:
    clocks = replayed(CONVERSATION, [], events(*kinds))
    running = [one.target for one in clocks if one.ending is None]
    assert len(set(running)) == len(running)
    assert all(one.ended_at is None or one.ended_at > one.started_at for one in clocks)
    assert len({one.id for one in clocks}) == len(clocks)


def _by_id(clocks: Sequence[Clock]) -> dict[UUID, Clock]:
    """Return the clocks as they were last seen."""
    found: dict[UUID, Clock] = {}
    for one in clocks:
        known = found.get(one.id)
        if known is None or known.ending is None:
            found[one.id] = replace(one)
    return found
