"""Keeps a model's answer, as it is written, from linking to hosts that nobody vouches for.

What a model writes may have been dictated by a page or a visitor, and a link or an image carries
whatever stands in its address to its host. So only an address of the owner's or of a passage's host
stays a link. Another stays as text, without its scheme, if a passage has it verbatim; else it is
left out. Images become links, and HTML becomes text.

The guard and CommonMark must agree on what is code, where nothing is a link: where they might not,
the guard escapes.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import urlsplit

_MOST_HELD: Final = 600
"""Characters that wait for what follows; what takes longer to become a link is none."""

_LEFT_OUT: Final = "…"

_URL: Final = r"(?:(?:https?|ftp):|www\.|(?<![/\w])//)[^\s<>\"`\[\]{}|^]{1,3000}"
_LINK: Final = (
    r"!?\[(?P<text>[^\[\]\n]{0,300})\]\(\s{0,3}<?(?P<to>[^\s<>()]{1,1000})>?"
    r"(?:\s{1,3}(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'))?\s{0,3}\)"
)
_CODE: Final = r"(?<!`)(?P<ticks>`{1,20})(?!`)[^`\n]{1,500}(?P=ticks)"
_ELEMENT: Final = re.compile(
    r"(?P<escape>\\[^\w\s/.:])"
    rf"|(?P<code>{_CODE}(?!`))"
    rf"|{_LINK}"
    r"|(?P<marker>\[\d{1,2}(?:\s{0,2},\s{0,2}\d{1,2}){0,8}\](?![(\[:]))"
    rf"|(?P<url>{_URL})"
    r"|(?P<mark>[\\`\[]|<(?=[A-Za-z/!?])|&(?=[#A-Za-z]))",
    re.IGNORECASE,
)
_BARE: Final = re.compile(_URL, re.IGNORECASE)
# What only the text after it decides about.
_UNDECIDED: Final = re.compile(
    r"(?:"
    r"!?\[[^\[\]\n]{0,300}(?:\](?:\([^)\n]{0,1200})?)?"
    r"|(?<!`)`{1,20}[^`\n]{0,500}`{0,20}"
    r"|<[/!?]?|&[#A-Za-z]{0,5}|[!\\/]"
    r"|(?<![^\W_])(?:h|ht|htt|https?|f|ft|ftp|w|ww|www)"
    r"|(?:(?:https?|ftp):|www\.|//)[^\s<>\"`\[\]{}|^]{0,3000}"
    r")\Z",
    re.IGNORECASE,
)
# What is complete; a span of code at the very end may still grow by a backtick.
_COMPLETE: Final = re.compile(rf"\\[^\w\s/.:]|{_CODE}(?=[^`])|{_LINK}")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE: Final = re.compile(r"(?P<indent> {0,3})(?P<ticks>`{3,})[^`\n]*\n")
_MAY_BE_FENCE: Final = re.compile(r" {0,3}(?:`[^\n]*)?\Z")
_TRAILING: Final = ".,;:!?*_~'\")"


def host_of(url: str) -> str | None:
    """Return the host that a web address names; None if it is no web address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in ("http", "https") and host else None


class LinkGuard:
    """Guards one answer. `passages` are the texts whose addresses may be named."""

    def __init__(self, hosts: Collection[str], passages: Sequence[str]) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._passages = passages
        self._held = ""
        self._begins_line = True
        self._fence = ""
        self._indent = ""

    def feed(self, text: str) -> str:
        """Return what can be shown now; the rest waits for what follows."""
        text = self._held + text
        cut = self._decided(text)
        if len(text) - cut > _MOST_HELD:
            cut = len(text)
        self._held = text[cut:]
        return self._guarded(text[:cut])

    def end(self) -> str:
        """Return the rest, at the end of the answer."""
        text, self._held = self._held, ""
        return self._guarded(text)

    def _decided(self, text: str) -> int:
        """Return up to where a text can be judged without what follows."""
        line = text.rfind("\n") + 1
        begins_line = line > 0 or self._begins_line
        if begins_line and _MAY_BE_FENCE.match(text, line):
            return line
        if self._fence and line:
            return line
        if self._fence and (not begins_line or text.startswith(self._indent)):
            # Until its end, nobody knows whether a line closes the fence.
            return line if begins_line and text[line:].strip(" \t`") == "" else len(text)
        tail = max(line, len(text) - _MOST_HELD)
        said = _COMPLETE.sub(lambda one: "." * len(one[0]), text[tail:])
        found = _UNDECIDED.search(said)
        return len(text) if found is None else tail + found.start()

    def _guarded(self, text: str) -> str:
        out: list[str] = []
        prose: list[str] = []
        for line in _LINE.findall(text):
            if self._is_code(line):
                out += (self._without_links("".join(prose)), line)
                prose = []
            else:
                prose.append(line)
            self._begins_line = line.endswith("\n")
        out.append(self._without_links("".join(prose)))
        return "".join(out)

    def _is_code(self, line: str) -> bool:
        """Tell whether a line, or a part of one, belongs to a fence."""
        if not self._fence:
            opens = _FENCE.fullmatch(line) if self._begins_line else None
            if opens is None:
                return False
            self._fence, self._indent = opens["ticks"], opens["indent"]
            return True
        if not self._begins_line or not line.strip():
            return True
        if not line.startswith(self._indent):
            self._fence = ""  # The list item that the fence is in may have ended.
            return self._is_code(line)
        said = line.strip()
        if said.startswith(self._fence) and not said.strip("`"):
            self._fence = ""
        return True

    def _without_links(self, text: str) -> str:
        return _ELEMENT.sub(self._element, text)

    def _element(self, found: re.Match[str]) -> str:
        if found["escape"] or found["code"] or found["marker"]:
            return found[0]
        if found["mark"]:
            return "\\" + found[0]
        if found["url"]:
            return self._bare(found)
        text = _BARE.sub(self._bare, found["text"])
        return f"[{text}]({found['to']})" if self._vouched(found["to"]) else text

    def _bare(self, found: re.Match[str]) -> str:
        url = found[0].rstrip(_TRAILING)
        rest = found[0][len(url) :]
        if self._vouched(url):
            return url + rest
        named = re.sub(r"(?i)\A(?:(?:https?|ftp):)?/{0,2}(?:www\.)?", "", url)
        is_known = "\\" not in url and any(url in passage for passage in self._passages)
        return (named if is_known else _LEFT_OUT) + rest

    def _vouched(self, url: str) -> bool:
        """Tell whether an address is of a host that may be linked to."""
        if "\\" in url or "&" in url.partition("?")[0]:
            return False  # CommonMark reads escapes and entities in addresses, others don't.
        return host_of(f"http://{url}" if url.lower().startswith("www.") else url) in self._hosts
