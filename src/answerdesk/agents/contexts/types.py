"""What a context is, for all higher modules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ProjectId

CONTEXT_PREFIX: Final = "ctx"
MOST_CONTEXTS: Final = 100
"""Maximum contexts of a project."""
NAME_LENGTH: Final = 200
TEXT_LENGTH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Context:
    """A named text of a project. `version` rises with every change."""

    id: UUID
    project_id: ProjectId
    name: str
    text: str
    version: int
    created_at: datetime
    updated_at: datetime
