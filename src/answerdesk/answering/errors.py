"""What can go wrong with answers."""

from answerdesk.core.errors import DomainError


class AnswerFailed(DomainError):
    """An unexpected error of ours, reported without anything that the request said."""

    code = "answer_failed"

    def __init__(self) -> None:
        super().__init__("Something went wrong here; send the request again")
