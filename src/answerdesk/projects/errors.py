"""What can go wrong with projects."""

from answerdesk.core.errors import Conflict, InvalidInput, NotFound


def project_not_found() -> NotFound:
    """Return the error for an id that names no project of the caller's."""
    return NotFound("Project not found", code="project_not_found")


def widget_key_not_found() -> NotFound:
    """Return the error for a widget key that is unknown, revoked or another project's."""
    return NotFound("Widget key not found", code="widget_key_not_found")


def identity_secret_missing() -> InvalidInput:
    """Return the error for enforcing tokens that nobody could sign."""
    message = "Identities can be enforced once the project has an identity secret; make one first"
    return InvalidInput(message, code="identity_secret_missing")


def identity_enforced() -> Conflict:
    """Return the error for taking away the secret that visitors' tokens are checked with."""
    message = "Visitors' identities are enforced; turn identity.enforce off first, or replace it"
    return Conflict(message, code="identity_enforced")
