"""Every state of a conversation, all that can happen in it, and what follows."""

from typing import get_args
from uuid import UUID

import pytest

from answerdesk.conversations.events import change_types
from answerdesk.conversations.handoff import (
    Assigned,
    Claimed,
    Closed,
    Hand,
    HandedBack,
    Happening,
    HappeningName,
    Idle,
    Moved,
    Opened,
    PersonReplied,
    PersonWanted,
    Refused,
    Tell,
    Unclaimed,
    VisitorWrote,
    state_after,
    states_before,
    transition,
)
from answerdesk.conversations.types import ConversationState
from answerdesk.core.tenancy import UserId

STATES: tuple[ConversationState, ...] = get_args(ConversationState)
HAPPENINGS: tuple[HappeningName, ...] = get_args(HappeningName)
ANA, BEN = UserId(UUID(int=1)), UserId(UUID(int=2))

# In the order of HAPPENINGS; "-" can't happen then.
TABLE = {
    "ai": "ai waiting human human human ai ai ai closed closed -",
    "waiting": "waiting waiting human human human waiting ai human closed - waiting",
    "human": "human human human human human waiting ai human closed - -",
    "closed": "ai waiting human - - - - ai closed - -",
}


def moved(hand: Hand, happening: Happening) -> Moved:
    after = transition(hand, happening)
    assert isinstance(after, Moved), after
    return after


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("happening", HAPPENINGS)
def test_each_change_is_as_the_table_says(
    state: ConversationState, happening: HappeningName
) -> None:
    expected = TABLE[state].split()[HAPPENINGS.index(happening)]
    assert (state_after(state, happening) or "-") == expected
    assert (state in states_before(happening)) == (expected != "-")


HELD = Hand("human", ANA)


@pytest.mark.parametrize("happening", [PersonReplied(BEN), PersonReplied(None), Claimed(BEN)])
def test_what_another_person_has_is_refused(happening: Happening) -> None:
    assert transition(HELD, happening) == Refused("held_by_another", ANA)


@pytest.mark.parametrize(
    ("happening", "person"),
    [
        (PersonReplied(BEN, go_ahead=True), BEN),
        (PersonReplied(None, go_ahead=True), ANA),
        (PersonReplied(ANA), ANA),
        (Claimed(BEN, force=True), BEN),
        (Claimed(ANA), ANA),
        (Assigned(ANA, BEN), BEN),
        (Opened(BEN), BEN),
    ],
)
def test_it_is_taken_over_or_kept(happening: Happening, person: UserId) -> None:
    assert moved(HELD, happening).hand.person == person


@pytest.mark.parametrize(
    "happening", [Claimed(ANA), Assigned(ANA, BEN), HandedBack(ANA)], ids=lambda one: one.name
)
def test_a_closed_one_is_only_reopened_or_written_in(happening: Happening) -> None:
    assert transition(Hand("closed"), happening) == Refused("closed")


@pytest.mark.parametrize("state", ["waiting", "human", "closed"])
@pytest.mark.parametrize("reason", ["failures", "low_confidence"])
def test_an_answer_that_lands_late_passes_nothing_on(state: ConversationState, reason: str) -> None:
    hand = Hand(state, waits=state == "waiting")
    wanted = PersonWanted(reason)  # type: ignore[arg-type]
    assert moved(hand, wanted) == Moved(hand, ())


@pytest.mark.parametrize(
    ("hand", "happening", "effects"),
    [
        (Hand(), PersonWanted("request"), ("start_claim_timer", Tell("passed_on"))),
        (Hand("closed"), PersonWanted("rule"), ("start_claim_timer", Tell("passed_on"))),
        (Hand("waiting", waits=True), PersonWanted("request"), ()),
        (Hand(), PersonReplied(ANA), ("take_answers_away",)),
        (
            Hand("waiting", waits=True),
            Claimed(ANA),
            ("take_answers_away", "stop_claim_timer"),
        ),
        (HELD, Assigned(BEN, None), ("start_claim_timer",)),
        (Hand("waiting", waits=True), Assigned(BEN, None), ()),
        (HELD, HandedBack(ANA), (Tell("handed_back"),)),
        (Hand("waiting", waits=True), HandedBack(None), ("stop_claim_timer", Tell("handed_back"))),
        (Hand(), HandedBack(ANA), ()),
        (Hand("waiting", waits=True), Closed(ANA), ("stop_claim_timer",)),
        (Hand("waiting", waits=True), Unclaimed(), (Tell("unclaimed"),)),
        (Hand("waiting", waits=True, told=True), Unclaimed(), ()),
        (HELD, Unclaimed(), ()),
        (Hand("human", ANA, snoozed=True), VisitorWrote(), ("wake_up",)),
        (Hand(snoozed=True), Idle(), ()),
    ],
)
def test_what_follows(hand: Hand, happening: Happening, effects: tuple[object, ...]) -> None:
    assert moved(hand, happening).effects == effects


@pytest.mark.parametrize(
    ("hand", "happening", "waits"),
    [
        (HELD, VisitorWrote(), True),
        (Hand(), VisitorWrote(), False),
        (Hand("human", ANA, waits=True), PersonReplied(ANA), False),
        (Hand("human", ANA, waits=True), HandedBack(ANA), False),
        (Hand("human", ANA, waits=True), Closed(ANA), False),
        (Hand("waiting", waits=True), Claimed(ANA), True),
        (HELD, Assigned(ANA, None), True),
        (Hand("human", ANA, waits=True), Assigned(ANA, BEN), True),
        (Hand(), PersonWanted("request"), True),
    ],
)
def test_who_waits_for_a_persons_reply(hand: Hand, happening: Happening, waits: bool) -> None:
    assert moved(hand, happening).hand.waits is waits


def test_a_new_wait_is_told_of_anew() -> None:
    hand = moved(Hand("waiting", waits=True), Unclaimed()).hand
    assert hand.told
    hand = moved(moved(hand, Claimed(ANA)).hand, Assigned(ANA, None)).hand
    assert (hand.state, hand.told) == ("waiting", False)


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
        ("human", "waiting", ["escalated", "updated"]),
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
