"""Errors of leads."""

from answerdesk.core.errors import InvalidInput, NotFound


def lead_not_found() -> NotFound:
    return NotFound("Lead not found", code="lead_not_found")


def email_invalid(reason: str) -> InvalidInput:
    """For text in place of an e-mail address; `reason` follows the field's name."""
    return InvalidInput(f"email {reason}; correct it, or leave it out", code="email_invalid")


def consent_missing() -> InvalidInput:
    """For contact details of a visitor who has not agreed to what the project asks."""
    return InvalidInput(
        "These contact details need the visitor's consent: show the project's consent text, and "
        "send what the visitor agreed to as consent.text",
        code="consent_missing",
    )


def contact_missing() -> InvalidInput:
    """For a lead that nobody could reach."""
    return InvalidInput("A lead needs an email or a phone number; add one", code="contact_missing")
