"""Finds the widget that a request is about: one of our projects."""

from typing import Annotated, Final

from fastapi import Depends

from answerdesk.accounts.dependencies import Caller
from answerdesk.core.errors import NotFound
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.projects.reached import Reached

WIDGET_PREFIX: Final = "widget"


def _not_found() -> NotFound:
    return NotFound("Widget not found", code="widget_not_found")


async def _widgets(caller: Caller, database: DatabaseOf) -> Reached:
    return Reached(caller, database, prefix=WIDGET_PREFIX, field="widget_key", missing=_not_found)


WidgetsOf = Annotated[Reached, Depends(_widgets)]
"""The widgets that the caller reaches."""
