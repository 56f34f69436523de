"""What can go wrong with actions."""

from answerdesk.agents.actions.types import MOST_ACTIONS
from answerdesk.core.errors import Conflict, InvalidInput, NotFound, NotPermitted


def action_not_found() -> NotFound:
    """For an id that names no action that the caller may reach."""
    return NotFound("Action not found", code="action_not_found")


def actions_not_in_plan() -> NotPermitted:
    return NotPermitted(
        "This account's plan does not include actions (feature: custom_actions); choose a larger "
        "plan",
        code="feature_missing",
    )


def too_many_actions() -> Conflict:
    return Conflict(
        f"A project has at most {MOST_ACTIONS} actions; delete one before you add another",
        code="too_many_actions",
    )


def headers_needed_again() -> InvalidInput:
    """For a new host, to which a stored secret would go that was meant for another."""
    return InvalidInput(
        "headers: the url leads to another host, so send the value of every header again, or null "
        "to remove it",
        code="headers_needed",
    )


def header_refused(reason: str) -> InvalidInput:
    return InvalidInput(f"headers: {reason}", code="header_refused")


def action_unknown(action_id: str) -> InvalidInput:
    """For an action that an agent's model is to call, and that isn't the project's."""
    return InvalidInput(
        f"actions: this project has no action {action_id[:50]!r}", code="action_unknown"
    )


def action_changes_something(action_id: str) -> InvalidInput:
    return InvalidInput(
        f"actions: a model may call an action only if its method is GET, and that of {action_id} "
        "is another; what changes something is called by the visitor's own words",
        code="action_changes_something",
    )


def parameters_invalid(reason: str) -> InvalidInput:
    return InvalidInput(f"parameters: {reason}", code="parameters_invalid")
