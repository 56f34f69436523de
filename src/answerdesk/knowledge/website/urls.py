"""Normalises the addresses of pages, resolves links, and detects endless series."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from answerdesk.core.outbound import UrlRefused
from answerdesk.core.outbound.urls import LONGEST_URL, parse_url

_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PLAIN: Final = re.compile(r"(https?://[a-z0-9.-]+(?::[0-9]{1,5})?)(/[A-Za-z0-9_~./-]*)")
_LINE_SIGNS: Final = str.maketrans("", "", "\t\n\r")
_BLANKS: Final = "".join(map(chr, range(0x21)))

# Parameters that say where a visitor came from; no server selects a page by them.
_TRACKERS: Final = frozenset(
    {"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "yclid", "ttclid"}
    | {"twclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi"}
    | {"__hstc", "__hssc", "__hsfp", "hsctatracking", "vero_id", "vero_conv", "oly_anon_id"}
    | {"oly_enc_id", "_openstat", "_ga", "_gl", "_gac", "epik", "srsltid", "wickedid", "rb_clickid"}
    | {"s_kwcid", "ef_id", "cvid", "phpsessid", "jsessionid", "aspsessionid", "cftoken", "zenid"}
    | {"oscsid"}
)
_TRACKER_PREFIXES: Final = ("utm_", "pk_", "mtm_", "matomo_", "hsa_", "aspsessionid")
# Sessions only if the value looks like one: a conference has sessions, too.
_SESSION_NAMES: Final = frozenset({"sid", "s", "session", "sessionid", "session_id", "sessid"})
_SESSION_VALUE: Final = re.compile(r"(?=[^&]*[0-9])[0-9A-Za-z_,-]{24,128}")
_PATH_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)

_NO_TEXT: Final = frozenset(
    # Pictures, sound and films.
    {"png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "svgz", "ico", "bmp", "tif", "tiff", "psd"}
    | {"heic", "mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "webm", "ogv"}
    | {"mov", "avi", "mkv", "wmv"}
    # Parts of pages.
    | {"css", "js", "mjs", "map", "wasm", "woff", "woff2", "ttf", "otf", "eot", "rss", "atom"}
    | {"inv", "webmanifest"}
    # Archives and programs.
    | {"zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "whl", "deb", "rpm"}
    | {"dmg", "pkg", "msi", "exe", "apk", "iso", "img", "bin", "so", "dll", "torrent", "sig", "asc"}
    | {"sha256", "md5", "epub", "mobi", "ics", "vcf"}
)


def normalise(url: str) -> str:
    """Return the address as it is stored; addresses that no server distinguishes become one.

    Lower-cases scheme and host, writes the host in ASCII, drops the default port, the fragment, dot
    segments, an empty query and tracking and session parameters (`utm_source`, `gclid`, …), and
    escapes consistently. The rest stays, since a server may distinguish it: parameter order, case
    of the path, double and trailing slashes, `index.html`. Idempotent.

    Raises UrlRefused if it is not an http or https address, or contains a user name.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and len(url) <= LONGEST_URL:
        # Most addresses are plain, and a sitemap has tens of thousands.
        return _origin(plain[1]) + without_dots(plain[2])
    parsed = parse_url(url.translate(_LINE_SIGNS).strip(_BLANKS))
    path, _, query = parsed.target.partition("?")
    path = without_dots(_PATH_SESSION.sub("", escape_once(path)))
    query = _without_trackers(escape_once(query))
    return parsed.origin + path + (f"?{query}" if query else "")


def resolve(base: str, link: str) -> str | None:
    """Return the normalised address of a link on the page `base`, resolved as browsers do.

    None if it leads to no page: other schemes, a fragment of the same page, broken addresses, and
    files without text (pictures, styles, archives).
    """
    url = absolute(base, link)
    return None if url is None or holds_no_text(url) else url


def absolute(base: str, link: str) -> str | None:
    """Return the normalised address of `link` on the page `base`, for any kind of file.

    None for schemes other than http and https, a mere fragment, and broken addresses.
    """
    text = link.translate(_LINE_SIGNS).strip(_BLANKS)
    if not text or text.startswith("#"):
        return None
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme[1].lower() not in ("http", "https"):
        return None
    # Browsers read a backslash before the query as a slash.
    end = min((at for at in map(text.find, "?#") if at >= 0), default=len(text))
    text = text[:end].replace("\\", "/") + text[end:]
    try:
        return normalise(text if "://" in text[:8] else urljoin(base, text))
    except (UrlRefused, ValueError):
        return None


def holds_no_text(url: str) -> bool:
    """Say whether the file name in an address is that of a picture, an archive or the like."""
    name = path_of(url).rpartition("/")[2]
    return "." in name and name.rpartition(".")[2].lower() in _NO_TEXT


def path_of(url: str) -> str:
    """Return the path of a normalised address, without its query."""
    return target_of(url).partition("?")[0]


def target_of(url: str) -> str:
    """Return the path and query of a normalised address."""
    return "/" + url.split("/", 3)[3]


def escape_once(text: str) -> str:
    """Return a part of an address with its escapes in the form that RFC 3986 prefers.

    Letters, digits and `-._~` are unescaped, other escapes are in upper case, and a percent sign
    that escapes nothing is itself escaped.
    """
    return _ESCAPE.sub(_preferred, text)


def without_dots(path: str) -> str:
    """Return an absolute path without its `.` and `..` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


@lru_cache(maxsize=1_000)
def _origin(text: str) -> str:
    return parse_url(f"{text}/").origin


def _preferred(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    number = int(escape[1], 16)
    return chr(number) if number in _UNRESERVED else escape[0].upper()


def _without_trackers(query: str) -> str:
    kept = [part for part in query.split("&") if not _is_tracker(part)]
    return "&".join(kept) if any(kept) else ""


def _is_tracker(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = name.lower()
    if name in _SESSION_NAMES:
        return _SESSION_VALUE.fullmatch(value) is not None
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)


MOST_VARIANTS: Final = 200
"""Maximum addresses of one path that differ only in their query."""

MOST_DATES: Final = 500
"""Maximum addresses that differ only in the date in their path."""

_LONGEST: Final = 2_000
_DEEPEST: Final = 20
_MOST_REPEATS: Final = 3
_YEARS_AHEAD: Final = 2
_FIRST_YEAR: Final = 1900

# Only whole segments and values: numbers of standards and parts look like dates, too.
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
    """Say whether a normalised address alone shows that a trap generated it.

    That is: more than 2,000 characters, more than 20 segments, one segment more than three times
    (links that are relative by mistake), or a calendar page that is more than two years after
    `year` (default: the current year) or before 1900.
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
    """Counts the variants of each path in one sync; `known` are the addresses found so far."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._queries: Counter[str] = Counter()
        self._dates: Counter[str] = Counter()
        for url in known:
            self.admits(url)

    def admits(self, url: str) -> bool:
        """Count a new address; return False if there are already too many like it.

        The limits are MOST_VARIANTS of one path with different queries, and MOST_DATES of paths
        that differ in their date. Call it once for each address.
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
