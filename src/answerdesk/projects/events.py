"""The events of projects (`core.events`)."""

from typing import Final

from answerdesk.core.events import EventType, Payload


class ProjectChange(Payload):
    """A project."""

    project_id: str


_EXAMPLE: Final = ProjectChange(project_id="proj_3b9e1c5d7f2a4860913b9e1c5d7f2a48")

PROJECT_CREATED: Final = EventType(
    "project.created", "A project was created.", ProjectChange, _EXAMPLE, public=False
)
PROJECT_DELETED: Final = EventType(
    "project.deleted",
    "A project was deleted; nobody sees it any more.",
    ProjectChange,
    _EXAMPLE,
    public=False,
)

TYPES: Final = (PROJECT_CREATED, PROJECT_DELETED)
