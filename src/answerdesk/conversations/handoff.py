"""Who has a conversation: the states, and every change between them with what follows from it.

`transition` decides; it reads and writes nothing. The service carries out its effects in the
transaction of the change. Statements that change many rows, or change a state along with other
things, take their states from `state_after` and `states_before`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from answerdesk.conversations.types import ConversationState
from answerdesk.core.tenancy import UserId
from answerdesk.projects.types import HandoffText

WantedReason = Literal["request", "failures", "rule", "low_confidence", "by_person"]
"""Why a person is wanted: the visitor asked for one; the assistant had no answer several times; a
rule of the owner's; an answer of low confidence; a person of the account passed it on."""

BEGINS: Final[ConversationState] = "ai"
"""The state in which a conversation begins."""

SILENT_STATES: Final[frozenset[ConversationState]] = frozenset({"human"})
"""States of a conversation in which a person speaks, so the assistant says nothing."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who has a conversation.

    `person` has it, if its state is `human`; None is a program that speaks for a person without a
    name. `waits`: the visitor waits for a person's reply. `told`: the visitor was told that nobody
    has taken the conversation yet. `snoozed`: people don't want to see it for a while.
    """

    state: ConversationState = BEGINS
    person: UserId | None = None
    waits: bool = False
    told: bool = False
    snoozed: bool = False

    @classmethod
    def in_state(cls, state: ConversationState) -> "Hand":
        """Return a hand of which only the state is known."""
        return cls(state, waits=state == "waiting")


@dataclass(frozen=True, slots=True)
class VisitorWrote:
    name: ClassVar[Literal["visitor_wrote"]] = "visitor_wrote"


@dataclass(frozen=True, slots=True)
class PersonWanted:
    reason: WantedReason
    name: ClassVar[Literal["person_wanted"]] = "person_wanted"


@dataclass(frozen=True, slots=True)
class PersonReplied:
    """`by` wrote to the visitor; with `go_ahead` also into what another person has."""

    by: UserId | None
    go_ahead: bool = False
    name: ClassVar[Literal["person_replied"]] = "person_replied"


@dataclass(frozen=True, slots=True)
class Claimed:
    """`by` takes the conversation; with `force` also from another person."""

    by: UserId | None
    force: bool = False
    name: ClassVar[Literal["claimed"]] = "claimed"


@dataclass(frozen=True, slots=True)
class Assigned:
    """The conversation goes to a person, or back to those who wait for one (`to` is None)."""

    by: UserId | None
    to: UserId | None

    @property
    def name(self) -> Literal["assigned", "unassigned"]:
        return "unassigned" if self.to is None else "assigned"


@dataclass(frozen=True, slots=True)
class HandedBack:
    by: UserId | None
    name: ClassVar[Literal["handed_back"]] = "handed_back"


@dataclass(frozen=True, slots=True)
class Opened:
    """`by` wants it open, which reopens it or takes it over from those who wait."""

    by: UserId | None
    name: ClassVar[Literal["opened"]] = "opened"


@dataclass(frozen=True, slots=True)
class Closed:
    by: UserId | None
    name: ClassVar[Literal["closed"]] = "closed"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody has written for a while."""

    name: ClassVar[Literal["idle"]] = "idle"


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Nobody has taken it, though people were there."""

    name: ClassVar[Literal["unclaimed"]] = "unclaimed"


PersonsAct = Claimed | Assigned | HandedBack | Opened | Closed | PersonWanted
"""What a person of the account does without writing to the visitor."""

Happening = PersonsAct | VisitorWrote | PersonReplied | Idle | Unclaimed
HappeningName = Literal[
    "visitor_wrote",
    "person_wanted",
    "person_replied",
    "claimed",
    "assigned",
    "unassigned",
    "handed_back",
    "opened",
    "closed",
    "idle",
    "unclaimed",
]

_CHANGES: Final[Mapping[HappeningName, Mapping[ConversationState, ConversationState]]] = {
    "visitor_wrote": {"ai": "ai", "waiting": "waiting", "human": "human", "closed": "ai"},
    "person_wanted": {"ai": "waiting", "waiting": "waiting", "human": "human", "closed": "waiting"},
    "person_replied": {"ai": "human", "waiting": "human", "human": "human", "closed": "human"},
    "claimed": {"ai": "human", "waiting": "human", "human": "human"},
    "assigned": {"ai": "human", "waiting": "human", "human": "human"},
    "unassigned": {"ai": "ai", "waiting": "waiting", "human": "waiting"},
    "handed_back": {"ai": "ai", "waiting": "ai", "human": "ai"},
    "opened": {"ai": "ai", "waiting": "human", "human": "human", "closed": "ai"},
    "closed": {"ai": "closed", "waiting": "closed", "human": "closed", "closed": "closed"},
    "idle": {"ai": "closed"},
    "unclaimed": {"waiting": "waiting"},
}
# These come with an answer, which may land late: they pass on only what the assistant still has.
_OF_ANSWERS: Final[frozenset[WantedReason]] = frozenset({"failures", "low_confidence"})


