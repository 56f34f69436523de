"""Plans: what an account may have and do, read once from a file that the operator edits."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import Database
from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.faults import describe, did_you_mean
from answerdesk.kit.edit_distance import nearest

CountedMetric = Literal[
    "projects", "domains", "agents", "items", "members", "actions", "crawl_pages"
]
"""Things that an account has."""

MessageMetric = Literal[
    "daily_messages_per_visitor",
    "daily_messages_per_project",
    "daily_messages",
    "monthly_messages",
]
"""Messages that visitors send per day or month (UTC)."""

Feature = Literal[
    "agentic_rag",
    "api",
    "byok",
    "custom_actions",
    "custom_css",
    "human_handoff",
    "remove_branding",
    "webhooks",
]
FEATURES: Final[tuple[Feature, ...]] = get_args(Feature)

UNLIMITED: Final = "unlimited"
"""The plan of the installation's own account; a plans file must have it."""

_Limit = Annotated[int, Field(ge=0, le=2**53, strict=True)] | None
_SESSION_KEY: Final = "plans"
_TOML_PLACE: Final = re.compile(r"line \d+, column \d+|end of document")


def _features(given: object) -> Literal["all"] | frozenset[Feature]:
    if given == "all":
        return "all"
    if isinstance(given, list) and all(one in FEATURES for one in given):
        return frozenset(given)
    wrong = [one for one in given if one not in FEATURES] if isinstance(given, list) else [given]
    meant = did_you_mean(str(wrong[0]), ("all", *FEATURES))
    msg = f'has to be "all" or a list of {", ".join(FEATURES)}{meant}'
    raise ValueError(msg)


_Features = Annotated[Literal["all"] | frozenset[Feature], PlainValidator(_features)]


class Rates(BaseModel):
    """Requests of one key in a time; None means no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests_per_minute: _Limit = None
    requests_per_hour: _Limit = None


class Plan(BaseModel):
    """One plan. A limit of None means no limit. `plans.toml` explains each field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=100)
    aliases: tuple[str, ...] = ()
    requests_per_minute: _Limit = None
    requests_per_hour: _Limit = None
    projects: _Limit = None
    domains: _Limit = None
    agents: _Limit = None
    items: _Limit = None
    members: _Limit = None
    actions: _Limit = None
    crawl_pages: _Limit = None
    daily_messages_per_visitor: _Limit = None
    daily_messages_per_project: _Limit = None
    daily_messages: _Limit = None
    monthly_messages: _Limit = None
    daily_tokens: _Limit = None
    monthly_tokens: _Limit = None
    features: _Features = frozenset()
    dialects: dict[Dialect, Rates] = Field(default_factory=dict)

    def limit(self, metric: CountedMetric | MessageMetric) -> int | None:
        """Return the plan's limit for `metric`; None for no limit."""
        limit: int | None = getattr(self, metric)
        return limit

    def has(self, feature: Feature) -> bool:
        return self.features == "all" or feature in self.features

    def speaks(self, dialect: Dialect) -> bool:
        """Tell whether programs may use the dialect."""
        return self.features == "all" or dialect in self.dialects

    def rates(self, dialect: Dialect | None = None) -> Rates:
        """Return the rates of a dialect, or (None) of the native API."""
        if dialect is not None:
            return self.dialects.get(dialect, Rates())
        return Rates(
            requests_per_minute=self.requests_per_minute, requests_per_hour=self.requests_per_hour
        )

    def feature_flags(self) -> dict[str, bool]:
        """Return each feature and whether the plan includes it."""
        return {feature: self.has(feature) for feature in FEATURES}


