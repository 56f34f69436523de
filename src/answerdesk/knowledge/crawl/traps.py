"""Endless addresses: what a single one shows by itself, and what only many of them do."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from answerdesk.knowledge.crawl.urls import path_of, target_of

MOST_VARIANTS: Final = 200
"""Most addresses of one path that differ by their query alone."""

MOST_DATES: Final = 500
"""Most addresses that differ by the date in their path alone."""

_LONGEST: Final = 2_000
_DEEPEST: Final = 20
_MOST_REPEATS: Final = 3
_YEARS_AHEAD: Final = 2
_FIRST_YEAR: Final = 1900

# Whole segments and values alone: the numbers of norms and parts look like dates, too.
_DATE: Final = re.compile(
    r"(?<=/)([12][0-9]{3})[-/](?:0?[1-9]|1[0-2])(?:[-/](?:0?[1-9]|[12][0-9]|3[01]))?"
    r"(?=/|$|\.[a-z]{3,5}$)"
)
_DATE_PARAMETER: Final = re.compile(r"=([12][0-9]{3})-(?:0?[1-9]|1[0-2])(?![0-9])")
_YEAR_PARAMETER: Final = re.compile(r"[?&](?:\w*year|y|yr)=([0-9]{4})(?![0-9])", re.IGNORECASE)
_DATE_PARTS: Final = re.compile(
    r"/[12][0-9]{3}(?:[-/](?:0?[1-9]|1[0-2])(?:[-/](?:0?[1-9]|[12][0-9]|3[01]))?)?(?=/|$)"
)


def is_endless(url: str, *, year: int | None = None) -> bool:
    """Say whether a normalised address shows by itself that a trap has made it.

    More than 2,000 characters, more than 20 segments, one segment more than three times (links
    that are relative by mistake), or a calendar's page that is years ahead of `year`, by default
    this one, or before 1900.
    """
    if len(url) > _LONGEST:
        return True
    segments = [segment for segment in path_of(url).split("/") if segment]
    if len(segments) > _DEEPEST:
        return True
    if segments and max(Counter(segments).values()) > _MOST_REPEATS:
        return True
    return _is_far_date(target_of(url), year or datetime.now(UTC).year)


class Variants:
    """Counts the variants of each path in one crawl; `known` are the addresses found so far."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._queries: Counter[str] = Counter()
        self._dates: Counter[str] = Counter()
        for url in known:
            self.admits(url)

    def admits(self, url: str) -> bool:
        """Take a new address into account; False where there are too many like it already.

        That is MOST_VARIANTS of one path with different queries, or MOST_DATES of paths that differ
        by their date. To be asked once for each address.
        """
        target = target_of(url)
        path, _, query = target.partition("?")
        if query:
            self._queries[path] += 1
            if self._queries[path] > MOST_VARIANTS:
                return False
        shape, dates = _DATE_PARTS.subn("/#", path)
        if dates:
            self._dates[shape] += 1
            return self._dates[shape] <= MOST_DATES
        return True


def _is_far_date(target: str, year: int) -> bool:
    path = target.partition("?")[0]
    found = [
        *_DATE.findall(path),
        *_DATE_PARAMETER.findall(target),
        *_YEAR_PARAMETER.findall(target),
    ]
    return any(not _FIRST_YEAR <= int(one) <= year + _YEARS_AHEAD for one in found)