def state_after(state: ConversationState, happening: HappeningName) -> ConversationState | None:
    """Return the state after something happened in `state`; None if that isn't possible then."""
    return _CHANGES[happening].get(state)


def states_before(happening: HappeningName) -> tuple[ConversationState, ...]:
    """Return the states in which this can happen."""
    return tuple(_CHANGES[happening])


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the visitor something; `passed_on` stands for all three texts about that."""

    text: HandoffText


Effect = Tell | Literal["take_answers_away", "start_claim_timer", "stop_claim_timer", "wake_up"]
"""What follows from a change. `take_answers_away`: answers in progress don't reach the visitor."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The hand after something happened, and what follows from it, in this order."""

    hand: Hand
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """It isn't possible: another person, `holder`, has the conversation, or it is closed."""

    reason: Literal["held_by_another", "closed"]
    holder: UserId | None = None


def transition(hand: Hand, happening: Happening) -> Moved | Refused:
    """Return who has a conversation after something happened, or why that isn't possible.

    What can't happen any more, such as a timer that comes too late, changes nothing.
    """
    if _keeps_out(hand, happening):
        return Refused("held_by_another", hand.person)
    state = state_after(hand.state, happening.name)
    if _comes_too_late(hand, happening, state):
        return Moved(hand, ())
    if state is None:
        return Refused("closed")
    after = Hand(
        state=state,
        person=_person_after(hand, happening) if state == "human" else None,
        waits=_waits_after(hand, happening, state),
        told=state == "waiting" and (hand.told or isinstance(happening, Unclaimed)),
        snoozed=hand.snoozed and not _wakes_up(happening),
    )
    return Moved(after, tuple(_effects(hand, after, happening)))


def _keeps_out(hand: Hand, happening: Happening) -> bool:
    """Tell whether another person's hold forbids it."""
    match happening:
        case PersonReplied(by, False) | Claimed(by, False):
            return hand.person is not None and hand.person != by
        case _:
            return False


def _comes_too_late(hand: Hand, happening: Happening, state: ConversationState | None) -> bool:
    match happening:
        case PersonWanted(reason) if reason in _OF_ANSWERS:
            return hand.state != "ai"
        case Idle():
            return state is None or hand.snoozed
        case Unclaimed():
            return state is None or hand.told
        case Assigned(_, None):
            return state is None
        case _:
            return False


def _person_after(hand: Hand, happening: Happening) -> UserId | None:
    match happening:
        case PersonReplied(by) | Opened(by):
            # A program without a name doesn't take it from a person.
            return by or hand.person
        case Claimed(by):
            return by
        case Assigned(_, to):
            return to
        case _:
            return hand.person


def _waits_after(hand: Hand, happening: Happening, state: ConversationState) -> bool:
    match happening:
        case PersonReplied():
            return False
        case VisitorWrote() if state == "human":
            return True
        case _:
            # What a person has just begun to have keeps the visitor waiting, if they were.
            return state == "waiting" or (state == "human" and hand.waits)


def _wakes_up(happening: Happening) -> bool:
    return isinstance(happening, VisitorWrote | PersonWanted | HandedBack | Closed)


def _effects(before: Hand, after: Hand, happening: Happening) -> Iterator[Effect]:
    """Derive what follows from the difference, so that no change forgets it."""
    if after.state in SILENT_STATES and before.state not in SILENT_STATES:
        yield "take_answers_away"
    if before.state == "waiting" != after.state:
        yield "stop_claim_timer"
    if after.state == "waiting" != before.state:
        yield "start_claim_timer"
    if before.snoozed and not after.snoozed:
        yield "wake_up"
    match happening:
        case PersonWanted() if after.state == "waiting" != before.state:
            yield Tell("passed_on")
        case HandedBack() if before.state != "ai":
            yield Tell("handed_back")
        case Unclaimed() if not before.told:
            yield Tell("unclaimed")
        case _:
            pass


def with_answer_taken(hand: Hand) -> Hand:
    """Return the hand if an answer in progress was taken away: its visitor waits for a person."""
    return replace(hand, waits=True)
