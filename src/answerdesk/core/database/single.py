"""Statements that are a transaction and a round trip of their own, under row-level security.

A chat is counted in round trips. Such a statement begins with `TENANT`, which sets the tenant for
the statement's own transaction, and each part that reads or writes a tenant's table has `IS_SET` in
its `where`:

    with {TENANT}, found as (select … from message where account_id = :account_id and {IS_SET}) …

`IS_SET` depends on no row, so PostgreSQL evaluates it once, before it touches the tables of that
part. A part that forgets it finds no rows; another tenant's it never finds. The filter by account
stands in the text, as in all text statements, so that either defence holds alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from sqlalchemy import TextClause, text
from sqlalchemy.engine import make_url

from answerdesk.core.tenancy import TENANT_SETTING, AccountId

TENANT: Final = (
    "tenant as materialized"
    f" (select set_config('{TENANT_SETTING}', :tenant, true) is not null as is_set)"
)
IS_SET: Final = "(select is_set from tenant)"

URL: Final = "postgresql+psycopg://"
_DIALECT: Final = make_url(URL).get_dialect()()

_OWN_FILTER: Final = re.compile(r"\b(?:\w+\.)?account_id = :account_id\b")
"""How a text statement filters by tenant."""


_PARAMETER: Final = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True)
class DriverStatement:
    """A statement with the parameters `$1`, `$2`, … and their names, for the driver's raw cursor.

    Its other cursors look for parameters in a long statement each time it is run.
    """

    sql: str
    names: tuple[str, ...]

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """Return the parameters in order; names that the statement lacks are left out."""
        return [params[name] for name in self.names]


@lru_cache(maxsize=1024)
def driver_statement(statement: str, *, filtered: bool) -> DriverStatement:
    """Write a statement with `:name` parameters as the driver reads it."""
    if not filtered:
        statement = _OWN_FILTER.sub("true", statement)
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return "%" if name is None else f"${numbers.setdefault(name, len(numbers) + 1)}"

    sql = _PARAMETER.sub(number, str(text(statement).compile(dialect=_DIALECT)))
    return DriverStatement(sql, tuple(numbers))


class Executor(Protocol):
    """Runs statements of one account: each by itself, or in a transaction with others."""

    async def rows(self, statement: TextClause, params: Mapping[str, Any]) -> Sequence[Any]:
        """Run a statement that begins with `TENANT`; return its rows as named tuples.

        `account_id` and `tenant` are given to it besides `params`.
        """


def tenant_parameters(account_id: AccountId | None) -> dict[str, Any]:
    """Return the parameters that every such statement has."""
    return {"account_id": account_id, "tenant": None if account_id is None else str(account_id)}
