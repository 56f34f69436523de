"""Which addresses belong to a source that begins at one of them."""

from collections.abc import Iterable
from typing import Self

from answerdesk.knowledge.crawl.reasons import ReasonCode


class Scope:
    """A website, or the part of it below the start's folder, less what the owner leaves out.

    The same site is the same host, with or without "www.", on the same port; an https address for
    http counts as the same. Where the start is in a folder (`https://example.com/docs/intro`: the
    folder `/docs/`), only what is below belongs to it; a start whose last segment has no dot is
    taken as a folder itself (`/docs`: itself and all below `/docs/`).

    Patterns: `*` stands for any characters, `/` among them; every other character for itself. One
    that begins with `http` is matched with the whole address, else with path and query (without
    a `?` in the pattern: with the path alone); one that ends in `/` also matches all below. Both
    match from the beginning to the end: `/blog/*`, `*.pdf`, `*?print=*`.

    Exclude goes before include: what matches an exclude pattern is out; with include patterns only
    what matches one of them is in. The start itself is looked at for its links even so.
    """

    def __init__(
        self, start_url: str, include: Iterable[str] = (), exclude: Iterable[str] = ()
    ) -> None:
        """Raises InvalidInput for an address or a pattern that cannot be meant."""
        raise NotImplementedError

    @property
    def start(self) -> str:
        """The normalised address that the source begins at."""
        raise NotImplementedError

    def at(self, start_url: str) -> Self:
        """Return the same scope from another start, to which the first one redirects."""
        raise NotImplementedError

    def address(self, url: str) -> str | None:
        """Return the address under which a page is kept: `url` on the start's own host and scheme.

        None where it is another site. `http` becomes `https` where the start is https (never the
        other way), and the host is written as the start's, with or without "www.".
        """
        raise NotImplementedError

    def refusal(self, url: str) -> ReasonCode | None:
        """Return why a page does not belong to the source, None if it does.

        `outside` (another site or above the folder), `excluded`, `not_included` or
        `endless_addresses` (an address that a trap has made).
        """
        raise NotImplementedError

    def contains(self, url: str) -> bool:
        """Say whether a page belongs to the source."""
        return self.refusal(url) is None


def checked_pattern(text: str) -> str:
    """Return a pattern as it is kept; raises InvalidInput saying how to write it instead."""
    raise NotImplementedError
