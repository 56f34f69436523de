"""Bodies of the native API for a project's embedding model."""

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.web.text import FilledText
from answerdesk.knowledge.spaces.types import ChangeState, Embedding, SpaceChange


class ChangeIn(BaseModel):
    """The space to change to: one of the `available` spaces."""

    model_config = ConfigDict(extra="forbid")

    space: FilledText = Field(max_length=300)


class AvailableOut(BaseModel):
    """A space that this installation can embed in; `dimensions` is null while unknown."""

    space: str
    dimensions: int | None


class SpaceChangeOut(BaseModel):
    """A running change: `done` of `total` passages have vectors in the space `to`.

    While it waits, `error` says what for.
    """

    to: str
    state: ChangeState
    done: int
    total: int
    chunks_per_minute: float | None
    seconds_left: float | None
    error_code: str | None
    error: str | None

    @classmethod
    def of(cls, change: SpaceChange) -> "SpaceChangeOut":
        return cls(
            to=change.to,
            state=change.state,
            done=change.done,
            total=change.total,
            chunks_per_minute=change.chunks_per_minute,
            seconds_left=change.seconds_left,
            error_code=change.error_code,
            error=change.error,
        )


class PreviousOut(BaseModel):
    """The space that a roll-back returns to.

    If it is not `complete`, change to it instead, which first makes the missing vectors.
    """

    space: str
    complete: bool


class SuggestionOut(BaseModel):
    """A model that knows the `languages` of the project's documents better than the present one.

    If it is not `installed`, the operator runs `answerdesk models install multilingual` first.
    """

    space: str
    installed: bool
    languages: list[str]


class EmbeddingOut(BaseModel):
    """The vector space that a project is searched in, and the spaces that it can change to.

    If it is not `usable`, this installation no longer has a model for it, and search uses words
    alone.
    """

    space: str
    usable: bool
    available: list[AvailableOut]
    change: SpaceChangeOut | None
    previous: PreviousOut | None
    suggestion: SuggestionOut | None

    @classmethod
    def of(cls, embedding: Embedding) -> "EmbeddingOut":
        previous = embedding.previous
        return cls(
            space=embedding.space,
            usable=embedding.usable,
            available=[
                AvailableOut(space=one.space, dimensions=one.dimensions)
                for one in embedding.available
            ],
            change=None if embedding.change is None else SpaceChangeOut.of(embedding.change),
            previous=None
            if previous is None
            else PreviousOut(space=previous, complete=embedding.previous_complete),
            suggestion=None
            if (better := embedding.suggestion) is None
            else SuggestionOut(
                space=better.space, installed=better.installed, languages=list(better.languages)
            ),
        )
