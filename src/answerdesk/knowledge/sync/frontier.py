"""Which of the addresses that are found in a sync are looked at: not more than there is an end."""

from collections.abc import Iterable, Sequence

from answerdesk.knowledge.crawl.scope import Scope
from answerdesk.knowledge.crawl.traps import Variants


class Frontier:
    """The addresses that a source knows, and how many more it may come to know.

    However pages are found, by links, redirects or canonical addresses, a website that leads to
    ever new ones comes to an end.
    """

    def __init__(self, scope: Scope, known: Iterable[str], most: int) -> None:
        """Take the addresses that the ledger knows, and the most that it may."""
        self._scope = scope
        self._known = set(known)
        self._most = most
        self._variants = Variants(self._known)

    def new_links(self, links: Iterable[str]) -> Sequence[str]:
        """Return those links of a page that lead to pages of the source not known before."""
        found: list[str] = []
        for link in links:
            url = self._scope.address(link) if self._scope.contains(link) else None
            if url is not None and url not in self._known and self.admits(url):
                found.append(url)
        return found

    def admits(self, url: str) -> bool:
        """Tell whether a page may be looked at: one that is known, or one more, known from now."""
        if url in self._known:
            return True
        if len(self._known) >= self._most or not self._variants.admits(url):
            return False
        self._known.add(url)
        return True
