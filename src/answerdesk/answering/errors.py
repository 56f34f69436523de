"""What can go wrong with answers."""

from answerdesk.answering.types import Abstain, Answer
from answerdesk.core.errors import DomainError, Unavailable


class AnswerFailed(DomainError):
    """An unexpected error of ours, reported without anything that the request said."""

    code = "answer_failed"

    def __init__(self) -> None:
        super().__init__("Something went wrong here; send the request again")


class AnswerCut(Unavailable):
    """A model broke off an answer of which something has been shown; what was shown is void.

    `instead` is the answer without the model, for whoever asks again.
    """

    code = "answer_cut"

    def __init__(self, instead: Answer | Abstain) -> None:
        super().__init__("The answer broke off. Please send your message again.")
        self.instead = instead
