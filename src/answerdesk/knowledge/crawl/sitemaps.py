"""Sitemaps, as the protocol of sitemaps.org has them. Runs in the limited child process."""

from dataclasses import dataclass
from datetime import datetime

from answerdesk.core.errors import InvalidInput


class UnreadableSitemap(InvalidInput):
    """A sitemap of which nothing can be used; the message says why."""

    code = "unreadable_sitemap"


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that a sitemap lists; `lastmod` is aware of its zone, None where it is not told."""

    url: str
    lastmod: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, and the further sitemaps of an index; normalised addresses.

    `fault` says what went wrong where only a part could be read, and how much was left out.
    """

    pages: tuple[SitemapEntry, ...]
    indexes: tuple[str, ...]
    fault: str | None = None


def parse_sitemap(content: bytes, url: str) -> Sitemap:
    """Read a sitemap or sitemap index that was fetched from `url`: XML, gzip of it, or text.

    Entries that are no address of a web page are left out. Raises UnreadableSitemap where nothing
    can be used: an HTML page, an entity declaration, a gzip bomb, XML broken before its first entry.
    """
    raise NotImplementedError
