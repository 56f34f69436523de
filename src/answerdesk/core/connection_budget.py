"""How many connections each process may hold, so that those of all together fit the database.

A server that has given out its last connection refuses the next one, and with it a visitor's
question. So the pools are made smaller when there are many processes.
"""

from typing import Final

import psycopg
import structlog

from answerdesk.core.database import ConnectionArguments, connections_held
from answerdesk.core.errors import InvalidInput, Unavailable
from answerdesk.core.settings import Settings

LEAST_POOL: Final = 3
"""With fewer, two slow statements would keep everybody else of a process waiting."""

_FOR_DUE_WORK: Final = 2
"""What the process that does due work holds besides its pools: one listens, one works."""

_LEFT_TO_OTHERS: Final = 4
"""One in so many is left: to commands, workers, backups, and a process that takes another's place
before the server has noticed that it is gone."""

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


async def fitting_pool(settings: Settings, runtime: ConnectionArguments) -> int:
    """Return the size of each process's pool: `database_pool`, or what fits if that is less.

    A single process asks nobody unless `database_connections` is set. Raises InvalidInput, saying
    what to do, when the processes do not fit even with small pools.
    """
    if settings.processes == 1 and settings.database_connections is None:
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
    """Return the size of each process's pool, at most `wanted`, so that all connections fit.

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
            f"it has {budget} for this node ({allowed} in all, of which a quarter is for others)"
        )
        more = (
            "let it allow more (max_connections, or the limit of its role), or say by "
            "ANSWERDESK_DATABASE_CONNECTIONS that this node may hold more"
        )
    elif most <= allowed:
        there = f"ANSWERDESK_DATABASE_CONNECTIONS is {most}"
        more = "set it to more"
    else:
        there = f"it allows {allowed}, whatever ANSWERDESK_DATABASE_CONNECTIONS is"
        more = "let it allow more (max_connections, or the limit of its role)"
    who = "one process needs" if processes == 1 else f"{processes} processes need"
    fewer = f"take --processes {fitting}, or " if 0 < fitting < processes else ""
    return f"{who} {needed} connections to the database, and {there}: {fewer}{more}"


async def _allowed(runtime: ConnectionArguments) -> int:
    """Ask the server how many connections the runtime role and others like it can have."""
    try:
        async with await psycopg.AsyncConnection.connect(**runtime, autocommit=True) as connection:
            row = await (await connection.execute(_ALLOWED)).fetchone()
    except psycopg.OperationalError as error:
        raise Unavailable(
            f"The database cannot be reached: {error}", code="database_unavailable"
        ) from error
    assert row is not None  # noqa: S101  # It selects one row.
    return int(row[0])
