"""What a group of synonyms is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from answerdesk.core.tenancy import ProjectId
from answerdesk.kit.normalisation import normalised

SYNONYMS_PREFIX: Final = "syn"
MOST_GROUPS: Final = 500
"""Maximum groups of a project."""
FEWEST_TERMS: Final = 2
MOST_TERMS: Final = 10
TERM_LENGTH: Final = 60

Place = tuple[datetime, UUID] | None
"""The row behind which a part of a list begins: its creation time and id."""


def key_of(term: str) -> str:
    """Return a term as it is compared: in any case and any form of its characters."""
    return normalised(term, "NFKC").casefold()


def keys_of(terms: Iterable[str]) -> frozenset[str]:
    """Return terms as they are compared."""
    return frozenset(map(key_of, terms))


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words and phrases that mean the same in a project. `version` rises with every change."""

    id: UUID
    project_id: ProjectId
    terms: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def keys(self) -> frozenset[str]:
        """The terms as they are compared."""
        return keys_of(self.terms)


@dataclass(frozen=True, slots=True)
class SynonymsRow:
    """A row of an import, numbered as a spreadsheet shows it."""

    number: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportedGroup:
    """The group of a row; it was there already unless `created`."""

    group: SynonymGroup
    created: bool
