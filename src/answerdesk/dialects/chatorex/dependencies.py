"""Finds the chatbot that a request is about: one of our projects."""

from typing import Annotated

from fastapi import Depends

from answerdesk.accounts.dependencies import Caller
from answerdesk.core.errors import NotFound
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects.reached import Reached


def _not_found() -> NotFound:
    return NotFound("Chatbot not found", code="chatbot_not_found")


async def _chatbots(caller: Caller, database: DatabaseOf) -> Reached:
    return Reached(caller, database, field="chatbot_id", missing=_not_found)


ChatbotsOf = Annotated[Reached, Depends(_chatbots)]
"""The chatbots that the caller reaches."""
