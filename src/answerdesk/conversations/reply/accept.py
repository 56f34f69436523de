"""Accepts a visitor's message: reads the facts, decides what to do, stores the message.

This takes two round trips of one statement each. If the conversation changes in between, nothing is
stored and the facts are read again, so the decision is always current. Rarer cases use a
transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from answerdesk.accounts.limits.service import caps_of, give_back
from answerdesk.accounts.plans import plans_in
from answerdesk.accounts.types import Cap, OwnCaps, Sender
from answerdesk.agents.actions.choosing import planned_for
from answerdesk.agents.actions.types import OfferedActions, PlannedAction
from answerdesk.answering.service import decide_at_once
from answerdesk.answering.types import Act, Decision, DecisionKind, HandOff, SmallTalk
from answerdesk.conversations import repository
from answerdesk.conversations.access import reaches
from answerdesk.conversations.errors import (
    conversation_busy,
    conversation_not_found,
    desk_suspended,
    visitor_token_invalid,
)
from answerdesk.conversations.handoff import (
    SILENT_STATES,
    Hand,
    Moved,
    VisitorWrote,
    transition,
)
from answerdesk.conversations.reply.answer import exchanges
from answerdesk.conversations.reply.caps import CAP_REACHED, hold_caps
from answerdesk.conversations.reply.repository import turns
from answerdesk.conversations.reply.repository.facts import Facts, FoundConversation, facts_of
from answerdesk.conversations.reply.repository.messages import (
    NewQuestion,
    message_that_came,
    store_question,
)
from answerdesk.conversations.reply.rules import is_for_a_person
from answerdesk.conversations.reply.stream import Accepted, Notice
from answerdesk.conversations.service import escalate, pass_on
from answerdesk.conversations.tasks import cancel_finish, schedule_finish
from answerdesk.conversations.texts import language_of, visitor_text
from answerdesk.conversations.types import (
    IncomingMessage,
    OfTheAccount,
    OwnConversations,
    Question,
    VisitorId,
)
from answerdesk.conversations.visitors.address_limits import AddressLimits
from answerdesk.conversations.visitors.service import require_origin
from answerdesk.core.database import Database
from answerdesk.core.idempotency import key_reused
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId, new_id
from answerdesk.kit.redaction import without_cards
from answerdesk.leads import service as leads
from answerdesk.leads.types import Contact
from answerdesk.projects.errors import project_not_found
from answerdesk.projects.types import Project

_REPEAT_WITHIN: Final = timedelta(seconds=60)
"""A message repeated within this time counts as the same if its sender didn't get our reply."""

_TWICE_WITHIN: Final = timedelta(seconds=2)
"""A first message that a known visitor sends again within this time is the same in any case."""

_NEVER_REPEATED: Final = SILENT_STATES | {"closed"}
"""States in which every message is a new one, since it is for a person or reopens."""

_TRIES: Final = 10
"""Attempts to store a message while others keep writing in the conversation."""

_KNOWN_PROJECTS: Final = 10_000

_ASKED_WITHIN: Final = timedelta(hours=1)
"""How long a message can supply what the assistant has asked for."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A stored message and what to do next.

    Either `question` is ours to answer, or `notice` is the whole reply, or (both None) somebody
    else answers it or has answered it.
    """

    accepted: Accepted
    question: Question | None = None
    notice: Notice | None = None


