"""What can go wrong with API keys."""

from answerdesk.core.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted


def key_not_found() -> NotFound:
    """Return the error for an id that names no key of the account's."""
    return NotFound("API key not found", code="api_key_not_found")


def key_unknown() -> NotAuthenticated:
    """Return the error for a key that nobody has."""
    return NotAuthenticated("There is no such API key", code="api_key_unknown")


def key_revoked() -> NotAuthenticated:
    """Return the error for a key that was revoked."""
    return NotAuthenticated("This API key has been revoked; use another", code="api_key_revoked")


def key_expired() -> NotAuthenticated:
    """Return the error for a key whose time is over."""
    return NotAuthenticated("This API key has expired; use another", code="api_key_expired")


def account_suspended() -> NotPermitted:
    """Return the error for every credential of an account that is suspended."""
    return NotPermitted(
        "This account is suspended; ask the operator of this installation",
        code="account_suspended",
    )


def api_not_in_plan() -> NotPermitted:
    """Return the error for a key of an account whose plan has no API."""
    return NotPermitted(
        "This account's plan does not have the API (feature: api); choose a larger plan",
        code="feature_missing",
    )


def scope_unknown(scope: str, known: str) -> InvalidInput:
    """Return the error for a scope that no key can have."""
    return InvalidInput(f"scopes: {scope!r} is no scope; there are {known}", code="scope_unknown")


def scope_exceeds(scope: str) -> NotPermitted:
    """Return the error for a scope that the maker of a key does not have."""
    return NotPermitted(
        f"You cannot give a key the scope {scope}, which you do not have yourself",
        code="scope_exceeds",
    )
