"""Every state of a conversation, and all that can happen in it."""

from typing import get_args

import pytest

from answerdesk.conversations.events import change_types
from answerdesk.conversations.handoff import Happening, state_after, states_before
from answerdesk.conversations.types import ConversationState

STATES: tuple[ConversationState, ...] = get_args(ConversationState)
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)

# In the order of HAPPENINGS; "-" is refused.
TABLE = {
    "ai": "ai waiting human ai ai closed closed",
    "waiting": "waiting waiting human ai human closed -",
    "human": "human human human ai human closed -",
    "closed": "ai waiting human - ai closed -",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("happening", HAPPENINGS)
def test_each_change_is_as_the_table_says(state: ConversationState, happening: Happening) -> None:
    expected = TABLE[state].split()[HAPPENINGS.index(happening)]
    assert (state_after(state, happening) or "-") == expected
    assert (state in states_before(happening)) == (expected != "-")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("ai", "ai", []),
        ("closed", "closed", []),
        ("ai", "waiting", ["escalated", "updated"]),
        ("ai", "human", ["updated"]),
        ("ai", "closed", ["ended"]),
        ("waiting", "ai", ["updated"]),
        ("waiting", "human", ["updated"]),
        ("waiting", "closed", ["ended"]),
        ("human", "ai", ["updated"]),
        ("human", "closed", ["ended"]),
        ("closed", "ai", ["reopened", "updated"]),
        ("closed", "waiting", ["reopened", "escalated", "updated"]),
        ("closed", "human", ["reopened", "updated"]),
    ],
)
def test_each_change_is_told_once(
    before: ConversationState, after: ConversationState, expected: list[str]
) -> None:
    assert [one.name.partition(".")[2] for one in change_types(before, after)] == expected
