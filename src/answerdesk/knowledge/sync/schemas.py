"""Request bodies of the native API for websites."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.core.web.text import CleanText, FilledText

Pattern = Annotated[FilledText, Field(max_length=500)]
Patterns = Annotated[list[Pattern], Field(max_length=100)]
Hours = Annotated[int, Field(ge=1, le=24 * 365)]
MaxPages = Annotated[int, Field(ge=1, le=1_000_000)]

_PATTERNS = (
    "`*` stands for any characters. A pattern that begins with `http` is matched against the whole "
    "address, any other against path and query: `/blog/*`, `*.pdf`, `*?print=*`. "
)


class SourceIn(BaseModel):
    """A page or a whole website to add; its first sync begins immediately."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["page", "site"] = Field(description="One page, or all pages of a website.")
    url: Annotated[CleanText, Field(min_length=1, max_length=2000)] = Field(
        description="The page, or the start address of the website: its home page, or one of its "
        "folders.",
        examples=["https://example.com/docs/"],
    )
    name: FilledText | None = Field(default=None, max_length=200)
    include: Patterns = Field(
        default=[], description=_PATTERNS + "If set, only matching pages are ingested."
    )
    exclude: Patterns = Field(default=[], description=_PATTERNS + "Matching pages are left out.")
    max_pages: MaxPages | None = None
    sync_every_hours: Hours | None = Field(default=24, description="Null: never automatically.")


class SourcePatch(BaseModel):
    """Changes to a source: omitted fields stay, null resets a field or ends the schedule.

    Patterns and limits apply to all pages from the next sync; a running sync applies them to the
    pages that it has not fetched yet.
    """

    model_config = ConfigDict(extra="forbid")

    name: FilledText = Field(default_factory=str, max_length=200)
    include: Patterns | None = None
    exclude: Patterns | None = None
    max_pages: MaxPages | None = None
    sync_every_hours: Hours | None = Field(default=None, description="Null: never automatically.")


class SyncIn(BaseModel):
    """How to sync a source."""

    model_config = ConfigDict(extra="forbid")

    only_failed: bool = Field(default=False, description="Fetch only the pages that failed.")
    confirm_removals: bool = Field(
        default=False,
        description="Remove all pages that are gone, however many. Set it only if you know that "
        "this is not an outage.",
    )
