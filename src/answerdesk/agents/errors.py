"""What can go wrong with agents."""

from answerdesk.core.errors import NotFound


def agent_not_found() -> NotFound:
    """Return the error for an id that names no agent of the project."""
    return NotFound("Agent not found", code="agent_not_found")
