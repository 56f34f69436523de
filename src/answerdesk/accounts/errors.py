"""Errors of accounts, people, log-ins, invitations, API keys and limits."""

from collections.abc import Sequence

from answerdesk.core.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted


class CredentialsInvalid(NotAuthenticated):
    """The address is unknown or the password is wrong; the caller is never told which."""

    code = "credentials_invalid"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong")


class SessionEnded(NotAuthenticated):
    """The log-in has ended: by logging out, a new password, the person's removal, or expiry."""

    code = "session_ended"

    def __init__(self) -> None:
        super().__init__("This log-in has ended; log in again")


class NobodyLoggedIn(NotAuthenticated):
    """The browser has no log-in cookie."""

    code = "nobody_logged_in"

    def __init__(self) -> None:
        super().__init__("Nobody is logged in in this browser; log in first")


class RefreshTokenInvalid(NotAuthenticated):
    """The refresh token is not one of ours, or its log-in has ended."""

    code = "refresh_token_invalid"

    def __init__(self) -> None:
        super().__init__("This refresh token is not valid or no longer valid; log in again")


class RefreshTokenReused(NotAuthenticated):
    """The refresh token was used before: somebody has a copy, so the log-in is ended."""

    code = "refresh_token_reused"

    def __init__(self) -> None:
        super().__init__(
            "This refresh token was used before, so somebody else may have a copy. The log-in has "
            "been ended; log in again"
        )


def dialect_not_in_plan(plan: str) -> NotPermitted:
    return NotPermitted(
        f"The plan {plan!r} does not include this API; put the account on a plan that does",
        code="plan_required",
    )


def account_suspended() -> NotPermitted:
    """For every credential of a suspended account."""
    return NotPermitted(
        "This account is suspended; contact the operator of this installation",
        code="account_suspended",
    )


class NoAccount(NotPermitted):
    """The person is not a member of any account."""

    code = "no_account"

    def __init__(self) -> None:
        super().__init__(
            "You are not a member of any account; ask somebody to invite you to theirs"
        )


class SignUpClosed(NotPermitted):
    """This installation lets nobody sign up, or only people who are invited."""

    code = "signup_closed"

    def __init__(self, *, by_invitation: bool) -> None:
        if by_invitation:
            super().__init__(
                "You can only join by invitation; ask a member of the account to invite you",
                code="signup_invite_only",
            )
        else:
            super().__init__("Sign-up is closed here; ask the operator of this installation")


def plan_not_offered(plan: str, offered: Sequence[str]) -> InvalidInput:
    """For a plan that nobody may choose when signing up."""
    advice = f"choose from {', '.join(offered)}, or leave it out" if offered else "leave it out"
    return InvalidInput(
        f"plan: {plan!r} can't be chosen when signing up; {advice}", code="plan_not_offered"
    )


class EmailInUse(Conflict):
    """A log-in with this address exists."""

    code = "email_in_use"

    def __init__(self) -> None:
        super().__init__(
            "A log-in with this address already exists; log in, or ask for a new password"
        )


def address_in_use() -> Conflict:
    """For a person who wants to change to the address of another log-in."""
    return Conflict(
        "Another log-in already has this address; choose another one, or log in with that one",
        code="email_in_use",
    )


def address_unchanged() -> InvalidInput:
    return InvalidInput("email: This is your address already", code="email_unchanged")


class EmailChangeNotFound(NotFound):
    """The person has no change of the e-mail address that waits to be confirmed."""

    code = "email_change_not_found"

    def __init__(self) -> None:
        super().__init__(
            "No change of your e-mail address is waiting: it was confirmed or cancelled, or its "
            "hour is over"
        )


def email_token_invalid() -> InvalidInput:
    """For a link that changes no address (any more)."""
    return InvalidInput(
        "This link was already used or cancelled, or its hour is over; ask for a new one on your "
        "profile page",
        code="email_token_invalid",
    )


class AccountClaimed(Conflict):
    """The installation's account already has an owner."""

    code = "account_claimed"

    def __init__(self) -> None:
        super().__init__(
            "This installation's account already has an owner: ask for an invitation, or make one "
            "with `answerdesk account invite`"
        )


class OwnerKeyWrong(NotPermitted):
    code = "owner_key_wrong"

    def __init__(self) -> None:
        super().__init__("This is not the owner's key; find it in the server's data folder")


class InvitedAnother(NotPermitted):
    """The invitation is for another address."""

    code = "invitation_for_another"

    def __init__(self) -> None:
        super().__init__("This invitation is for another e-mail address; sign up with that one")


class InvitationNotFound(NotFound):
    """No open invitation of the caller's account has this token or id."""

    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__(
            "This invitation does not exist or no longer exists: it was accepted or withdrawn, or "
            "its seven days are over. Ask for a new one"
        )


def key_not_found() -> NotFound:
    return NotFound("API key not found", code="api_key_not_found")


def key_unknown() -> NotAuthenticated:
    return NotAuthenticated("This API key does not exist", code="api_key_unknown")


def key_revoked() -> NotAuthenticated:
    return NotAuthenticated("This API key has been revoked; use another", code="api_key_revoked")


def key_expired() -> NotAuthenticated:
    return NotAuthenticated("This API key has expired; use another", code="api_key_expired")


def api_not_in_plan() -> NotPermitted:
    """For a key of an account whose plan does not include the API."""
    return NotPermitted(
        "This account's plan does not include the API (feature: api); choose a larger plan",
        code="feature_missing",
    )


def scope_unknown(scope: str, known: str) -> InvalidInput:
    """For a scope that no key can have."""
    return InvalidInput(
        f"scopes: {scope!r} is not a scope; choose from {known}", code="scope_unknown"
    )


def scope_exceeds(scope: str) -> NotPermitted:
    """For a scope that the key's creator does not have."""
    return NotPermitted(
        f"You cannot give a key the scope {scope}, because you do not have it yourself",
        code="scope_exceeds",
    )


class LimitReached(NotPermitted):
    """The account's plan allows at most `limit` of `metric`."""

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
    "If it is lost, or was changed on purpose, run `answerdesk keys adopt` to make this node's "
    "keys the installation's."
)


class SecretKeysDiffer(InvalidInput):
    """The node lacks a secret key that the installation uses."""

    code = "secret_keys_differ"

    def __init__(self, source: str, since: str, advice: str) -> None:
        super().__init__(
            f"{source} lacks a secret key that this installation has used since {since}. Without "
            f"it, nodes could not open or accept what other nodes seal and sign. {advice} {_ADOPT}"
        )


class OwnerKeyDiffers(InvalidInput):
    """The node would accept a different owner's key from the installation's other nodes."""

    code = "owner_key_differs"

    def __init__(self, source: str, since: str, advice: str) -> None:
        super().__init__(
            f"{source} is not the owner's key that this installation has used since {since}. "
            f"{advice} {_ADOPT}"
        )
