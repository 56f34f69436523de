"""Errors of projects."""

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def project_not_found() -> NotFound:
    """For an id that names no project of the caller's."""
    return NotFound("Project not found", code="project_not_found")


def widget_key_not_found() -> NotFound:
    """For a widget key that is unknown, revoked or another project's."""
    return NotFound("Widget key not found", code="widget_key_not_found")


def identity_secret_missing() -> InvalidInput:
    """For enforcing identity tokens that nobody could sign."""
    message = "The project needs an identity secret before identities can be enforced; create one"
    return InvalidInput(message, code="identity_secret_missing")


def identity_enforced() -> Conflict:
    """For deleting the secret that visitors' tokens are checked with."""
    message = (
        "Visitors' identities are enforced; turn identity.enforce off first, or replace the secret"
    )
    return Conflict(message, code="identity_enforced")
