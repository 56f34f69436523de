"""The types of tags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CountedTag:
    """A tag and how many conversations have it; `key` is the same for all its spellings."""

    key: str
    tag: str
    count: int
