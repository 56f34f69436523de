"""One tricky address, and what is to become of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal["url_refused", "address_refused", "host_unknown", "unreachable"]
"""The error's code. `unreachable`: it went to a public address, where the test has nobody."""

PUBLIC: Final = "93.184.215.14"
PUBLIC_6: Final = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


@dataclass(frozen=True, slots=True)
class Tricky:
    """One address and what becomes of it, in the last of several `fetches`."""

    id: str
    url: str
    outcome: Outcome
    fetches: int = 1


def each(group: str, outcome: Outcome, urls: Iterable[str]) -> list[Tricky]:
    """Number addresses of one kind."""
    return [Tricky(f"{group}-{number:02}", url, outcome) for number, url in enumerate(urls, 1)]


def hosts(group: str, outcome: Outcome, hosts: Iterable[str]) -> list[Tricky]:
    """Number hosts of one kind, each at a listener's port."""
    return each(group, outcome, (f"http://{host}:{{port}}/" for host in hosts))
