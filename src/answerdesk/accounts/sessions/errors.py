"""What can go wrong with log-ins."""

from answerdesk.core.errors import NotAuthenticated, NotPermitted


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


class AccountSuspended(NotPermitted):
    """The account is suspended."""

    code = "account_suspended"

    def __init__(self) -> None:
        super().__init__("This account is suspended; ask the operator of this installation")


class NoAccount(NotPermitted):
    """The person is no member of any account."""

    code = "no_account"

    def __init__(self) -> None:
        super().__init__(
            "You are not a member of any account; ask somebody to invite you to theirs"
        )
