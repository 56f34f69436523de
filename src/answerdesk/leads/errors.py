"""Errors of leads."""

from answerdesk.core.errors import InvalidInput


def email_invalid(reason: str) -> InvalidInput:
    """For text in place of an e-mail address; `reason` follows the field's name."""
    return InvalidInput(f"email {reason}; correct it, or leave it out", code="email_invalid")


def contact_missing() -> InvalidInput:
    """For a lead that nobody could reach."""
    return InvalidInput("A lead needs an email or a phone number; add one", code="contact_missing")
