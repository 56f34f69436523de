"""The sites and the questions to them, read from the files beside this one."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.help_centre.scoring import Piece

FOLDER: Final = Path(__file__).parent
WAYS: Final = ("bare", "greeting", "story", "typo", "complaint")
"""The ways in which a question is put; questions without an answer only in the first two."""


@dataclass(frozen=True, slots=True)
class Site:
    """A package whose help pages are the site.

    `pages` and `without` are patterns of paths below `root`, the folder in the package.
    """

    name: str
    what: str
    use: Literal["tuning", "held out"]
    package: str
    version: str
    client: Literal["apt", "pip"]
    file: str
    sha256: str
    licence: str
    root: str
    pages: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        return self.use == "held out"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A short question that makes sense only after the one before."""

    before: str
    then: str


@dataclass(frozen=True, slots=True)
class Part:
    """A run of so many of a page's words, with the first and the last of them.

    A short run has all of its words in `begins`.
    """

    begins: str
    ends: str
    words: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece is: its page, and its parts in order; one that is text is not in the page."""

    document: str
    parts: tuple[Part | str, ...]

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Place":
        """Read a place as it is written."""
        parts = (one if isinstance(one, str) else Part(**one) for one in row["piece"])
        return cls(row["document"], tuple(parts))


@dataclass(frozen=True, slots=True)
class HelpQuestion:
    """A question in each way of asking; without places, no page answers it.

    `pieces` are the texts at the places, once `places.with_pieces` has looked them up.
    """

    id: str
    ways: dict[str, str]
    heading: str = ""
    pieces: tuple[Piece, ...] = ()
    key: tuple[str, ...] = ()
    follow_up: FollowUp | None = None
    places: tuple[Place, ...] = ()


def sites(path: Path = FOLDER / "sites.toml") -> tuple[Site, ...]:
    """Return all sites, those for tuning first."""
    described = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Site(name=name, **{field: _frozen(value) for field, value in fields.items()})
        for name, fields in described.items()
    )


def questions(site: str, folder: Path = FOLDER) -> tuple[HelpQuestion, ...]:
    """Return the questions to a site, the answerable ones first, without their pieces."""
    lines = (folder / f"{site}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_question(json.loads(line)) for line in lines)


def _question(row: dict[str, Any]) -> HelpQuestion:
    if "piece" not in row:
        return HelpQuestion(row["id"], row["ways"])
    return HelpQuestion(
        row["id"],
        row["ways"],
        row["heading"],
        key=tuple(row["key"]),
        follow_up=FollowUp(**row["follow_up"]) if "follow_up" in row else None,
        places=tuple(Place.read(one) for one in (row, *row.get("also", ()))),
    )


def _frozen(value: Any) -> Any:  # noqa: ANN401  # A value of TOML.
    return tuple(value) if isinstance(value, list) else value
