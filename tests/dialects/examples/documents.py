"""The examples that the vendors' documents print: which run, and which wait for something to come.

A file per vendor holds them as printed, in the document's order. The head of each says what it is:
`sh`, `js`, `py` and `http` run; `reply` is what a request returns; `sent` is what a webhook is
sent, with the test that compares it; `page` is what stands in a website's pages, with the test that
opens one; `coming` is not there yet, with what it waits for.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
VENDORS: Final = ("chatorex", "noras", "novachat", "novaro", "orac")
_TITLES: Final = {"novachat": "Nova Chat"}
_LOOKS_LIKE_ONE: Final = re.compile(
    r"""\bcurl | \bfetch\( | \brequests\. | <script\b | ^\s*[{[]\s*$ | "\w+":\s | sha256=\w
    | ^(?:GET|POST|PUT|PATCH|DELETE)\s/\S+\?""",
    re.VERBOSE | re.MULTILINE,
)
_LEFT_OUT: Final = re.compile(r",?\s*(\.\.\.)?\s*(?=[\]}])")
_RESPONSE: Final = re.compile(r"(?:# Response|requests with:)[^{[]*([{[].*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a document; `beside` is what its head says beside its name."""

    vendor: str
    kind: str
    name: str
    text: str
    beside: str = ""

    def __str__(self) -> str:
        return f"{self.vendor}: {self.kind}: {self.name}"

    @property
    def printed(self) -> Any:
        """The JSON that it prints as what comes back or is sent; None if it prints none.

        Three dots before a bracket stand for more of the same; a comma there is too many.
        """
        found = _RESPONSE.search(self.text)
        text = self.text if self.text[0] == "{" else found and found[1]
        return json.loads(_LEFT_OUT.sub("", text)) if text else None


def examples(vendor: str) -> Iterator[Example]:
    """Yield the examples of a vendor's document, in its order."""
    text = (FOLDER / f"{vendor}.txt").read_text(encoding="utf-8")
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        kind, _, named = head.partition(": ")
        name, _, beside = named.partition(": ")
        yield Example(vendor, kind, name, body.removesuffix("\n"), beside)


ALL: Final = tuple(one for vendor in VENDORS for one in examples(vendor))
RUN: Final = tuple(one for one in ALL if one.kind in ("sh", "js", "py", "http"))
REPLIES: Final = tuple(one for one in ALL if one.kind == "reply")
SENT: Final = tuple(one for one in ALL if one.kind == "sent")
PAGES: Final = tuple(one for one in ALL if one.kind == "page")
COMING: Final = tuple(one for one in ALL if one.kind == "coming")


def printed(vendor: str, name: str) -> str:
    """Return the JSON that an example prints."""
    return json.dumps(next(one.printed for one in examples(vendor) if one.name == name))


def table() -> str:
    """Write how many of each document's examples run, and which do not yet."""
    rows = ["| Document | Examples | Run | Coming |", "|---|---|---|---|"]
    for vendor in VENDORS:
        every = [one for one in ALL if one.vendor == vendor]
        coming = [f"{one.name} ({one.beside})" for one in every if one.kind == "coming"]
        cells = (_TITLES.get(vendor, vendor.title()), len(every), len(every) - len(coming))
        rows.append(f"| {' | '.join(map(str, cells))} | {', '.join(coming) or '–'} |")
    rows.append(f"| Together | {len(ALL)} | {len(ALL) - len(COMING)} | {len(COMING)} |")
    return "\n".join(rows)


def summary(passed: Iterable[str]) -> Iterator[str]:
    """Yield lines about the examples whose tests are among those that passed, if any are."""
    tests = {one.rpartition("::")[2] for one in passed}
    names = {one.partition("[")[0] for one in tests}
    ran = [one for one in (*RUN, *REPLIES) if any(test.endswith(f"[{one}]") for test in tests)]
    if ran:
        ran += [one for one in (*SENT, *PAGES) if one.beside in names]
        yield f"Examples of the vendors' documents: {len(ran)} of {len(ALL)} ran as printed."
        yield "Coming: " + "; ".join(f"{one.vendor}: {one.name} ({one.beside})" for one in COMING)


def unlisted(document: str, listed: Iterable[Example]) -> list[str]:
    """Return what a document and the list of its examples do not share.

    That is each listed text that the document does not have, and each line of the rest that looks
    like an example.
    """
    found, rest, others = [], document, ""
    for one in listed:
        if one.text in rest:
            rest = rest.replace(one.text, "\n", 1)
            others += one.text
        elif one.text not in others:  # A part of an example may be listed, too.
            found.append(one.text)
    return found + [line for line in rest.splitlines() if _LOOKS_LIKE_ONE.search(line)]
