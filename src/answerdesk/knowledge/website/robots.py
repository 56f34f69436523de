"""The rules that a website's robots.txt sets for Answerdesk (RFC 9309)."""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin, urlsplit

from protego import Protego

from answerdesk.core.errors import Unavailable
from answerdesk.core.outbound import (
    USER_AGENT_TOKEN,
    HostUnknown,
    OutboundError,
    OutboundResponse,
    ResponseTooLarge,
    TooManyRedirects,
)
from answerdesk.knowledge.website.urls import absolute

if TYPE_CHECKING:
    from answerdesk.knowledge.website.fetch import PageFetcher

LONGEST_DELAY: Final = 30.0
"""Seconds; a longer delay is cut to this, and `remark` says so."""

_DAY: Final = 24 * 3600.0

_READ_BYTES: Final = 500 * 1024
_FETCHED_BYTES: Final = 5 * 1024 * 1024
_MOST_SITEMAPS: Final = 100
_REDIRECTS: Final = 5
_MOST_RULES: Final = 5_000
"""Lines that apply to us. Each is checked for each page; a longer file is a list of pages."""

# With and without a colon, and misspelt, as the parser accepts them.
_AGENT_LINE: Final = re.compile(r"user(?:-|\s+)?agent(?=[\s:]|$)\s*:?\s*(.*)", re.IGNORECASE)
_SITE_WIDE: Final = re.compile(r"(?:site-?maps?|host)(?=[\s:]|$)", re.IGNORECASE)
_RULE: Final = re.compile(
    r"[^:]*:|(?:di\w*low|allow|crawl[- ]delay|request[- ]rate|visit[- ]time)\s", re.IGNORECASE
)
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SiteUnavailable(Unavailable):
    """The website as a whole cannot be read now; the message says why and what to do.

    `retry_after` is how many seconds the site asks us to wait, if it does.
    """

    code = "site_unavailable"
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one website; a sync stores both fields between its steps.

    `note` tells the owner if the rules were cut, or if the file holds no rules.
    """

    text: str = ""
    note: str | None = None

    @classmethod
    async def of(cls, fetcher: "PageFetcher", url: str) -> Self:
        """Fetch the rules for the website of `url`, following redirects, also to other hosts.

        Without a robots.txt (any 4xx except 429, or more than five redirects) every page is
        allowed. Raises SiteUnavailable if the file can't be fetched: 5xx, 429, unreachable, a
        private address, or too large.
        """
        address = urljoin(url, "/robots.txt")
        try:
            answer = await fetcher.get(address, max_bytes=_FETCHED_BYTES, max_redirects=_REDIRECTS)
        except ResponseTooLarge:
            message = f"{address} is larger than {_FETCHED_BYTES} bytes; make it smaller"
            raise SiteUnavailable(message) from None
        except TooManyRedirects:
            # RFC 9309, 2.3.1.2: it may then be treated as missing.
            return cls(note=f"{address} redirects again and again; all pages count as allowed.")
        except HostUnknown as error:
            # The unknown host may be another one, to which the file redirects.
            own = error.host == urlsplit(address).hostname
            message = error.message if own else f"{address} cannot be read: {error.message}"
            code = error.code if own else None
            raise SiteUnavailable(message, code=code) from error
        except OutboundError as error:
            message = f"{address} cannot be read: {error.message}"
            raise SiteUnavailable(message, code=error.code) from error
        if answer.status >= 500 or answer.status == 429:
            unavailable = SiteUnavailable(
                f"{address} responds with error {answer.status}. Until that is fixed, no page may"
                " be fetched. Answerdesk tries again; if it persists, repair or remove the file.",
                code="http_error",
            )
            unavailable.retry_after = answer.retry_after
            raise unavailable
        return cls._read(answer) if 200 <= answer.status < 300 else cls()

    @classmethod
    def _read(cls, answer: OutboundResponse) -> Self:
        text = _decoded(answer.body[:_READ_BYTES])
        if text.lstrip().startswith("<"):
            # Many sites respond with a page for everything that they do not have.
            return cls(note=f"{answer.url} is a web page, not rules; all pages count as allowed.")
        if len(answer.body) > _READ_BYTES:
            # The last line may be cut in the middle, and then mean something else.
            text = text.rpartition("\n")[0]
            note = f"{answer.url} is larger than 500 kB; the rest is not read."
            return cls(text, note)
        if len(_rules_for_us(text)) > _MOST_RULES:
            rules = f"{_MOST_RULES:,} rules for Answerdesk"
            return cls(text, f"{answer.url} has more than {rules}; the rest is not read.")
        return cls(text)

    def allowed(self, url: str) -> bool:
        """Say whether we may fetch the page."""
        return _parsed(self.text).can_fetch(url, USER_AGENT_TOKEN)

    @property
    def delay(self) -> float:
        """Seconds to wait between two requests, at most LONGEST_DELAY; 0 if not specified."""
        return min(max(0.0, self.asked_delay), LONGEST_DELAY)

    @property
    def asked_delay(self) -> float:
        """Seconds between two requests as robots.txt sets them, without a maximum."""
        rules = _parsed(self.text)
        delay = rules.crawl_delay(USER_AGENT_TOKEN)
        if delay is None:
            rate = rules.request_rate(USER_AGENT_TOKEN)
            delay = 0.0 if rate is None else _quotient(rate.seconds, rate.requests)
        return float(delay)

    @property
    def remark(self) -> str | None:
        """What the owner should know: `note`, and that a delay was cut."""
        cut = self.asked_delay
        if cut <= LONGEST_DELAY:
            return self.note
        said = (
            f"robots.txt asks for {cut:g} seconds between two requests; Answerdesk waits"
            f" {LONGEST_DELAY:g}, because otherwise a sync would never end."
        )
        return f"{self.note} {said}" if self.note else said

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the file names for `url`'s site, normalised, on any host."""
        found = (absolute(url, text) for text in _parsed(self.text).sitemaps)
        return tuple(dict.fromkeys(one for one in found if one is not None))[:_MOST_SITEMAPS]


