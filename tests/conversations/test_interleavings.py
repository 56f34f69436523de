"""Whatever happens in whatever order: nobody talks over a person, and no visitor is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.conversations.handoff import (
    SILENT_STATES,
    Assigned,
    Claimed,
    Closed,
    Hand,
    HandedBack,
    Happening,
    Idle,
    Opened,
    PersonReplied,
    PersonWanted,
    Refused,
    Tell,
    Unclaimed,
    VisitorWrote,
    transition,
    with_answer_taken,
)
from answerdesk.core.tenancy import UserId

PEOPLE: Final = (None, UserId(UUID(int=1)), UserId(UUID(int=2)), UserId(UUID(int=3)))
NAMED: Final = PEOPLE[1:]


@dataclass
class Desk:
    """A conversation with its answers in progress and its timer, as the service keeps them."""

    hand: Hand = field(default_factory=Hand)
    answering: list[int] = field(default_factory=list)
    timer: bool = False
    asked: int = 0
    answered: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    """Questions whose visitor was told that somebody else sees to them."""
    said_unclaimed: int = 0

    def happens(self, happening: Happening) -> bool:
        """Carry out what happens; tell whether it was possible."""
        before = self.hand
        after = transition(before, happening)
        if isinstance(after, Refused):
            assert self._may_refuse(before, after)
            return False
        self.hand = after.hand
        for effect in after.effects:
            match effect:
                case "take_answers_away":
                    if self.answering and not isinstance(happening, PersonReplied):
                        self.hand = with_answer_taken(self.hand)
                    self.told.update(self.answering)
                    self.answering.clear()
                case "start_claim_timer":
                    assert not self.timer
                    self.timer, self.said_unclaimed = True, 0
                case "stop_claim_timer":
                    self.timer = False
                case Tell("unclaimed"):
                    self.said_unclaimed += 1
                case _:
                    pass
        if before.person not in (None, self.hand.person) and self.hand.state == "human":
            assert self._may_take(happening), (before, happening)
        assert is_as_meant(before, happening, self.hand), (before, happening, self.hand)
        self.check()
        return True

    @staticmethod
    def _may_refuse(before: Hand, refused: Refused) -> bool:
        if refused.reason == "closed":
            return before.state == "closed"
        return refused.holder == before.person and before.state == "human"

    @staticmethod
    def _may_take(happening: Happening) -> bool:
        match happening:
            case Claimed(_, force):
                return force
            case PersonReplied(_, go_ahead):
                return go_ahead
            case _:
                return isinstance(happening, Assigned | Opened)

    def visitor_writes(self) -> None:
        self.happens(VisitorWrote())
        self.asked += 1
        if self.hand.state in SILENT_STATES:
            self.told.add(self.asked)
        else:
            self.answering.append(self.asked)

    def answer_lands(self, last: bool, wants: str | None) -> None:
        """An answer in progress is saved, and may pass the conversation on."""
        if not self.answering:
            return
        assert self.hand.state not in SILENT_STATES, "the assistant talks over a person"
        self.answered.add(self.answering.pop(-1 if last else 0))
        if wants is not None:
            self.happens(PersonWanted(wants))  # type: ignore[arg-type]

    def time_passes(self) -> None:
        """The claim timer fires, if it runs."""
        if self.timer:
            self.timer = False
            self.happens(Unclaimed())

    def check(self) -> None:
        hand = self.hand
        assert hand.person is None or hand.state == "human"
        assert hand.waits == (hand.state == "waiting") or hand.state == "human"
        assert not hand.told or hand.state == "waiting"
        if hand.state in SILENT_STATES:
            assert not self.answering, "an answer in progress would reach the visitor"
        # No timer is lost, and none runs for nothing.
        assert (hand.state == "waiting") == (self.timer or hand.told)
        assert not (self.timer and hand.told)
        assert self.said_unclaimed <= 1
        # Every message is answered, being answered, or its visitor told.
        seen_to = self.answered | self.told | set(self.answering)
        assert seen_to == set(range(1, self.asked + 1))


# What everybody means by what they do; where a state is not named, nothing changes.
MEANT: Final[Mapping[str, Mapping[str, str]]] = {
    "visitor_wrote": {"closed": "ai"},
    "person_wanted": {"ai": "waiting", "closed": "waiting"},
    "person_replied": {"ai": "human", "waiting": "human", "closed": "human"},
    "claimed": {"ai": "human", "waiting": "human"},
    "assigned": {"ai": "human", "waiting": "human"},
    "unassigned": {"human": "waiting"},
    "handed_back": {"waiting": "ai", "human": "ai"},
    "opened": {"closed": "ai", "waiting": "human"},
    "closed": {"ai": "closed", "waiting": "closed", "human": "closed"},
    "idle": {"ai": "closed"},
    "unclaimed": {},
}


def is_as_meant(before: Hand, happening: Happening, after: Hand) -> bool:
    """Tell whether everybody gets what they wanted by it, and nothing else changes hands."""
    if isinstance(happening, Idle) and before.snoozed:
        return after == before
    if isinstance(happening, PersonWanted) and happening.reason in ("failures", "low_confidence"):
        return after.state == ("waiting" if before.state == "ai" else before.state)
    if after.state != MEANT[happening.name].get(before.state, before.state):
        return False
    match happening:
        case PersonReplied(by):
            # A program without a name takes it from nobody.
            return not after.waits and after.person == (by or before.person)
        case Claimed(by) | Assigned(_, by):
            return after.person == by
        case VisitorWrote():
            return after.person == before.person and (after.waits or after.state == "ai")
        case Unclaimed() | PersonWanted():
            return after.person == before.person
        case _:
            return True


PERSON = st.sampled_from(PEOPLE)
STEPS = st.one_of(
    st.just(("visitor",)),
    st.just(("visitor",)),
    st.tuples(
        st.just("answer"),
        st.booleans(),
        st.sampled_from([None, None, "failures", "low_confidence"]),
    ),
    st.tuples(st.just("request"), st.sampled_from(["request", "rule", "by_person"])),
    st.tuples(st.just("time")),
    st.builds(Idle),
    st.builds(Unclaimed),
    st.builds(PersonReplied, PERSON, st.booleans()),
    st.builds(Claimed, PERSON, st.booleans()),
    st.builds(Assigned, PERSON, PERSON),
    st.builds(HandedBack, PERSON),
    st.builds(Opened, PERSON),
    st.builds(Closed, PERSON),
    st.just(("snooze",)),
)


def run(desk: Desk, step: object) -> None:
    match step:
        case ("visitor",):
            desk.visitor_writes()
            assert not desk.hand.snoozed
            assert desk.hand.state != "closed"
        case ("answer", bool(last), str() | None as wants):
            desk.answer_lands(last, wants)
        case ("request", str(reason)):
            desk.happens(PersonWanted(reason))  # type: ignore[arg-type]
            assert desk.hand.state in ("waiting", "human")
        case ("time",):
            desk.time_passes()
        case ("snooze",):
            desk.hand = Hand(
                desk.hand.state, desk.hand.person, desk.hand.waits, desk.hand.told, snoozed=True
            )
        case Unclaimed():
            # A timer that was cancelled too late, while none is due.
            if not desk.timer:
                desk.happens(step)
        case Idle():
            before = desk.hand
            desk.happens(step)
            assert desk.hand == before or (before.state == "ai" and not before.snoozed)
        case _:
            desk.happens(step)  # type: ignore[arg-type]


@settings(max_examples=3000, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_nothing_is_left_alone(steps: list[object]) -> None:
    desk = Desk()
    for step in steps:
        run(desk, step)
        desk.check()


@settings(max_examples=1000, deadline=None)
@given(st.lists(STEPS, max_size=25), st.permutations(NAMED))
def test_of_all_who_claim_it_one_has_it(steps: list[object], claimants: list[UserId]) -> None:
    desk = Desk()
    for step in steps:
        run(desk, step)
    before = desk.hand
    took = [one for one in claimants if desk.happens(Claimed(one))]
    if before.state == "closed":
        assert took == []
    else:
        assert took == [before.person or claimants[0]]
        assert desk.hand.person == took[0]


@settings(max_examples=1000, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_a_reopened_one_goes_to_the_assistant_and_stays_there(steps: list[object]) -> None:
    """Story 8 of the inbox: it goes to nobody who may be offline."""
    desk = Desk()
    for step in steps:
        run(desk, step)
    desk.happens(Closed(None))
    desk.visitor_writes()
    assert (desk.hand.state, desk.hand.person) == ("ai", None)
    for _ in range(3):
        desk.time_passes()
        desk.visitor_writes()
        desk.answer_lands(True, None)
    assert desk.hand.state == "ai"
