"""What can go wrong with accounts, people, log-ins, invitations, API keys and limits."""

from answerdesk.core.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted


class CredentialsInvalid(NotAuthenticated):
    """The address is unknown, or the password is another; nobody is told which."""

    code = "credentials_invalid"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong")


class SessionEnded(NotAuthenticated):
    """The log-in has ended: by logging out, a new password, a removal, or with time."""

    code = "session_ended"

    def __init__(self) -> None:
        super().__init__("This log-in has ended; log in again")


class NobodyLoggedIn(NotAuthenticated):
    """The browser has no cookie of a log-in."""

    code = "nobody_logged_in"

    def __init__(self) -> None:
        super().__init__("Nobody is logged in in this browser; log in")


class RefreshTokenInvalid(NotAuthenticated):
    """The refresh token is none of ours, or its log-in has ended."""

    code = "refresh_token_invalid"

    def __init__(self) -> None:
        super().__init__("This refresh token is not valid, or not any more; log in again")


class RefreshTokenReused(NotAuthenticated):
    """The refresh token was used before: somebody has a copy, and the log-in is ended."""

    code = "refresh_token_reused"

    def __init__(self) -> None:
        super().__init__(
            "This refresh token was used before, so somebody else may have it; the log-in is "
            "ended, log in again"
        )


def account_suspended() -> NotPermitted:
    """Return the error for every credential of an account that is suspended."""
    return NotPermitted(
        "This account is suspended; ask the operator of this installation",
        code="account_suspended",
    )


class NoAccount(NotPermitted):
    """The person is no member of any account."""

    code = "no_account"

    def __init__(self) -> None:
        super().__init__(
            "You are not a member of any account; ask somebody to invite you to theirs"
        )


class SignUpClosed(NotPermitted):
    """This installation takes nobody, or only those who are invited."""

    code = "signup_closed"

    def __init__(self, *, by_invitation: bool) -> None:
        if by_invitation:
            super().__init__(
                "Here one joins by invitation: ask a member of the account to invite you",
                code="signup_invite_only",
            )
        else:
            super().__init__("Nobody can sign up here; ask whoever runs this installation")


class EmailInUse(Conflict):
    """There is a log-in with this address."""

    code = "email_in_use"

    def __init__(self) -> None:
        super().__init__(
            "There is a log-in with this address already: log in, or ask for a new password"
        )


class AccountClaimed(Conflict):
    """The installation's account has an owner."""

    code = "account_claimed"

    def __init__(self) -> None:
        super().__init__(
            "This installation's account has an owner already: ask for an invitation, or make one "
            "with `answerdesk account invite`"
        )


class OwnerKeyWrong(NotPermitted):
    """It is not the owner's key."""

    code = "owner_key_wrong"

    def __init__(self) -> None:
        super().__init__("This is not the owner's key; it is in the data folder of the server")


class InvitedAnother(NotPermitted):
    """The invitation is for another address."""

    code = "invitation_for_another"

    def __init__(self) -> None:
        super().__init__("This invitation is for another e-mail address; sign up with that one")


class InvitationNotFound(NotFound):
    """No open invitation has this token or id, or not of the caller's account."""

    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such invitation (any more): it was accepted or withdrawn, or its seven "
            "days are over; ask for a new one"
        )


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


class LimitReached(NotPermitted):
    """The account's plan allows no more of `metric` than `limit`."""

    code = "limit_reached"

    def __init__(self, metric: str, limit: int, used: int) -> None:
        super().__init__(
            f"This account's plan allows {limit} {metric.replace('_', ' ')} ({metric}), and "
            f"{used} are in use; remove some or choose a larger plan"
        )
        self.metric = metric
        self.limit = limit
        self.used = used


_ADOPT = (
    "If it is lost, or was changed on purpose, `answerdesk keys adopt` makes the keys of this node "
    "the installation's."
)


class SecretKeysDiffer(InvalidInput):
    """The node lacks a secret key that the installation uses."""

    code = "secret_keys_differ"

    def __init__(self, source: str, since: str, advice: str) -> None:
        super().__init__(
            f"{source} lacks a secret key that this installation has used since {since}: what one "
            f"node seals and signs, another could neither open nor accept. {advice} {_ADOPT}"
        )


class OwnerKeyDiffers(InvalidInput):
    """The node would accept another owner's key than the installation's other nodes."""

    code = "owner_key_differs"

    def __init__(self, source: str, since: str, advice: str) -> None:
        super().__init__(
            f"{source} is not the owner's key that this installation has used since {since}. "
            f"{advice} {_ADOPT}"
        )
