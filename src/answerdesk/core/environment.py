"""Reads the settings from the environment, and reports errors by the variables' names."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from pydantic import AliasChoices, ValidationError

from answerdesk.core import faults
from answerdesk.core.errors import InvalidInput
from answerdesk.core.settings import PREFIX, Settings

_ELSEWHERE: Final = (
    "ANSWERDESK_CHROMIUM",
    "ANSWERDESK_EVAL_DATA",
    "ANSWERDESK_IDENTITY_SECRET",
    "ANSWERDESK_SCREENSHOTS",
)
"""Variables that are not settings, but that our documents, tests, benchmarks and websites use."""

_LINK: Final = re.compile(r"_(?:SERVICE_(?:HOST|PORT)|PORT_\d{1,5}_(?:TCP|UDP|SCTP))(?:_|$)")
_LINKED: Final = re.compile(r"(tcp|udp|sctp)://")


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises InvalidInput naming each invalid variable, and each that is not a setting.
    """
    told: list[str] = []
    settings = None
    try:
        settings = Settings()
    except ValidationError as error:
        named = [{**one, "loc": _variable(one["loc"])} for one in error.errors()]
        told = [faults.describe(named)]
    told += _unknown(os.environ, settings.other_variables if settings else ())
    if settings is None or told:
        raise InvalidInput(f"The settings are wrong: {'; '.join(told)}", code="invalid_settings")
    return settings


def variables() -> tuple[str, ...]:
    """Return the names of all variables that are settings."""
    return tuple(name for field in Settings.model_fields for name in _names(field))


def _names(field: str) -> Iterator[str]:
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        yield from (str(choice) for choice in alias.choices)
    else:
        yield f"{PREFIX}{field.upper()}"


def _variable(loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the variable of an invalid setting; empty if several settings conflict."""
    name = str(loc[0]) if loc else ""
    return (next(_names(name)) if name in Settings.model_fields else name,) if name else ()


def _unknown(environment: Mapping[str, str], others: Iterable[str]) -> Iterator[str]:
    """Yield a message, with a suggestion, for each variable that looks like a setting but isn't.

    Otherwise a typing error would silently do nothing. Variables named by the operator are ignored,
    and so are those that an orchestrator sets for a service of our name.
    """
    known = variables()
    left_alone = (*_ELSEWHERE, *others)
    for name in sorted(environment):
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in known or _is_link(upper, environment[name]):
            continue
        if any(fnmatchcase(upper, one.upper()) for one in left_alone):
            continue
        meant = faults.did_you_mean(upper, known)
        hint = "" if meant else f" (if another program uses it, name it in {PREFIX}OTHER_VARIABLES)"
        yield f"there is no setting {name}{meant or hint}"


def _is_link(name: str, value: str) -> bool:
    """Tell whether Kubernetes or Docker sets this for a service whose name begins like ours."""
    return bool(_LINK.search(name) or (name.endswith("_PORT") and _LINKED.match(value)))