class Reception:
    """Accepts visitors' messages."""

    def __init__(
        self,
        database: Database,
        limits: AddressLimits,
        lease: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._limits = limits
        self._lease = lease
        self._now = now
        # Each project and its actions as last read; every message checks their versions.
        self._projects: dict[ProjectId, Project] = {}
        self._actions: dict[ProjectId, OfferedActions] = {}

    async def accept(self, incoming: IncomingMessage) -> Acceptance:
        """Store the message; when this returns, it is never lost.

        Raises:
        - NotFound for a missing project, or a conversation that is missing, belongs to another
          project, or is out of the message's access
        - NotPermitted for an origin that the project doesn't allow, or a suspended account
        - NotAuthenticated for a visitor token whose project or visitor no longer exists
        - Conflict if others keep writing in the conversation
        - InvalidInput if the message's key was used for another one
        - RateLimited
        """
        counted = False
        for _ in range(_TRIES):
            facts, project = await self._facts(incoming, counted=counted)
            counted = True
            if project.settings.privacy.mask_cards:
                incoming = replace(incoming, text=without_cards(incoming.text))
            again = await self._came_before(incoming) or _repeated(incoming, facts)
            if again is not None:
                return await self._accept_again(incoming, project, again)
            try:
                acceptance = await self._store(incoming, facts, project)
            except (IntegrityError, UniqueViolation):
                if incoming.keyed_id is None:
                    raise
                continue  # Its key came in another conversation at the same time.
            if acceptance is not None:
                await self._capture_lead(incoming, project, acceptance)
                return acceptance
        raise conversation_busy()

    async def _came_before(self, incoming: IncomingMessage) -> Accepted | None:
        """Return what a message with the same key was accepted as; None if there is none.

        Raises InvalidInput if that was another message.
        """
        message_id = incoming.keyed_id
        if message_id is None:
            return None
        came = await message_that_came(self._database.single(incoming.account_id), message_id)
        if came is None:
            return None
        conversation_id, content = came
        is_there = incoming.conversation_id in (None, conversation_id)
        if not is_there or content not in (incoming.text, without_cards(incoming.text)):
            raise key_reused()
        return Accepted(conversation_id, message_id)

    async def _facts(self, incoming: IncomingMessage, *, counted: bool) -> tuple[Facts, Project]:
        """Read the facts that decide about the message; raise an error if it is refused."""
        with self._limits.messages_window(None if counted else incoming.address) as window:
            known = self._projects.get(incoming.project_id)
            executor = self._database.single(incoming.account_id)
            offered = self._actions.get(incoming.project_id)
            facts = await facts_of(executor, incoming, window, known, offered, _REPEAT_WITHIN)
        project = _admitted(incoming, facts)
        if project is not known:
            if len(self._projects) >= _KNOWN_PROJECTS:
                self._projects.clear()
                self._actions.clear()
            self._projects[project.id] = project
        self._actions[project.id] = facts.actions
        return facts, project

    async def _store(
        self, incoming: IncomingMessage, facts: Facts, project: Project
    ) -> Acceptance | None:
        """Store a message as the facts require; return None if they are outdated."""
        found = _continued(incoming, facts)
        hand = _hand(found)
        answered = hand.state not in SILENT_STATES
        decision, by_rule = self._decided(incoming, found, project)
        action = None
        if answered and not isinstance(decision, HandOff):
            # "Yes please" may be what an action waits for, so it is no small talk before.
            action = self._planned(incoming, facts, found)
            decision = decision if action is None else None
        conversation_id = ConversationId(new_id()) if found is None else found.id
        visitor_id = _visitor_id(incoming, found)
        caps: Sequence[Cap] = ()
        if answered and decision is None:
            # No caps on small talk, requests for a person, or while a person has the conversation.
            sender = Sender(incoming.account_id, incoming.project_id, visitor_id)
            own = project.settings.message_caps
            plan = plans_in(self._database)[facts.plan]
            caps = caps_of(plan, sender, OwnCaps(own.per_visitor_per_day, own.per_day))
        new = NewQuestion(
            incoming=incoming,
            conversation_id=conversation_id,
            message_id=incoming.keyed_id or MessageId(new_id()),
            seen_at=None if found is None else found.updated_at,
            seen_in=None if found is None else found.state,
            met_in=facts.met_in,
            state=hand.state,
            waits=hand.waits,
            holder=new_id() if answered else None,
            decision=_kind(decision, action) if answered else None,
            action=action,
            visitor_id=visitor_id,
            caps=caps,
        )
        accepted = Accepted(conversation_id, new.message_id)
        question = _question(new, found, facts, project)
        if question is not None and isinstance(decision, HandOff):
            return await self._store_handed_off(new, accepted, question, by_rule=by_rule)
        stored = await store_question(self._database.single(incoming.account_id), new, self._lease)
        if stored.stored:
            notice = None if answered else Notice(_with_person(incoming, found, project))
            return Acceptance(accepted, question, notice)
        if stored.changed:
            return None
        assert question is not None  # noqa: S101  # Caps count only messages to answer.
        taken = [cap for cap in caps if cap.metric in stored.taken]
        return await self._store_over_cap(new, project, accepted, question, taken)

    def _decided(
        self, incoming: IncomingMessage, found: FoundConversation | None, project: Project
    ) -> tuple[HandOff | SmallTalk | None, bool]:
        """Return what the message alone decides, and whether a rule of the owner's decided it."""
        decision = HandOff() if incoming.for_a_person else decide_at_once(incoming.text)
        if not isinstance(decision, HandOff) and self._matches_rule(incoming, found, project):
            return HandOff(), True
        return decision, False

    def _planned(
        self, incoming: IncomingMessage, facts: Facts, found: FoundConversation | None
    ) -> PlannedAction | None:
        """Return what to do for the message with one of the project's actions, if anything."""
        offered = facts.actions.actions
        if not offered or not plans_in(self._database)[facts.plan].has("custom_actions"):
            return None
        pending = None
        if found is not None and found.last_age <= _ASKED_WITHIN.total_seconds():
            pending = found.last_action
        return planned_for(incoming.text, offered, pending, verified=_is_verified(incoming, facts))

    def _matches_rule(
        self, incoming: IncomingMessage, found: FoundConversation | None, project: Project
    ) -> bool:
        """Tell whether the owner wants a person for the message, which nobody waits for yet."""
        if found is not None and found.state in ("waiting", "human"):
            return False
        return is_for_a_person(
            project.settings,
            incoming.text,
            incoming.page_url or (None if found is None else found.page_url),
            self._now(),
            was_passed_on=found is not None and found.was_passed_on,
        )

    async def _capture_lead(
        self, incoming: IncomingMessage, project: Project, acceptance: Acceptance
    ) -> None:
        """Make a lead of an e-mail address in the message, if the project captures leads."""
        if not project.settings.lead_capture.enabled or "@" not in incoming.text:
            return
        conversation_id = acceptance.accepted.conversation_id
        async with self._database.transaction(incoming.account_id) as session:
            lead_id = await leads.capture_from_text(
                session, project, conversation_id, incoming.text, incoming.page_url
            )
            if lead_id is not None:
                await repository.touch(session, conversation_id)

    async def _store_handed_off(
        self, new: NewQuestion, accepted: Accepted, question: Question, *, by_rule: bool
    ) -> Acceptance | None:
        """Store a message that a person must answer, and pass the conversation on."""
        async with self._database.transaction(question.account_id) as session:
            if not (await store_question(session, new, self._lease)).stored:
                return None
            if by_rule:
                await pass_on(session, accepted.conversation_id, "rule")
            else:
                # The reply says so.
                await escalate(
                    session, accepted.conversation_id, OfTheAccount(), Contact(), tells=False
                )
        return Acceptance(accepted, question)

    async def _store_over_cap(
        self,
        new: NewQuestion,
        project: Project,
        accepted: Accepted,
        question: Question,
        taken: Sequence[Cap],
    ) -> Acceptance | None:
        """Store a message over a cap, and return a notice for its visitor."""
        incoming = new.incoming
        async with self._database.transaction(incoming.account_id) as session:
            # This also stores a new visitor, so that the count is theirs.
            stored = await store_question(session, replace(new, caps=()), self._lease)
            # The other caps have counted a message that isn't answered, so give that back.
            visitor = await repository.visitor_of(session, new.conversation_id)
            subject = visitor or new.conversation_id
            await give_back(
                session, [replace(cap, subject_id=cap.subject_id or subject) for cap in taken]
            )
            if not stored.stored:
                return None
            notice = await hold_caps(session, incoming, project, new.conversation_id)
            if notice is None:  # A new day has begun.
                return Acceptance(accepted, question)
            await turns.finish(session, new.message_id, question.holder, error_code=CAP_REACHED)
            await cancel_finish(session, new.message_id)
        return Acceptance(accepted, notice=notice)

    async def _accept_again(
        self, incoming: IncomingMessage, project: Project, accepted: Accepted
    ) -> Acceptance:
        """Accept a message that is already stored; take over its turn if nobody holds it."""
        message_id, account_id = accepted.message_id, incoming.account_id
        async with self._database.transaction(account_id) as session:
            turn = await turns.turn_state(session, message_id)
            if turn is None:
                return Acceptance(accepted, notice=Notice(_with_person(incoming, None, project)))
            if turn.error_code == CAP_REACHED:
                notice = await hold_caps(session, incoming, project, accepted.conversation_id)
                if notice is not None:
                    return Acceptance(accepted, notice=notice)
            question = await turns.take_over(session, account_id, message_id, new_id(), self._lease)
            if question is not None:
                await schedule_finish(session, account_id, message_id, self._lease)
        return Acceptance(accepted, question)


def _admitted(incoming: IncomingMessage, facts: Facts) -> Project:
    """Return the project if the message may be sent; raises the errors of `accept`."""
    own = isinstance(incoming.access, OwnConversations)
    if facts.suspended:
        raise desk_suspended()
    if facts.project is None:
        raise visitor_token_invalid() if own else project_not_found()
    require_origin(facts.project, incoming.origin, said=False)
    if own and facts.visitor is None:
        raise visitor_token_invalid()
    if incoming.conversation_id is not None:
        found, enforced = facts.conversation, facts.project.settings.identity.enforce
        if (
            found is None
            or found.project_id != incoming.project_id
            or not reaches(
                incoming.access, found.visitor, opens_by_id=found.opens_by_id, enforced=enforced
            )
        ):
            raise conversation_not_found()
    return facts.project


def _continued(incoming: IncomingMessage, facts: Facts) -> FoundConversation | None:
    """Return the conversation that the message continues; None if it begins one."""
    found = facts.conversation
    if incoming.conversation_id is None and incoming.outside is None:
        return None
    anew = incoming.outside is not None and incoming.begins_anew
    return None if anew and found is not None and found.state == "closed" else found


def _hand(found: FoundConversation | None) -> Hand:
    """Return who has the conversation after the message."""
    if found is None:
        return Hand()
    moved = transition(Hand.in_state(found.state), VisitorWrote())
    assert isinstance(moved, Moved)  # noqa: S101  # A visitor can write in every state.
    return moved.hand


def _with_person(
    incoming: IncomingMessage, found: FoundConversation | None, project: Project
) -> str:
    """Return the notice for a visitor who writes while a person has the conversation."""
    before = () if found is None else found.history
    said = [text for author, text in before if author == "visitor"]
    language = language_of([*said, incoming.text], project.settings.languages)
    return visitor_text("with_person", language, project.settings.handoff)


def _repeated(incoming: IncomingMessage, facts: Facts) -> Accepted | None:
    """Return what the message was accepted as, if it is the visitor's latest one again."""
    found = _continued(incoming, facts)
    again = facts.conversation if found is None else found
    if again is None or again.last_said is None:
        return None
    is_again = _begins_twice(again) if found is None else _repeats(again)
    return Accepted(again.id, again.last_said) if is_again else None


def _begins_twice(begun: FoundConversation) -> bool:
    """Tell whether a known visitor's first message is one that has just begun a conversation.

    A second click may come after the reply, and nobody reads that and begins anew so soon.
    """
    if begun.state == "closed" or begun.last_turn is None:
        return False
    is_unread = begun.last_turn != "answered" or not begun.last_read
    return begun.last_age <= (_REPEAT_WITHIN if is_unread else _TWICE_WITHIN).total_seconds()


def _repeats(found: FoundConversation) -> bool:
    """Tell whether the message is the visitor's latest one again, since they got no reply to it."""
    if found.last_said is None or found.last_age > _REPEAT_WITHIN.total_seconds():
        return False
    if found.state in _NEVER_REPEATED or found.last_turn is None:
        return False
    return found.last_turn != "answered" or not found.last_read


def _visitor_id(incoming: IncomingMessage, found: FoundConversation | None) -> VisitorId | None:
    if found is None:
        return incoming.visitor_id
    return None if found.visitor is None else found.visitor.id


def _is_verified(incoming: IncomingMessage, facts: Facts) -> bool:
    """Tell whether the sender proved, with this message, to be whose conversation it is.

    The id of a conversation proves nothing, and neither does what a program says about its user.
    """
    found = _continued(incoming, facts)
    owner = facts.visitor if found is None else found.visitor
    if owner is None or owner.identity is None or facts.visitor is None:
        return False
    return owner.id == facts.visitor.id


def _kind(decision: Decision | None, action: PlannedAction | None) -> DecisionKind | None:
    if action is not None:
        decision = Act(action)
    return None if decision is None else decision.kind


def _question(
    new: NewQuestion, found: FoundConversation | None, facts: Facts, project: Project
) -> Question | None:
    """Return the stored message as a question, or None if it needs no answer."""
    if new.holder is None:
        return None
    return Question(
        account_id=new.incoming.account_id,
        project_id=new.incoming.project_id,
        conversation_id=new.conversation_id,
        message_id=new.message_id,
        text=new.incoming.text,
        holder=new.holder,
        decision=new.decision,
        history=() if found is None else exchanges(found.history),
        project=project,
        action=new.action,
        names_models=facts.names_models,
        verified=_is_verified(new.incoming, facts),
    )