class Plans(Mapping[str, Plan]):
    """An installation's plans by name."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        self._plans = dict(plans)
        self._by_alias = {alias: name for name, plan in plans.items() for alias in plan.aliases}

    def __getitem__(self, name: str) -> Plan:
        """Return the plan `name`; raises Unavailable, saying what to do, if the file lacks it."""
        plan = self._plans.get(self._by_alias.get(name, name))
        if plan is None:
            raise Unavailable(
                f"This account is on the plan {name!r}, which is not in the plans file; "
                "add it there, or put the account on another plan",
                code="plan_unknown",
            )
        return plan

    def by_every_name(self) -> Mapping[str, Plan]:
        """Return the plans by their names and aliases."""
        return self._plans | {alias: self._plans[name] for alias, name in self._by_alias.items()}

    def __contains__(self, name: object) -> bool:
        return name in self._plans or name in self._by_alias

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans)

    def __len__(self) -> int:
        return len(self._plans)


def load_plans(path: Path | None) -> Plans:
    """Read the plans from `path`, or (None) the plans that come with Answerdesk.

    Raises InvalidInput naming the file, the line and the field that is wrong.
    """
    if path is None:
        shipped = files("answerdesk.accounts") / "plans.toml"
        return parse_plans(shipped.read_text(encoding="utf-8"), "plans.toml")
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(str(path), f"it cannot be read: {_why(error)}") from error
    return parse_plans(content, str(path))


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8 text; see byte {error.start + 1:,}"
    return error.strerror or type(error).__name__


def parse_plans(content: str, name: str) -> Plans:
    """Parse plans. `name` is what errors call the file. Raises InvalidInput."""
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        where = _TOML_PLACE.search(str(error))
        place = f"; see {where[0]}" if where else ""
        raise _wrong(name, f"it is not TOML{place}") from error
    plans = {plan: _parse_plan(content, name, plan, table) for plan, table in tables.items()}
    if UNLIMITED not in plans:
        meant = nearest(UNLIMITED, plans)
        found = f"; is [{meant}] a misspelling of it?" if meant else ""
        said = f"the plan [{UNLIMITED}], which the first account is on, is missing{found}"
        raise _wrong(name, said)
    taken = set(plans)
    for plan, one in plans.items():
        for alias in one.aliases:
            if alias in taken:
                line = _line(content, plan, "aliases")
                raise _wrong(name, f"line {line}: {plan}.aliases: {alias!r} names two plans")
            taken.add(alias)
    return Plans(plans)


def _parse_plan(content: str, name: str, plan: str, table: object) -> Plan:
    if not isinstance(table, dict):
        line = _line(content, None, plan)
        raise _wrong(name, f"line {line}: {plan} is not inside a plan, such as [starter]")
    try:
        return Plan.model_validate(table)
    except ValidationError as error:
        fault = error.errors()[0]
        line = _line(content, plan, str(fault["loc"][0]))
        told = describe([fault], within=plan, model=Plan)
        raise _wrong(name, f"line {line}: {told}") from error


def _line(content: str, plan: str | None, field: str) -> int:
    """Return the line number that sets `field` of `plan`; the plan's own line if none does."""
    lines = content.splitlines()
    begin = 0
    if plan is not None:
        header = re.compile(rf"\s*\[\s*[\"']?{re.escape(plan)}[\"']?\s*\]")
        begin = next((i for i, line in enumerate(lines) if header.match(line)), 0)
    setting = re.compile(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=")
    for i, line in enumerate(lines[begin:], begin):
        if setting.match(line):
            return i + 1
        if i > begin and line.lstrip().startswith("["):
            break
    return begin + 1


def _wrong(name: str, fault: str) -> InvalidInput:
    return InvalidInput(f"The plans file {name} is wrong: {fault}", code="invalid_plans")


_SHIPPED: Final = load_plans(None)


def install_plans(database: Database, plans: Plans) -> None:
    """Make the plans available to every transaction of `database`."""
    database.info[_SESSION_KEY] = plans


def plans_in(database: Database) -> Plans:
    """Return the installation's plans; by default those that come with Answerdesk."""
    plans = database.info.get(_SESSION_KEY, _SHIPPED)
    assert isinstance(plans, Plans)  # noqa: S101  # Nothing else is installed there.
    return plans


def plans_of(session: AsyncSession) -> Plans:
    """Return the plans of the session's installation; by default those that come with us."""
    plans: Plans = session.info.get(_SESSION_KEY, _SHIPPED)
    return plans
