"""What comes in on the wire about websites as sources."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.web.text import CleanText, FilledText

Pattern = Annotated[FilledText, Field(max_length=500)]
Patterns = Annotated[list[Pattern], Field(max_length=100)]
Hours = Annotated[int, Field(ge=1, le=24 * 365)]
MaxPages = Annotated[int, Field(ge=1, le=1_000_000)]

_PATTERNS = (
    "`*` stands for any characters. A pattern that begins with `http` is matched with the whole "
    "address, else with path and query: `/blog/*`, `*.pdf`, `*?print=*`. "
)


class SourceIn(BaseModel):
    """A page or a whole website to know; its first sync begins at once."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["page", "site"] = Field(description="One page, or all pages of a website.")
    url: Annotated[CleanText, Field(min_length=1, max_length=2000)] = Field(
        description="The page, or where the website begins: its home page, or the folder of it "
        "that is meant.",
        examples=["https://example.com/docs/"],
    )
    name: FilledText | None = Field(default=None, max_length=200)
    include: Patterns = Field(
        default=[], description=_PATTERNS + "With any, only what matches one of them is taken in."
    )
    exclude: Patterns = Field(default=[], description=_PATTERNS + "What matches is left out.")
    max_pages: MaxPages | None = None
    sync_every_hours: Hours | None = Field(default=24, description="Null: never by itself.")


class SourcePatch(BaseModel):
    """Changes of a source: what is left out stays, null puts a field back or ends the schedule.

    Patterns and limits hold for all pages from the next sync on; one that runs keeps to them with
    what it has still to look at.
    """

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(default_factory=str, max_length=200)
    include: Patterns | None = None
    exclude: Patterns | None = None
    max_pages: MaxPages | None = None
    sync_every_hours: Hours | None = Field(default=None, description="Null: never by itself.")


class SyncIn(BaseModel):
    """How to look at a source again."""

    model_config = ConfigDict(extra="forbid")

    only_failed: bool = Field(default=False, description="Only the pages that failed.")
    confirm_removals: bool = Field(
        default=False,
        description="Let pages that are gone go however many they are: say so when you know that "
        "it is no outage.",
    )
