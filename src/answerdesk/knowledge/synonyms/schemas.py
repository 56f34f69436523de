"""Bodies of the native API for synonyms."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from answerdesk.core.tenancy import public_id
from answerdesk.core.web.pagination import Listing
from answerdesk.core.web.text import CleanText
from answerdesk.knowledge.ingestion.parse.decoding import clean
from answerdesk.knowledge.synonyms.types import (
    FEWEST_TERMS,
    MOST_TERMS,
    SYNONYMS_PREFIX,
    TERM_LENGTH,
    SynonymGroup,
    key_of,
)
from answerdesk.projects.types import PROJECT_PREFIX


def _one_term(text: str) -> str:
    term = " ".join(clean(text).split())
    if not any(letter.isalnum() for letter in term):
        msg = "has no letter and no digit" if term else "is empty"
        raise ValueError(msg)
    if len(term) > TERM_LENGTH:
        msg = f"is longer than {TERM_LENGTH} characters"
        raise ValueError(msg)
    return term


def _each_once(terms: list[str]) -> list[str]:
    keys = [key_of(term) for term in terms]
    twice = next((one for place, one in enumerate(terms) if key_of(one) in keys[:place]), None)
    if twice is not None:
        msg = f'contains "{twice}" twice'
        raise ValueError(msg)
    return terms


Term = Annotated[CleanText, Field(max_length=4 * TERM_LENGTH), AfterValidator(_one_term)]


class SynonymsIn(BaseModel):
    """Words and phrases that mean the same."""

    model_config = ConfigDict(extra="forbid")

    terms: Annotated[
        list[Term],
        Field(
            min_length=FEWEST_TERMS,
            max_length=MOST_TERMS,
            description=f"Each has at most {TERM_LENGTH} characters and is in no other group.",
        ),
        AfterValidator(_each_once),
    ]


class SynonymsOut(BaseModel):
    """A group of synonyms. `version` rises with every change."""

    id: str
    project_id: str
    terms: list[str]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, group: SynonymGroup) -> "SynonymsOut":
        return cls(
            id=public_id(SYNONYMS_PREFIX, group.id),
            project_id=public_id(PROJECT_PREFIX, group.project_id),
            terms=[*group.terms],
            version=group.version,
            created_at=group.created_at,
            updated_at=group.updated_at,
        )


class SynonymsList(Listing[SynonymsOut]):
    """A project's groups of synonyms, oldest first."""
