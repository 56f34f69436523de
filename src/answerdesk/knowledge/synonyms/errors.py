"""What can go wrong with synonyms."""

from collections.abc import Collection

from answerdesk.core.errors import Conflict, NotFound
from answerdesk.core.tenancy import public_id
from answerdesk.knowledge.synonyms.types import (
    MOST_GROUPS,
    SYNONYMS_PREFIX,
    SynonymGroup,
    key_of,
)


def synonyms_not_found() -> NotFound:
    """For an id that names no group that the caller may reach."""
    return NotFound("Group of synonyms not found", code="synonyms_not_found")


def too_many_groups() -> Conflict:
    return Conflict(
        f"A project has at most {MOST_GROUPS} groups of synonyms; delete one before you add"
        " another",
        code="too_many_synonyms",
    )


class SynonymTaken(Conflict):
    """A term is in another group: it would mean two things."""

    code = "synonym_taken"

    def __init__(self, group: SynonymGroup, terms: Collection[str]) -> None:
        shown = public_id(SYNONYMS_PREFIX, group.id)
        taken = [term for term in terms if key_of(term) in group.keys]
        super().__init__(
            f"{_listed(taken)} {'is' if len(taken) == 1 else 'are'} already in the group {shown}"
            f" ({_listed(group.terms)}); change that group instead"
        )
        self.details = {"synonyms_id": shown, "terms": [*group.terms]}


def _listed(terms: Collection[str]) -> str:
    return ", ".join(f'"{term}"' for term in terms)
