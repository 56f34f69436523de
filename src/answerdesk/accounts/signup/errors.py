"""What can go wrong when somebody signs up."""

from answerdesk.core.errors import Conflict, NotPermitted


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
