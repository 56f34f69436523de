"""What can go wrong with changing the embedding model."""

from collections.abc import Iterable

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def unknown_space(space: str, available: Iterable[str]) -> InvalidInput:
    names = ", ".join(available)
    return InvalidInput(
        f"This installation has no embedding model for {space!r}; available: {names}",
        code="unknown_space",
    )


def space_served(space: str) -> Conflict:
    return Conflict(f"The project already uses the embedding model {space}", code="space_served")


def change_running(to: str) -> Conflict:
    return Conflict(
        f"The project is changing to the embedding model {to}; wait for that or cancel it first",
        code="change_running",
    )


def no_change_running() -> Conflict:
    return Conflict("No change of the embedding model is running", code="no_change_running")


def no_way_back() -> Conflict:
    return Conflict(
        "The project has no previous embedding model to return to", code="no_previous_space"
    )


def way_back_incomplete(space: str) -> Conflict:
    return Conflict(
        f"Some of the knowledge has no vectors of {space} yet; instead of rolling back, change to "
        "that model, which first makes the missing vectors",
        code="previous_space_incomplete",
    )


def previous_space_not_usable(space: str) -> Conflict:
    return Conflict(
        f"This installation no longer has an embedding model for {space}; configure it again first",
        code="previous_space_not_usable",
    )


def previous_space_not_found() -> NotFound:
    return NotFound("The project has no previous embedding model", code="no_previous_space")