@lru_cache(maxsize=16)
def _parsed(text: str) -> Protego:
    return Protego.parse("\n".join(_rules_for_us(text)[:_MOST_RULES]))


def _rules_for_us(text: str) -> list[str]:
    """Return the lines of the groups for us or for all robots, and the site-wide lines.

    The parser would keep every rule once for each robot named: a file of 500 kB can name 15,000
    robots for 15,000 rules.
    """
    kept: list[str] = []
    names: list[str] = []
    in_names = False
    for whole in text.splitlines():
        line = whole.partition("#")[0].strip()
        agent = _AGENT_LINE.match(line)
        if agent is not None:
            names = names if in_names else []
            in_names = True
            name = _known_robot(agent[1])
            if name is not None and name not in names:
                names.append(name)
                kept.append(f"User-agent: {name}")
        elif _SITE_WIDE.match(line):
            kept.append(line)
        elif _RULE.match(line):
            in_names = False
            if names:
                kept.append(line)
    return kept


def _known_robot(value: str) -> str | None:
    """Return our token or `*` if a line names it, otherwise None (RFC 9309, 2.2.1).

    The parser would match `Answer` to Answerdesk, but not `Answerdesk/1.0`.
    """
    if value.strip() == "*":
        return "*"
    token = _TOKEN.match(value)
    ours = USER_AGENT_TOKEN.lower()
    return ours if token is not None and token[0].lower() == ours else None


def _quotient(seconds: int, requests: int) -> float:
    """Return seconds per request, at most a day: huge numbers could overflow the quotient."""
    return _DAY if seconds > _DAY * requests else seconds / requests


def _decoded(content: bytes) -> str:
    """Return the text; bytes in an unknown encoding spoil only the lines that they are in."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    text = content.decode(encoding, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
