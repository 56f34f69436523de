"""What can go wrong with invitations."""

from answerdesk.core.errors import NotFound


class InvitationNotFound(NotFound):
    """No open invitation has this token or id, or not of the caller's account."""

    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such invitation (any more): it was accepted or withdrawn, or its seven "
            "days are over; ask for a new one"
        )
