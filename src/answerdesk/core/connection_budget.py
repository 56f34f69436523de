"""How many connections each process may hold, so that all of them together fit the database.

A server with no connection left refuses the next one, and with it a visitor's question. So the
pools are made smaller if there are many processes.
"""

from typing import Final

import psycopg
import structlog

from answerdesk.core.database import ConnectionArguments, connections_held
from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.settings import Settings

LEAST_POOL: Final = 3
"""With fewer, two slow statements would block everybody else in a process."""

_FOR_DUE_WORK: Final = 2
"""Connections that the worker process holds besides its pools: one listens, one works."""

_LEFT_TO_OTHERS: Final = 4
"""One in this many is left free: for commands, workers, backups, and a process that replaces
another before the server has noticed that the old one is gone."""

_ALLOWED: Final = """
select least(
    current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer
        - current_setting('reserved_connections')::integer,
    (select nullif(datconnlimit, -1) from pg_database where datname = current_database()),
    (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user)
)
"""

_log = structlog.get_logger(__name__)


def has_budget(settings: Settings) -> bool:
    """Tell whether all connections have to fit what the database or its operator allows."""
    return settings.processes > 1 or settings.database_connections is not None


async def fitting_pool(settings: Settings, runtime: ConnectionArguments) -> int:
    """Return each process's pool size: `database_pool`, or less if that does not fit.

    A single process doesn't ask the database unless `database_connections` is set. Raises
    InvalidInput, saying what to do, if the processes do not fit even with small pools.
    """
    if not has_budget(settings):
        return settings.database_pool
    pool = fit(
        settings.database_pool,
        settings.processes,
        allowed=await _allowed(runtime),
        most=settings.database_connections,
    )
    if pool < settings.database_pool:
        _log.info("database_pool_made_smaller", size=pool, wanted=settings.database_pool)
    return pool


def fit(wanted: int, processes: int, *, allowed: int, most: int | None) -> int:
    """Return each process's pool size, at most `wanted`, so that all connections fit.

    `allowed` is what the database allows all its clients together, `most` what this node may hold.
    """
    budget = allowed - allowed // _LEFT_TO_OTHERS if most is None else min(most, allowed)
    share = (budget - _FOR_DUE_WORK) // processes
    pool = next((size for size in range(wanted, 0, -1) if connections_held(size) <= share), 0)
    if pool < min(wanted, LEAST_POOL):
        least = connections_held(min(wanted, LEAST_POOL))
        needed = processes * least + _FOR_DUE_WORK
        fitting = max((budget - _FOR_DUE_WORK) // least, 0)
        raise InvalidInput(
            _refusal(processes, needed, fitting, budget, allowed, most),
            code="too_few_connections",
        )
    return pool


def _refusal(
    processes: int, needed: int, fitting: int, budget: int, allowed: int, most: int | None
) -> str:
    if most is None:
        there = (
            f"it has {budget} for this node ({allowed} in total; a quarter is reserved for others)"
        )
        more = (
            "allow more in the database (max_connections, or the limit of its role), or allow this "
            "node more with ANSWERDESK_DATABASE_CONNECTIONS"
        )
    elif most <= allowed:
        there = f"ANSWERDESK_DATABASE_CONNECTIONS is {most}"
        more = "set it higher"
    else:
        there = f"it allows {allowed}, whatever ANSWERDESK_DATABASE_CONNECTIONS is"
        more = "allow more in the database (max_connections, or the limit of its role)"
    who = "one process needs" if processes == 1 else f"{processes} processes need"
    fewer = f"use --processes {fitting}, or " if 0 < fitting < processes else ""
    return f"{who} {needed} connections to the database, and {there}: {fewer}{more}"


async def _allowed(runtime: ConnectionArguments) -> int:
    """Return how many connections the server allows the runtime role."""
    try:
        async with await psycopg.AsyncConnection.connect(**runtime, autocommit=True) as connection:
            row = await (await connection.execute(_ALLOWED)).fetchone()
    except psycopg.OperationalError as error:
        raise Unavailable(
            f"The database cannot be reached: {error}", code="database_unavailable"
        ) from error
    assert row is not None  # noqa: S101  # The statement always returns one row.
    return int(row[0])
