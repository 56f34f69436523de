"""Errors of projects."""

from datetime import date

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


def domain_not_found() -> NotFound:
    """For a domain's id or token that is unknown, removed or another project's."""
    return NotFound("Domain not found", code="domain_not_found")


def website_url_invalid(reason: str) -> InvalidInput:
    """For an address that no website has; `reason` follows the field's name."""
    return InvalidInput(f"website_url {reason}", code="website_url_invalid")


def domain_label_too_long(most: int) -> InvalidInput:
    return InvalidInput(f"A domain's label can have at most {most} characters", code="label")


def period_backwards(first: date, last: date) -> InvalidInput:
    return InvalidInput(
        f"from ({first}) is after to ({last}); swap the two dates", code="period_backwards"
    )


def period_out_of_range() -> InvalidInput:
    return InvalidInput("The dates are too early or too late to be counted", code="period_range")
