"""Bodies of the native API for projects."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import FilledText
from answerdesk.projects.types import (
    PROJECT_PREFIX,
    WIDGET_KEY_PREFIX,
    Project,
    ProjectSettings,
    WidgetKey,
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProjectIn(_Body):
    """A project to make."""

    name: FilledText = Field(max_length=200)
    settings: ProjectSettings = ProjectSettings()


class ProjectPatch(_Body):
    """Changes of a project, as a JSON merge patch (RFC 7396): what is left out stays as it is."""

    name: FilledText = Field(default_factory=str, max_length=200, description="The new name.")
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="Only the fields to change, nested as in `ProjectSettings`; null puts a field "
        "back to its default, and a list is replaced whole.",
        examples=[{"look": {"color": "#2F5BEA", "welcome": None}}],
    )


class ProjectOut(BaseModel):
    """A project. `version` rises with every change."""

    id: str
    name: str
    demo: bool
    settings: ProjectSettings
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        """Write a project as the native API shows it."""
        return cls(
            id=public_id(PROJECT_PREFIX, project.id),
            name=project.name,
            demo=project.demo,
            settings=project.settings,
            version=project.version,
            created_at=project.created_at,
            updated_at=project.updated_at,
        )


class ProjectList(Listing[ProjectOut]):
    """Projects, oldest first."""


class WidgetKeyIn(_Body):
    """A widget key to make; its name says where it is used."""

    name: FilledText = Field(max_length=100)


class WidgetKeyOut(BaseModel):
    """A widget key: public by its nature, it begins a visitor's session and does nothing else."""

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: WidgetKey) -> "WidgetKeyOut":
        """Write a widget key as the native API shows it."""
        return cls(
            id=public_id(WIDGET_KEY_PREFIX, key.id),
            name=key.name,
            created_at=key.created_at,
            revoked_at=key.revoked_at,
        )


class WidgetKeyList(Listing[WidgetKeyOut]):
    """A project's widget keys, oldest first, those that are revoked, too."""


class IdentitySecretOut(BaseModel):
    """Whether the project has a secret to sign identities with, and since when."""

    set_at: datetime | None


class NewIdentitySecret(BaseModel):
    """The secret to sign identities with (HS256, its characters as the key). Shown this once."""

    secret: str
