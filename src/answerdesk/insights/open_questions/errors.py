"""Errors of open questions."""

from answerdesk.core.errors import Conflict, NotFound


def question_not_found() -> NotFound:
    return NotFound("Question not found", code="question_not_found")


def question_decided() -> Conflict:
    return Conflict(
        "Somebody has answered or dismissed this question already; read the list again",
        code="question_decided",
    )
