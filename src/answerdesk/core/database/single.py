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


@lru_cache(maxsize=1024)
def driver_sql(statement: str, *, filtered: bool) -> str:
    """Write a statement with `:name` parameters as the driver reads it."""
    if not filtered:
        statement = _OWN_FILTER.sub("true", statement)
    return str(text(statement).compile(dialect=_DIALECT))


class Executor(Protocol):
    """Runs statements of one account: each by itself, or in a transaction with others."""

    async def rows(self, statement: TextClause, params: Mapping[str, Any]) -> Sequence[Any]:
        """Run a statement that begins with `TENANT`; return its rows as named tuples.

        `account_id` and `tenant` are given to it besides `params`.
        """


def tenant_parameters(account_id: AccountId | None) -> dict[str, Any]:
    """Return the parameters that every such statement has."""
    return {"account_id": account_id, "tenant": None if account_id is None else str(account_id)}
