"""Bodies of the native API for projects."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.tenancy import public_id
from answerdesk.core.web.text import FilledText
from answerdesk.projects.types import PROJECT_PREFIX, Project, ProjectSettings


class ProjectIn(BaseModel):
    """A project to make."""

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(max_length=200)
    settings: ProjectSettings = ProjectSettings()


class ProjectOut(BaseModel):
    """A project."""

    id: str
    name: str
    demo: bool
    settings: ProjectSettings
    created_at: datetime

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        """Write a project as the native API shows it."""
        return cls(
            id=public_id(PROJECT_PREFIX, project.id),
            name=project.name,
            demo=project.demo,
            settings=project.settings,
            created_at=project.created_at,
        )


class ProjectList(BaseModel):
    """Projects, oldest first."""

    items: list[ProjectOut]
