"""Bodies of the native API for documents that are read again."""

from pydantic import BaseModel, Field

from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.types import ReadingAgain


class RereadingProgressOut(BaseModel):
    """How far reading again has come: `done` of `total` documents, or what it waits for."""

    done: int
    total: int
    error_code: str | None
    error: str | None


class RereadingOut(BaseModel):
    """Which of a project's documents an older version has read.

    Q&A items count as documents; documents that wait for ingestion do not.
    """

    version: int = Field(description="The number of the version that reads documents now.")
    older: int = Field(description="Documents that an older version has read, or could not read.")
    kept: int = Field(
        description="Documents that this version could not read: answers use the older reading,"
        " and their `note` says why."
    )
    running: RereadingProgressOut | None = Field(description="Null: nothing is being read again.")

    @classmethod
    def of(cls, state: ReadingAgain) -> "RereadingOut":
        running = None
        if state.running:
            running = RereadingProgressOut(
                done=state.done, total=state.total, error_code=state.error_code, error=state.error
            )
        return cls(version=READER_VERSION, older=state.older, kept=state.kept, running=running)
