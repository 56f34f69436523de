"""Decides by rule, without a model, whether a message calls an action, and with which values."""

from collections.abc import Mapping, Sequence

from answerdesk.agents.actions.finding import found_in
from answerdesk.agents.actions.types import OfferedAction, PlannedAction, Value
from answerdesk.kit.whole_words import Said, folded


def planned_for(
    text: str, offered: Sequence[OfferedAction], pending: PlannedAction | None, *, verified: bool
) -> PlannedAction | None:
    """Return what to do with an action for a message; None if no action is meant.

    `pending` is what was planned for the visitor's message before. If that asked for a parameter,
    this one can supply it. Whatever doesn't is a message like any other, and ends the asking: the
    assistant asks for a parameter once.
    """
    meant = _triggered(text, offered)
    asked = None
    if pending is not None and pending.asks is not None:
        asked = next((one for one in offered if one.id == pending.action_id), None)
    if pending is None or asked is None or meant not in (None, asked):
        return None if meant is None else _planned(meant, text, {}, None, verified=verified)
    planned = _planned(asked, text, pending.parameters, pending.asks, verified=verified)
    is_supplied = planned.step == "log_in" or pending.asks in planned.parameters
    return planned if is_supplied else None


def _triggered(text: str, offered: Sequence[OfferedAction]) -> OfferedAction | None:
    """Return the action with the longest trigger that a message has; the oldest of several."""
    said = Said(text)
    best, longest = None, 0
    for one in offered:
        for trigger in one.settings.triggers:
            length = len(folded(trigger))
            if length > longest and said.has(trigger):
                best, longest = one, length
    return best


def _planned(
    action: OfferedAction,
    text: str,
    known: Mapping[str, Value],
    asked: str | None,
    *,
    verified: bool,
) -> PlannedAction:
    if action.settings.needs_identity and not verified:
        return PlannedAction(action.id, "log_in")
    parameters = action.settings.parameters
    # What was asked for is looked for first: a number may be any of two.
    missing = sorted(
        (one for one in parameters if one.name not in known), key=lambda one: one.name != asked
    )
    found = {**known, **found_in(text, missing, asked)}
    needed = next((one for one in parameters if one.required and one.name not in found), None)
    if needed is None:
        return PlannedAction(action.id, "call", found, verified=verified)
    return PlannedAction(action.id, "ask", found, needed.name, needed.wanted, verified=verified)
