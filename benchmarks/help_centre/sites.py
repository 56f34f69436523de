"""The sites and the questions to them, read from the files beside this one."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.help_centre.scoring import Piece

_HERE: Final = Path(__file__).parent
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
class HelpQuestion:
    """A question in each way of asking; without pieces, no page answers it."""

    id: str
    ways: dict[str, str]
    heading: str = ""
    pieces: tuple[Piece, ...] = ()
    key: tuple[str, ...] = ()
    follow_up: FollowUp | None = None


def sites(path: Path = _HERE / "sites.toml") -> tuple[Site, ...]:
    """Return all sites, those for tuning first."""
    described = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Site(name=name, **{field: _frozen(value) for field, value in fields.items()})
        for name, fields in described.items()
    )


def questions(site: str, folder: Path = _HERE) -> tuple[HelpQuestion, ...]:
    """Return the questions to a site, the answerable ones first."""
    lines = (folder / f"{site}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_question(json.loads(line)) for line in lines)


def _question(row: dict[str, Any]) -> HelpQuestion:
    if "piece" not in row:
        return HelpQuestion(row["id"], row["ways"])
    pieces = tuple(Piece(one["document"], one["piece"]) for one in (row, *row.get("also", ())))
    follow_up = FollowUp(**row["follow_up"]) if "follow_up" in row else None
    return HelpQuestion(
        row["id"], row["ways"], row["heading"], pieces, tuple(row["key"]), follow_up
    )


def _frozen(value: Any) -> Any:  # noqa: ANN401  # A value of TOML.
    return tuple(value) if isinstance(value, list) else value
