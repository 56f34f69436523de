"""Endless addresses: what a single address shows, and what only many of them do."""

from collections.abc import Iterable
from typing import Final

MOST_VARIANTS: Final = 200
"""Most addresses that differ by their query alone."""


def is_endless(url: str) -> bool:
    """Say whether an address shows by itself that a trap has made it.

    More than 2,000 characters, more than 20 segments, a segment four times, or a calendar's page
    of a far year.
    """
    raise NotImplementedError


class Variants:
    """Counts the variants of each path in one crawl; `known` are the addresses found so far."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        raise NotImplementedError

    def admits(self, url: str) -> bool:
        """Take a new address into account; False where its path has too many variants already."""
        raise NotImplementedError
