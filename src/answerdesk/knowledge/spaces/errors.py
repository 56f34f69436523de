"""What can go wrong with changing the embedding model."""

from collections.abc import Iterable

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def unknown_space(space: str, available: Iterable[str]) -> InvalidInput:
    """Return the error for a space that this installation cannot embed in."""
    names = ", ".join(available)
    return InvalidInput(
        f"This installation has no embedding model for {space!r}; it has: {names}",
        code="unknown_space",
    )


def space_served(space: str) -> Conflict:
    """Return the error for a change to what is served already."""
    return Conflict(f"The project uses the embedding model {space} already", code="space_served")


def change_running(to: str) -> Conflict:
    """Return the error for what cannot be done while a change runs."""
    return Conflict(
        f"The project is being changed to the embedding model {to}; wait for it or cancel it first",
        code="change_running",
    )


def no_change_running() -> Conflict:
    """Return the error for cancelling what does not run."""
    return Conflict("No change of the embedding model is running", code="no_change_running")


def no_way_back() -> Conflict:
    """Return the error for a roll-back without a previous model."""
    return Conflict(
        "The project has no previous embedding model to return to", code="no_previous_space"
    )


def way_back_incomplete(space: str) -> Conflict:
    """Return the error for a roll-back to a space in which chunks lack their vectors."""
    return Conflict(
        f"Some of the knowledge has no vectors of {space} yet; change to that model instead of "
        "rolling back, which makes the missing ones first",
        code="previous_space_incomplete",
    )


def previous_space_not_usable(space: str) -> Conflict:
    """Return the error for a roll-back to a space that questions cannot be embedded in."""
    return Conflict(
        f"This installation has no embedding model for {space} any more; configure it again first",
        code="previous_space_not_usable",
    )


def previous_space_not_found() -> NotFound:
    """Return the error for forgetting a previous model that is not there."""
    return NotFound("The project has no previous embedding model", code="no_previous_space")
